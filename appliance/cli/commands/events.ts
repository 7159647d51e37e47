import type { Command } from 'commander'
import type { BoxEvent } from '../../status/events.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'
import { table } from '../table.ts'

export function addEvents(diarch: Command): void {
  diarch
    .command('events')
    .description('what happened to routers, services and processes, the last things last')
    .option(...runOption)
    .option('--json', 'as a list of objects')
    .addHelpText('after', examples('events', 'events --json'))
    .action(events)
}

type Options = { readonly run?: string; readonly json?: true }

async function events({ run, json }: Options): Promise<void> {
  const answer = (await ask(runFolder(run, process.env), 'GET', '/api/v1/events')) as {
    readonly events: readonly BoxEvent[]
  }
  if (json) console.log(JSON.stringify(answer.events, null, 2))
  else if (answer.events.length === 0) console.log('nothing has happened yet')
  else console.log(table(['AT (UTC)', 'ABOUT', 'EVENT', 'WHAT'], answer.events.map(row)))
}

function row({ at, about, event, text, times }: BoxEvent): string[] {
  const when = at.replace('T', ' ').replace('Z', '')
  return [when, about, event, times === 1 ? text : `${text} (${times} times)`]
}

import type { Command } from 'commander'
import { localMoment } from '../../linux/local-time.ts'
import type { BoxEvent } from '../../status/events.ts'
import { boxZone } from '../box-zone.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'
import { type SomeOptions, someOf, withSomeOptions } from '../some-of.ts'
import { table } from '../table.ts'

export function addEvents(diarch: Command): void {
  const command = diarch
    .command('events')
    .description('what happened to routers, services and processes, the last things last')
    .option(...runOption)
    .option('--json', 'as a list of objects')
    .addHelpText('after', examples('events', 'events --about VI_1 --since 10m', 'events --last 5'))
  withSomeOptions(command, 'only what happened to it').action(events)
}

type Options = SomeOptions & { readonly run?: string; readonly json?: true }

async function events({ run, json, ...which }: Options): Promise<void> {
  const answer = (await ask(runFolder(run, process.env), 'GET', '/api/v1/events')) as {
    readonly events: readonly BoxEvent[]
  }
  const isAbout = ({ about }: BoxEvent, name: string) => about.split(' ').includes(name)
  const some = someOf(answer.events, which, { at: ({ at }) => at, isAbout }, Date.now())
  if (json) console.log(JSON.stringify(some, null, 2))
  else if (answer.events.length === 0) console.log('nothing has happened yet')
  else if (some.length === 0) console.log('nothing of that kind has happened')
  else console.log(table([`AT (${boxZone()})`, 'ABOUT', 'EVENT', 'WHAT'], some.map(row)))
}

function row({ at, about, event, text, times, flight }: BoxEvent): string[] {
  const when = localMoment(at, boxZone())
  const often = times === 1 ? '' : ` (${times} times)`
  const recorded = flight === undefined ? '' : ` (flight ${flight})`
  return [when, about, event, `${text}${often}${recorded}`]
}

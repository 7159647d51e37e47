import type { Command } from 'commander'
import type { RevisionInfo } from '../../../api/configuration.ts'
import { askConfiguration, askHistory } from '../../ask-configuration.ts'
import { examples } from '../../examples.ts'
import { runFolder, runOption } from '../../folders.ts'
import { timeText } from '../../show-revision.ts'
import { table } from '../../table.ts'

export function addHistory(config: Command): void {
  config
    .command('history')
    .description('who changed the configuration, when and why, the last change last')
    .option(...runOption)
    .option('--json', 'the revisions as objects, and what is damaged')
    .addHelpText('after', examples('config history', 'config history --json'))
    .action(history)
}

type Options = { readonly run?: string; readonly json?: true }

async function history({ run, json }: Options): Promise<void> {
  const runDir = runFolder(run, process.env)
  const { revisions, damage } = await askHistory(runDir)
  if (json) {
    console.log(JSON.stringify({ revisions, damage }, null, 2))
    return
  }
  for (const each of damage) console.error(`damaged: ${each}`)
  const rows = [...revisions.map(row), ...damage.flatMap(damagedRow)]
  if (rows.length > 0) {
    const inOrder = rows.sort(([a], [b]) => Number(a) - Number(b))
    console.log(table(['REVISION', 'AT', 'BY', 'WHY'], inOrder))
    return
  }
  const { source } = await askConfiguration(runDir)
  const where = `there are no revisions: it is read from ${source}`
  console.log(source === 'store' ? 'there is no configuration yet' : where)
}

/** Nothing goes back to it: it stands in its place, so that nobody tries. */
function damagedRow(damage: string): string[][] {
  const number = /(\d+)\.json: /.exec(damage)?.[1]
  return number === undefined ? [] : [[String(Number(number)), '', '', '(damaged)']]
}

function row({ number, time, author, reason, fallBackTo }: RevisionInfo): string[] {
  const tried = fallBackTo === null ? '' : `(on trial, else ${fallBackTo}) `
  return [`${number}`, timeText(time), author, `${tried}${reason}`]
}

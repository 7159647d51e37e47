import type { Command } from 'commander'
import { boxZone } from '../box-zone.ts'
import { ask, pathOfProcess } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'
import { type ProcessLog, showLog } from '../show-log.ts'

export function addLog(diarch: Command): void {
  diarch
    .command('log')
    .description('the last lines that a process wrote')
    .argument('<name>', 'a process of "diarch status", or supervisor')
    .option(...runOption)
    .option('--json', 'with times and streams')
    .addHelpText('after', examples('log web', 'log supervisor --json'))
    .action(log)
}

type Options = { readonly run?: string; readonly json?: true }

async function log(name: string, { run, json }: Options): Promise<void> {
  const path = pathOfProcess(name, 'log')
  const answer = (await ask(runFolder(run, process.env), 'GET', path)) as ProcessLog
  console.log(json ? JSON.stringify(answer, null, 2) : showLog(answer, boxZone()))
}

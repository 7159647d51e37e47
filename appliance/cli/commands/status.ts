import type { Command } from 'commander'
import type { Status } from '../../status/document.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { exitCode } from '../exit-code.ts'
import { runFolder, runOption } from '../folders.ts'
import { showStatus } from '../show-status.ts'

export function addStatus(diarch: Command): void {
  diarch
    .command('status')
    .description('what runs, since when, and what is wrong')
    .option(...runOption)
    .option('--json', 'the status document as it is')
    .option('--exit-code', 'exit with 4 unless everything is ok')
    .addHelpText('after', examples('status', 'status --json', 'status --exit-code >/dev/null'))
    .action(status)
}

type Options = { readonly run?: string; readonly json?: true; readonly exitCode?: true }

async function status({ run, json, exitCode: inExitCode }: Options): Promise<void> {
  const document = (await ask(runFolder(run, process.env), 'GET', '/api/v1/status')) as Status
  console.log(json ? JSON.stringify(document, null, 2) : showStatus(document))
  if (inExitCode && document.health.state !== 'ok') process.exitCode = exitCode.notOk
}

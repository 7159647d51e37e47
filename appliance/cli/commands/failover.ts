import type { Command } from 'commander'
import type { HandoverReceipt } from '../../status/pair-status.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { exitCode, Failure } from '../exit-code.ts'
import { runFolder, runOption } from '../folders.ts'

export function addFailover(diarch: Command): void {
  diarch
    .command('failover')
    .description(
      'give the virtual addresses of this box to the other one, and say what it has cost',
    )
    .argument('[router]', 'one virtual router; without it all of them')
    .option(...runOption)
    .option('--json', 'the receipt as it is')
    .addHelpText('after', examples('failover', 'failover VI_1'))
    .action(failover)
}

type Options = { readonly run?: string; readonly json?: true }

async function failover(router: string | undefined, { run, json }: Options): Promise<void> {
  const path =
    router === undefined
      ? '/api/v1/failover'
      : `/api/v1/routers/${encodeURIComponent(router)}/failover`
  const { receipt } = (await ask(runFolder(run, process.env), 'POST', path)) as {
    readonly receipt: HandoverReceipt
  }
  if (json) console.log(JSON.stringify(receipt, null, 2))
  else if (receipt.outcome === 'handed-over') console.log(receipt.text)
  if (receipt.outcome !== 'handed-over') throw new Failure(receipt.text, exitCode.failed)
}

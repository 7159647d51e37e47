import type { Command } from 'commander'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'

export function addFailover(diarch: Command): void {
  diarch
    .command('failover')
    .description('give the virtual addresses of this box to the other one, in order')
    .argument('[router]', 'one virtual router; without it all of them')
    .option(...runOption)
    .addHelpText('after', examples('failover', 'failover VI_1'))
    .action(failover)
}

async function failover(router: string | undefined, { run }: { readonly run?: string }) {
  const path =
    router === undefined
      ? '/api/v1/failover'
      : `/api/v1/routers/${encodeURIComponent(router)}/failover`
  const { routers } = (await ask(runFolder(run, process.env), 'POST', path)) as {
    readonly routers: readonly string[]
  }
  console.log(`gives up: ${routers.join(', ')}; "diarch status" shows who is master now`)
}

import type { Command } from 'commander'
import { ask, pathOfProcess } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'

export function addRestart(diarch: Command): void {
  diarch
    .command('restart')
    .description('stop a process in order and start it again')
    .argument('<name>', 'a process of "diarch status"')
    .option(...runOption)
    .addHelpText('after', examples('restart web'))
    .action(restart)
}

async function restart(name: string, { run }: { readonly run?: string }): Promise<void> {
  await ask(runFolder(run, process.env), 'POST', pathOfProcess(name, 'restart'))
  console.log(`${name}: restart requested; "diarch status" shows how it goes`)
}

import type { Command } from 'commander'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'

export function addReload(diarch: Command): void {
  diarch
    .command('reload')
    .description('read the configuration file again; a broken one is refused as a whole')
    .option(...runOption)
    .addHelpText('after', examples('reload'))
    .action(reload)
}

async function reload({ run }: { readonly run?: string }): Promise<void> {
  await ask(runFolder(run, process.env), 'POST', '/api/v1/configuration/reload')
  console.log('the configuration is in force')
}

import type { Command } from 'commander'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'

export function addFactoryReset(diarch: Command): void {
  diarch
    .command('factory-reset')
    .description('forget configuration, users, keys, pair and records, and restart the box')
    .argument('<hostname>', 'of this box: so that it is the right one')
    .option(...runOption)
    .addHelpText('after', '\nThe names of its ports stay, and the other box keeps what it has.')
    .addHelpText('after', examples('factory-reset lb1'))
    .action(factoryReset)
}

async function factoryReset(hostname: string, { run }: { readonly run?: string }): Promise<void> {
  await ask(runFolder(run, process.env), 'POST', '/api/v1/factory-reset', { hostname })
  console.log('the box starts again, and has forgotten everything then')
}

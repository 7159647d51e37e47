import type { Command } from 'commander'
import { askConfirmation } from '../../ask-configuration.ts'
import { examples } from '../../examples.ts'
import { runFolder, runOption } from '../../folders.ts'
import { revisionText } from '../../show-revision.ts'

export function addConfirm(config: Command): void {
  config
    .command('confirm')
    .description('keep the change that is on trial')
    .option(...runOption)
    .addHelpText('after', examples('config confirm'))
    .action(confirm)
}

async function confirm({ run }: { readonly run?: string }): Promise<void> {
  const revision = await askConfirmation(runFolder(run, process.env))
  console.log(`kept: ${revisionText(revision)}`)
}

import type { Command } from 'commander'
import { askFile } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'
import { saveForOwner } from '../save-file.ts'

const more = `
A .tar.gz with status, events, the last lines of each process, the configuration, what the kernel
says. Passwords and keys are not in it; addresses, host names and user names are.`

export function addSupport(diarch: Command): void {
  diarch
    .command('support')
    .description('gather what somebody needs who is to find out what is wrong, without secrets')
    .argument('[file]', 'where it goes', 'diarch-support.tar.gz')
    .option(...runOption)
    .addHelpText('after', more)
    .addHelpText('after', examples('support', 'support /tmp/box-a.tar.gz'))
    .action(support)
}

async function support(file: string, { run }: { readonly run?: string }): Promise<void> {
  const bytes = await askFile(runFolder(run, process.env), '/api/v1/support')
  saveForOwner(file, bytes)
  console.log(`${file}: ${Math.ceil(bytes.length / 1024)} KiB`)
}

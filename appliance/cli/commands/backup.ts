import type { Command } from 'commander'
import type { Backup } from '../../api/backup-operations.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { exitCode, Failure } from '../exit-code.ts'
import { runFolder, runOption } from '../folders.ts'
import { type PassphraseOptions, passphraseFrom, passphraseOption } from '../passphrase.ts'
import { saveForOwner } from '../save-file.ts'

const more = `
The configuration of both halves, and which port has which name. Without --secrets it goes back
only to a box that still has the passwords and keys: in their places stands "(not shown)". With
them, they are encrypted with a passphrase: whoever forgets it has a backup without secrets.`

export function addBackup(diarch: Command): void {
  diarch
    .command('backup')
    .description('keep the configuration of this box in a file')
    .argument('<file>', 'where it goes')
    .option('--secrets', 'with passwords and keys, encrypted with a passphrase')
    .option(...passphraseOption)
    .option(...runOption)
    .addHelpText('after', more)
    .addHelpText('after', examples('backup box-a.json', 'backup box-a.json --secrets'))
    .action(backup)
}

type Options = PassphraseOptions & { readonly run?: string; readonly secrets?: true }

const shortest = 12

async function backup(file: string, options: Options): Promise<void> {
  const body = options.secrets ? { passphrase: await newPassphrase(options) } : {}
  const folder = runFolder(options.run, process.env)
  const made = (await ask(folder, 'POST', '/api/v1/backup', body)) as Backup
  saveForOwner(file, `${JSON.stringify(made, null, 2)}\n`)
  const what = made.secrets === null ? 'without passwords and keys' : 'with encrypted secrets'
  console.log(`${file}: the configuration of ${made.hostname}, ${what}`)
}

async function newPassphrase(options: Options): Promise<string> {
  const passphrase = await passphraseFrom(options, 'A passphrase of 12 characters or more: ')
  if (passphrase.length < shortest) {
    throw new Failure(`the passphrase is short: expected ${shortest} characters`, exitCode.usage)
  }
  if (options.passphraseStdin) return passphrase
  if ((await passphraseFrom(options, 'The same again: ')) === passphrase) return passphrase
  throw new Failure('the two are not the same; nothing is written', exitCode.usage)
}

import type { Command } from 'commander'
import type { Backup } from '../../api/backup-operations.ts'
import type { Status } from '../../status/document.ts'
import { askConfiguration } from '../ask-configuration.ts'
import { type ChangeOptions, withChangeOptions } from '../care-options.ts'
import { ask } from '../control-client.ts'
import { nameOfFile, readDocumentFile } from '../document-file.ts'
import { examples } from '../examples.ts'
import { exitCode, Failure } from '../exit-code.ts'
import { runFolder } from '../folders.ts'
import { makeChange } from '../make-change.ts'
import { type PassphraseOptions, passphraseFrom, passphraseOption } from '../passphrase.ts'

const more = `
It is a change like any other: what will happen is shown first, --confirm tries it, and "diarch
config rollback" takes it back. On a paired box the half of both boxes changes on both.`

export function addRestore(diarch: Command): void {
  const command = diarch
    .command('restore')
    .description('put the configuration of a backup in force')
    .argument('<file>', 'made by "diarch backup"; "-" is standard input')
    .option(...passphraseOption)
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples('restore box-a.json --dry-run', 'restore box-a.json --confirm 2m'),
    )
  withChangeOptions(command).action(restore)
}

async function restore(file: string, options: ChangeOptions & PassphraseOptions): Promise<void> {
  const backup = await backupIn(file)
  const document = await opened(backup, options)
  const folder = runFolder(options.run, process.env)
  const { ports } = (await ask(folder, 'GET', '/api/v1/status')) as Status
  const { portNotes } = await import('../../store/backup.ts')
  for (const note of portNotes(backup.ports, ports)) console.error(`note: ${note}`)
  const parent = (await askConfiguration(folder)).revision?.number ?? 0
  const reason = `restored from the backup of ${backup.hostname}, ${backup.madeAt}`
  await makeChange({ document, parent, reason }, options)
}

async function backupIn(file: string): Promise<Backup> {
  // Other commands need no schema, and start sooner without.
  const { backupSchema } = await import('../../api/backup-operations.ts')
  const parsed = backupSchema.safeParse(readDocumentFile(file).document)
  if (parsed.success) return parsed.data
  const why = `${nameOfFile(file)} is no backup of "diarch backup"`
  throw new Failure(`${why}; a plain document goes in with "diarch config apply"`, exitCode.refused)
}

async function opened(backup: Backup, options: PassphraseOptions): Promise<unknown> {
  if (backup.secrets === null) return backup.document
  const passphrase = await passphraseFrom(options, 'The passphrase of the backup: ')
  const { documentIn } = await import('../../store/backup.ts')
  const document = await documentIn(backup, passphrase)
  if (document !== null) return document
  throw new Failure('the passphrase does not open this backup; nothing is changed')
}

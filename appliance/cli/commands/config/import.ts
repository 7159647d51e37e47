import type { Command } from 'commander'
import { type ChangeOptions, withChangeOptions } from '../../care-options.ts'
import { nameOfFile } from '../../document-file.ts'
import { examples } from '../../examples.ts'
import { applyFile } from './apply.ts'

const more = `
A keepalived.conf goes through "diarch import FILE --apply".`

export function addImportDocument(config: Command): void {
  const command = config
    .command('import')
    .description('put a document in force that "diarch config export" has written')
    .argument('<file>', 'the document; "-" is standard input')
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples('config import saved.json', 'config import saved.json --dry-run'),
    )
  withChangeOptions(command).action((file: string, options: ChangeOptions) =>
    applyFile(file, options, `${nameOfFile(file)} imported`),
  )
}

import { type Command, Option } from 'commander'
import { examples } from '../examples.ts'
import type { ExportOptions } from '../export-work.ts'

const more = `
The text goes to standard output or to --output, what has no place in it to standard error.
A keepalived.conf is for the box whose half ("node") the document has: export on each box.
Exit code 0: all of it is there. 4: some is not, and stands as a comment. 5: no valid document.`

export function addExport(diarch: Command): void {
  diarch
    .command('export')
    .description('make a keepalived.conf of a configuration document, or what ipvsadm restores')
    .argument('<file>', 'a document')
    .addOption(
      new Option('--format <name>', 'whose words')
        .choices(['keepalived', 'ipvsadm'])
        .default('keepalived'),
    )
    .option('--output <file>', 'where the text goes')
    .option('--secrets', 'with passwords and keys')
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples(
        'export pair.json --output /etc/keepalived/keepalived.conf --secrets',
        'export pair.json --format ipvsadm',
      ),
    )
    .action(async (path: string, options: ExportOptions) =>
      (await import('../export-work.ts')).leave(path, options),
    )
}

import type { Command } from 'commander'
import { withCareOptions } from '../care-options.ts'
import { examples } from '../examples.ts'
import type { ImportOptions } from '../import-work.ts'

const more = `
The document goes to standard output or to --output, what became of the lines to standard error.
With the file of the other node too, both get one cluster, and each its own half.
With --apply the document of this node is put in force, as by "diarch config apply"; users, channels
for alerts and the network of this box stay as they are, and a mail channel comes in beside them.
--confirm, --reason, --dry-run and --yes go with it.
Exit code 0: everything has its place here. 4: some lines have not. 5: there is no valid document.
1: it could not be put in force.`

export function addImport(diarch: Command): void {
  const command = diarch
    .command('import')
    .description('make a configuration document of a keepalived.conf')
    .argument('<file>', 'the keepalived.conf of this node')
    .argument('[peer]', 'that of the other node')
    .option('--id <name>', 'for lines with @name, as keepalived -i (default: the host name)')
    .option('--strict', 'refuse what is not supported')
    .option('--json', 'documents and findings as one object, with every line')
    .option('--output <file>', 'where the document goes')
    .option('--peer-output <file>', 'where the document of the other node goes')
    .option('--apply', 'put it in force on this box')
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples(
        'import /etc/keepalived/keepalived.conf --output pair.json',
        'import one.conf other.conf --output one.json --peer-output other.json',
        'import /etc/keepalived/keepalived.conf --apply --confirm 2m',
      ),
    )
  withCareOptions(command).action(
    // What it takes is loaded when somebody asks for it: other commands start the sooner.
    async (path: string, peer: string | undefined, options: ImportOptions) =>
      (await import('../import-work.ts')).convert(path, peer, options),
  )
}

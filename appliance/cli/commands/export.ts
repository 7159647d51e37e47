import { chmodSync, writeFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { parseDocument } from '../../config/document.ts'
import { findingText } from '../../config/finding.ts'
import { exportKeepalived } from '../../keepalived/export.ts'
import { exportIpvsadm } from '../../keepalived/export-ipvsadm.ts'
import { textOfFile } from '../document-file.ts'
import { examples } from '../examples.ts'
import { exitCode, Failure } from '../exit-code.ts'
import { fileTrouble } from '../file-trouble.ts'

const more = `
The text goes to standard output or to --output, what has no place in it to standard error.
A keepalived.conf is for the box whose half ("node") the document has: export on each box.
Exit code 0: all of it is there. 4: some is not, and stands as a comment. 5: no valid document.
`

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
    .action(leave)
}

type Options = {
  readonly format: 'keepalived' | 'ipvsadm'
  readonly output?: string
  readonly secrets?: true
}

function leave(path: string, { format, output, secrets }: Options): void {
  const parsed = parseDocument(textOfFile(path))
  if (parsed.kind === 'refused') {
    const lines = parsed.findings.map(finding => `${path}: ${findingText(finding)}`)
    throw new Failure(lines.join('\n'), exitCode.refused)
  }
  const { document } = parsed
  const { text, findings } =
    format === 'ipvsadm'
      ? exportIpvsadm(document)
      : exportKeepalived(document, { secrets: secrets === true })
  if (output === undefined) process.stdout.write(text)
  else write(output, text, secrets === true)
  for (const { path: at, text: what } of findings) console.error(`${path}: ${at}: ${what}`)
  process.exitCode = findings.length > 0 ? exitCode.findings : exitCode.ok
}

/** What has passwords in it nobody else may read. */
function write(output: string, text: string, secret: boolean): void {
  try {
    writeFileSync(output, '', secret ? { mode: 0o600 } : {})
    if (secret) chmodSync(output, 0o600)
    writeFileSync(output, text)
  } catch (error) {
    throw fileTrouble(error, output, 'written')
  }
}

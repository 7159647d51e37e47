import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { importKeepalived } from '../../keepalived/import.ts'
import type { Finding } from '../../keepalived/import-finding.ts'
import { importPair } from '../../keepalived/import-pair.ts'
import { examples } from '../examples.ts'
import { exitCode, Failure } from '../exit-code.ts'
import {
  codeOf,
  countsText,
  type FileOptions,
  findingLines,
  readKeepalived,
} from '../keepalived-file.ts'

const more = `
The document goes to standard output or to --output, what became of the lines to standard error.
With the file of the other node too, both get one cluster, and each its own half.
Exit code 0: everything has its place here. 4: some lines have not. 5: there is no valid document.
`

export function addImport(diarch: Command): void {
  diarch
    .command('import')
    .description('make a configuration document of a keepalived.conf')
    .argument('<file>', 'the keepalived.conf of this node')
    .argument('[peer]', 'that of the other node')
    .option('--id <name>', 'for lines with @name, as keepalived -i (default: the host name)')
    .option('--strict', 'refuse what is not supported')
    .option('--json', 'documents and findings as one object, with every line')
    .option('--output <file>', 'where the document goes')
    .option('--peer-output <file>', 'where the document of the other node goes')
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples(
        'import /etc/keepalived/keepalived.conf --output pair.json',
        'import one.conf other.conf --output one.json --peer-output other.json',
      ),
    )
    .action(convert)
}

type Options = FileOptions & {
  readonly json?: true
  readonly output?: string
  readonly peerOutput?: string
}

type Result = { readonly documents: readonly unknown[]; readonly findings: readonly Finding[] }

function convert(path: string, peer: string | undefined, options: Options): void {
  if (options.peerOutput !== undefined && peer === undefined) {
    throw new Failure('--peer-output needs the file of the other node', exitCode.usage)
  }
  const { documents, findings } = resultOf(path, peer, options)
  process.exitCode = codeOf(findings)
  const [own, others] = documents.map(document => `${JSON.stringify(document, null, 2)}\n`)
  const refused = process.exitCode === exitCode.refused
  if (!refused) {
    save(options.output, own)
    save(options.peerOutput, others)
  }
  if (options.json) {
    console.log(JSON.stringify({ documents, findings }, null, 2))
    return
  }
  for (const line of findingLines(findings)) console.error(line)
  console.error(`${countsText(findings)}${refused ? ': no document' : ''}`)
  if (!refused && options.output === undefined) process.stdout.write(own ?? '')
}

function resultOf(path: string, peer: string | undefined, options: Options): Result {
  const strict = { strict: options.strict === true }
  const own = readKeepalived(path, options)
  if (peer === undefined) {
    const { document, findings } = importKeepalived(own.entries, strict)
    return { documents: [document], findings: [...own.findings, ...findings] }
  }
  const other = readKeepalived(peer, options)
  const { documents, findings } = importPair(own.entries, other.entries, strict)
  return { documents, findings: [...own.findings, ...other.findings, ...findings] }
}

/** It may hold passwords and keys. */
function save(path: string | undefined, text: string | undefined): void {
  if (path === undefined || text === undefined) return
  try {
    writeFileSync(path, text, { mode: 0o600 })
  } catch (error) {
    throw new Failure((error as Error).message)
  }
}

import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { importKeepalived } from '../../keepalived/import.ts'
import { type Finding, inOrderOfLines } from '../../keepalived/import-finding.ts'
import { importPair } from '../../keepalived/import-pair.ts'
import { askConfiguration } from '../ask-configuration.ts'
import { withRestOf } from '../beside-import.ts'
import { examples } from '../examples.ts'
import { exitCode, Failure } from '../exit-code.ts'
import { fileTrouble } from '../file-trouble.ts'
import { runFolder } from '../folders.ts'
import {
  codeOf,
  countsText,
  type FileOptions,
  foldedLines,
  readKeepalived,
  readScript,
} from '../keepalived-file.ts'
import { makeChange, withCareOptions } from '../make-change.ts'

const more = `
The document goes to standard output or to --output, what became of the lines to standard error.
With the file of the other node too, both get one cluster, and each its own half.
With --apply the document of this node is put in force, as by "diarch config apply"; users and the
network of this box stay as they are.
Exit code 0: everything has its place here. 4: some lines have not. 5: there is no valid document.
1: it could not be put in force.
`

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
  withCareOptions(command).action(convert)
}

type Options = FileOptions & {
  readonly json?: true
  readonly apply?: true
  readonly run?: string
  readonly confirm?: string
  readonly reason?: string
  readonly dryRun?: true
  readonly yes?: true
  readonly output?: string
  readonly peerOutput?: string
}

type Result = { readonly documents: readonly unknown[]; readonly findings: readonly Finding[] }

async function convert(path: string, peer: string | undefined, options: Options): Promise<void> {
  if (options.apply && options.json) {
    throw new Failure('--json shows documents, --apply puts one in force: not both', exitCode.usage)
  }
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
  // At once: a large file has very many of them.
  const counts = `${countsText(findings)}${refused ? ': no document' : ''}`
  console.error([...foldedLines(findings), counts].join('\n'))
  if (refused) return
  if (peer !== undefined && options.peerOutput === undefined) {
    console.error('the document of the other node is written nowhere: --peer-output FILE does it')
  }
  if (options.apply) await putInForce(documents[0], path, options)
  else if (options.output === undefined) process.stdout.write(own ?? '')
}

async function putInForce(imported: unknown, path: string, options: Options): Promise<void> {
  const { apply: _, json: __, ...care } = options
  const shown = await askConfiguration(runFolder(options.run, process.env))
  const document = withRestOf(shown.document, imported)
  const parent = shown.revision?.number ?? 0
  await makeChange({ document, parent, reason: `${path} imported` }, care)
}

function resultOf(path: string, peer: string | undefined, options: Options): Result {
  const how = { strict: options.strict === true, readScript }
  const own = readKeepalived(path, options)
  if (peer === undefined) {
    const { document, findings } = importKeepalived(own.entries, how)
    return { documents: [document], findings: inOrderOfLines(own.findings, findings) }
  }
  const other = readKeepalived(peer, options)
  const { documents, findings } = importPair(own.entries, other.entries, how)
  return { documents, findings: inOrderOfLines(own.findings.concat(other.findings), findings) }
}

/** It may hold passwords and keys. */
function save(path: string | undefined, text: string | undefined): void {
  if (path === undefined || text === undefined) return
  try {
    writeFileSync(path, text, { mode: 0o600 })
  } catch (error) {
    throw fileTrouble(error, path, 'written')
  }
}

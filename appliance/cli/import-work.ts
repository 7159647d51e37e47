import { writeFileSync } from 'node:fs'
import { importKeepalived } from '../keepalived/import.ts'
import { type Finding, inOrderOfLines } from '../keepalived/import-finding.ts'
import { importPair } from '../keepalived/import-pair.ts'
import { exitCode, Failure } from './exit-code.ts'
import { fileTrouble } from './file-trouble.ts'
import {
  codeOf,
  countsText,
  type FileOptions,
  foldedLines,
  readKeepalived,
  readScript,
} from './keepalived-file.ts'

export type ImportOptions = FileOptions & {
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

type Result = {
  readonly documents: readonly unknown[]
  readonly findings: readonly Finding[]
  /** So many more lines are applied, which nobody asked to see. */
  readonly others: number
}

export async function convert(
  path: string,
  peer: string | undefined,
  options: ImportOptions,
): Promise<void> {
  const why = contradiction(peer, options)
  if (why !== null) throw new Failure(why, exitCode.usage)
  const { documents, findings: found, others: more } = resultOf(path, peer, options)
  const application = await applicationFor(documents[0], found, options)
  const findings = application?.findings ?? found
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
  const counts = `${countsText(findings, more)}${refused ? ': no document' : ''}`
  console.error([...foldedLines(findings), counts].join('\n'))
  if (refused) return
  if (peer !== undefined && options.peerOutput === undefined) {
    console.error('the document of the other node is written nowhere: --peer-output FILE does it')
  }
  if (application !== null) await application.putInForce(path)
  else if (options.output === undefined) process.stdout.write(own ?? '')
}

/** Null: nothing is to be put in force. What the box keeps of its own is said at its line. */
async function applicationFor(
  document: unknown,
  findings: readonly Finding[],
  options: ImportOptions,
) {
  if (!options.apply || codeOf(findings) === exitCode.refused) return null
  const { applicationOf, putInForce, withKept } = await import('./import-apply.ts')
  const application = await applicationOf(document, options)
  return {
    findings: withKept(findings, application.kept),
    putInForce: (path: string) => putInForce(application, path, options),
  }
}

/** What somebody means who says `--confirm` alone is a change, and he would wait for it. */
const ofApply = { confirm: '--confirm', reason: '--reason', dryRun: '--dry-run', yes: '--yes' }

function contradiction(peer: string | undefined, options: ImportOptions): string | null {
  if (options.apply && options.json) {
    return '--json shows documents, --apply puts one in force: not both'
  }
  const [, alone] = Object.entries(ofApply).find(([key]) => Object.hasOwn(options, key)) ?? []
  if (alone !== undefined && !options.apply) {
    return `${alone} goes with --apply: without it nothing is put in force`
  }
  if (options.peerOutput !== undefined && peer === undefined) {
    return '--peer-output needs the file of the other node'
  }
  return null
}

function resultOf(path: string, peer: string | undefined, options: ImportOptions): Result {
  const how = { strict: options.strict === true, readScript }
  const own = readKeepalived(path, options)
  if (peer === undefined) {
    // What is said of the language stands between the lines: it needs all of them.
    const everyLine = options.json === true || own.findings.length > 0
    const { document, findings, others } = importKeepalived(own.entries, { ...how, everyLine })
    return { documents: [document], findings: inOrderOfLines(own.findings, findings), others }
  }
  const other = readKeepalived(peer, options)
  const { documents, findings } = importPair(own.entries, other.entries, how)
  const language = own.findings.concat(other.findings)
  return { documents, findings: inOrderOfLines(language, findings), others: 0 }
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

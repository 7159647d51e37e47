import { chmodSync, writeFileSync } from 'node:fs'
import { parseDocument } from '../config/document.ts'
import { findingText } from '../config/finding.ts'
import { exportKeepalived } from '../keepalived/export.ts'
import { exportIpvsadm } from '../keepalived/export-ipvsadm.ts'
import { sayNotOurs, textOfFile } from './document-file.ts'
import { exitCode, Failure } from './exit-code.ts'
import { fileTrouble } from './file-trouble.ts'

export type ExportOptions = {
  readonly format: 'keepalived' | 'ipvsadm'
  readonly output?: string
  readonly secrets?: true
}

export function leave(path: string, { format, output, secrets }: ExportOptions): void {
  const written = textOfFile(path)
  sayNotOurs(path, written)
  const parsed = parseDocument(written)
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

import { readFileSync } from 'node:fs'
import { type Document, parseDocument } from '../../config/document.ts'
import { findingText } from '../../config/finding.ts'

export type ReadConfiguration =
  /** `raw`: as it was written. */
  | { readonly kind: 'document'; readonly raw: unknown; readonly document: Document }
  /** There is no file. */
  | { readonly kind: 'absent' }
  /** One line for each thing that is wrong. */
  | { readonly kind: 'refused'; readonly findings: readonly string[] }

export function readConfigurationFile(path: string): ReadConfiguration {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'refused', findings: [message] }
  }
  const parsed = parseDocument(text)
  if (parsed.kind === 'refused') {
    return { kind: 'refused', findings: parsed.findings.map(findingText) }
  }
  return { kind: 'document', raw: JSON.parse(text), document: parsed.document }
}

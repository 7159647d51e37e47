import { parseDocument } from '../../config/document.ts'
import { findingText } from '../../config/finding.ts'
import { type Exported, exportKeepalived } from '../../keepalived/export.ts'
import { exportIpvsadm } from '../../keepalived/export-ipvsadm.ts'

export type ForeignExport = {
  /** The JSON of what is in force, with its secrets. */
  readonly document: string
  readonly format: 'keepalived' | 'ipvsadm'
  /** Passwords and keys stand in the text. */
  readonly secrets: boolean
}

/** A good document in the language of others. */
export function foreignExport({ document, format, secrets }: ForeignExport): Exported {
  const parsed = parseDocument(document)
  if (parsed.kind === 'refused') {
    throw new Error(`what is in force is refused: ${parsed.findings.map(findingText).join('; ')}`)
  }
  return format === 'ipvsadm'
    ? exportIpvsadm(parsed.document)
    : exportKeepalived(parsed.document, { secrets })
}

import { parseDocument } from '../../config/document.ts'
import { findingText } from '../../config/finding.ts'
import { exportKeepalived } from '../../keepalived/export.ts'
import { exportIpvsadm } from '../../keepalived/export-ipvsadm.ts'
import { type Answer, json } from '../control/operation.ts'
import { problem } from '../control/problem.ts'
import type { ConfigurationControl } from './control.ts'

export type ExportRequest = {
  readonly format: 'json' | 'keepalived' | 'ipvsadm'
  readonly secrets?: boolean | undefined
}

/** The configuration in force as text. */
export function exported(
  configuration: ConfigurationControl,
  { format, secrets = false }: ExportRequest,
): Answer {
  const { document } = configuration.current()
  if (document === null) {
    const detail = 'Apply one, or import a keepalived.conf.'
    return problem(409, 'no-configuration', 'There is no configuration yet', detail)
  }
  if (format === 'json') {
    const whole = secrets ? configuration.withSecrets() : document
    return json({ text: `${JSON.stringify(whole, null, 2)}\n`, findings: [] })
  }
  // What is in force is a good document: this is only to have its types.
  const parsed = parseDocument(configuration.withSecrets())
  if (parsed.kind === 'refused') {
    const { findings } = parsed
    const title = `The configuration cannot be written for ${format}`
    const detail = findings.map(findingText).join('\n')
    return problem(409, 'not-expressible', title, detail, { findings })
  }
  return json(
    format === 'ipvsadm'
      ? exportIpvsadm(parsed.document)
      : exportKeepalived(parsed.document, { secrets }),
  )
}

import { type Answer, json } from '../control/operation.ts'
import { problem } from '../control/problem.ts'
import type { ConfigurationControl } from './control.ts'
import { converted } from './conversion.ts'

export type ExportRequest = {
  readonly format: 'json' | 'keepalived' | 'ipvsadm'
  readonly secrets?: boolean | undefined
}

/** The configuration in force as text. */
export function exported(
  configuration: ConfigurationControl,
  { format, secrets = false }: ExportRequest,
): Answer | Promise<Answer> {
  const { document } = configuration.current()
  if (document === null) {
    const detail = 'Apply one, or import a keepalived.conf.'
    return problem(409, 'no-configuration', 'There is no configuration yet', detail)
  }
  if (format === 'json') {
    const whole = secrets ? configuration.withSecrets() : document
    return json({ text: `${JSON.stringify(whole, null, 2)}\n`, findings: [] })
  }
  const whole = JSON.stringify(configuration.withSecrets())
  return converted({ kind: 'export', document: whole, format, secrets })
}

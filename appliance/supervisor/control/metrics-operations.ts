import { metricsOperations } from '../../api/metrics-operations.ts'
import { exposition } from '../../metrics/exposition.ts'
import { keepalivedMetrics } from '../../metrics/keepalived-metrics.ts'
import { serviceMetrics } from '../../metrics/service-metrics.ts'
import { statusMetrics } from '../../metrics/status-metrics.ts'
import type { ServiceTraffic } from '../../status/service-answers.ts'
import type { Control } from './control.ts'
import type { PerformersOf } from './operation.ts'

export const metricsPerformers: PerformersOf<typeof metricsOperations> = {
  showMetrics: async (control, { query }) => {
    const status = control.status()
    const text = exposition([
      ...statusMetrics(status, secondsBefore(status.now)),
      ...serviceMetrics(control.services(), await trafficOf(control)),
      ...(query.names === 'keepalived' ? keepalivedMetrics(status) : []),
    ])
    return {
      kind: 'file',
      type: metricsOperations.showMetrics.answer.type,
      name: 'metrics.txt',
      bytes: Buffer.from(text),
    }
  },
}

/** Two processes look at the clock one after the other: not less than nothing. */
const secondsBefore =
  (now: string) =>
  (at: string): number =>
    Math.max(0, Date.parse(now) - Date.parse(at)) / 1000

/** A director that does not answer costs its own figures, not all others. */
async function trafficOf(control: Control): Promise<readonly ServiceTraffic[]> {
  if (control.services().length === 0) return []
  const answer = await control.askDirector({ ask: 'traffic', service: null })
  return answer.ok
    ? (answer.value as { readonly services: readonly ServiceTraffic[] }).services
    : []
}

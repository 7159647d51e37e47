import { destinationKey } from '../ipvs/service.ts'
import { after, type Instant } from '../values/duration.ts'
import type { ServiceConfig } from './service-config.ts'
import type { Drain, ServiceState } from './service-state.ts'

export type EndedDrain = { readonly name: string; readonly why: string }

/** Who left the configuration stays with weight 0 until it is empty; who comes back is none. */
export function drainsAfter(
  before: ServiceState | null,
  { servers, drainLimit }: Pick<ServiceConfig, 'servers' | 'drainLimit'>,
  connectionsOf: (destination: string) => number | null,
  now: Instant,
): { readonly drains: ReadonlyMap<string, Drain>; readonly ended: readonly EndedDrain[] } {
  const drains = new Map<string, Drain>()
  const ended: EndedDrain[] = []
  if (before === null) return { drains, ended }
  const configured = new Set(servers.map(({ at }) => destinationKey(at)))
  for (const [key, drain] of before.drains) {
    const { name, until } = drain
    if (configured.has(key)) ended.push({ name, why: 'it is configured again' })
    else if (connectionsOf(key) === 0) ended.push({ name, why: 'its connections have ended' })
    else if (now >= until) ended.push({ name, why: 'its time is over' })
    else drains.set(key, drain)
  }
  for (const [key, { name, destination }] of before.servers) {
    if (configured.has(key) || destination === null || drainLimit === 0) continue
    drains.set(key, {
      name,
      destination: { at: destination.at, settings: { ...destination.settings, weight: 0 } },
      since: now,
      until: after(now, drainLimit),
    })
  }
  return { drains, ended }
}

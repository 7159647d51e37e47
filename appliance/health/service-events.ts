import { destinationKey } from '../ipvs/service.ts'
import type { EndedDrain } from './server-drain.ts'
import type { ServiceConfig } from './service-config.ts'
import type { ServiceEvent, ServiceState } from './service-state.ts'

/** What two reviews of a service in a row have to tell: servers first, then the whole. */
export function eventsBetween(
  before: ServiceState | null,
  now: ServiceState,
  config: ServiceConfig,
): readonly ServiceEvent[] {
  const events: ServiceEvent[] = []
  for (const { name, at, onUp, onDown } of config.servers) {
    const key = destinationKey(at)
    const server = now.servers.get(key)
    if (server === undefined || server.toldUp === null) continue
    if (server.toldUp === (before?.servers.get(key)?.toldUp ?? null)) continue
    const [kind, hook] = server.toldUp
      ? (['server-up', onUp] as const)
      : (['server-down', onDown] as const)
    events.push({ kind, service: config.name, server: name, why: server.why, hook })
  }
  const whole = { service: config.name, server: null }
  if (now.toldUp !== null && now.toldUp !== (before?.toldUp ?? null)) {
    const [kind, hook] = now.toldUp
      ? (['quorum-up', config.onUp] as const)
      : (['quorum-down', config.onDown] as const)
    events.push({ ...whole, kind, why: now.quorum.why, hook })
  }
  const panicked = before !== null && before.panic !== null
  if (now.panic !== null && !panicked) {
    events.push({ ...whole, kind: 'panic-began', why: now.panic.why, hook: null })
  }
  if (now.panic === null && panicked) {
    events.push({ ...whole, kind: 'panic-ended', why: 'enough servers are up', hook: null })
  }
  return events
}

export function drainEvents(
  before: ServiceState | null,
  now: ServiceState,
  ended: readonly EndedDrain[],
  { name: service }: ServiceConfig,
): readonly ServiceEvent[] {
  const began = [...now.drains].filter(([key]) => before === null || !before.drains.has(key))
  const why = 'it is no longer configured'
  return [
    ...began.map(([, { name }]) => ({
      kind: 'drain-began' as const,
      service,
      server: name,
      why,
      hook: null,
    })),
    ...ended.map(({ name, why }) => ({
      kind: 'drain-ended' as const,
      service,
      server: name,
      why,
      hook: null,
    })),
  ]
}

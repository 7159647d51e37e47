/**
 * What a director leaves for the next one, which is started when it died: JSON that the supervisor
 * holds. Without it, the kernel's table says who was up. Either way a restart changes nothing.
 */

import { type Destination, destinationKey, type Service, serviceKey } from '../ipvs/service.ts'
import { after, type Duration, type Instant } from '../values/duration.ts'
import type { ProbeVerdict } from './probe-verdict.ts'
import type { ServiceConfig } from './service-config.ts'
import type { Drain, ServerState, ServiceState } from './service-state.ts'

export type RememberedService = Omit<ServiceState, 'servers' | 'drains'> & {
  readonly servers: readonly (readonly [string, ServerState])[]
  readonly drains: readonly (readonly [string, Drain])[]
}

/** Its instants are of the clock of the process that left it. */
export type Memory = {
  /** By what they ask. Without their history. */
  readonly probes: readonly (readonly [string, ProbeVerdict])[]
  /** By name. */
  readonly services: readonly (readonly [string, RememberedService])[]
}

export type Known = {
  readonly memory: Memory | null
  /** The kernel's, before anything was changed. */
  readonly table: readonly Service[]
}

export const nothingKnown: Known = { memory: null, table: [] }

export const remember = (
  probes: Iterable<readonly [string, ProbeVerdict]>,
  services: Iterable<readonly [string, ServiceState]>,
): Memory => ({
  probes: Array.from(probes, ([asks, verdict]) => [asks, { ...verdict, history: [] }]),
  services: Array.from(services, ([name, state]) => [
    name,
    { ...state, servers: [...state.servers], drains: [...state.drains] },
  ]),
})

/** Brings the instants to this process's clock: `by` is added to each. */
export function shifted(memory: Memory, by: Duration): Memory {
  const at = (moment: Instant): Instant => after(moment, by)
  const maybe = (moment: Instant | null): Instant | null => (moment === null ? null : at(moment))
  const probe = (verdict: ProbeVerdict): ProbeVerdict => ({
    ...verdict,
    since: at(verdict.since),
    changes: verdict.changes.map(at),
    heldUntil: maybe(verdict.heldUntil),
  })
  const server = (state: ServerState): ServerState => ({
    ...state,
    since: at(state.since),
    rampFrom: maybe(state.rampFrom),
  })
  const drain = (each: Drain): Drain => ({ ...each, since: at(each.since), until: at(each.until) })
  const service = (state: RememberedService): RememberedService => ({
    ...state,
    quorum: { ...state.quorum, since: at(state.quorum.since) },
    panic: state.panic === null ? null : { ...state.panic, since: at(state.panic.since) },
    servers: state.servers.map(([key, each]) => [key, server(each)]),
    drains: state.drains.map(([key, each]) => [key, drain(each)]),
  })
  return {
    probes: memory.probes.map(([asks, verdict]) => [asks, probe(verdict)]),
    services: memory.services.map(([name, state]) => [name, service(state)]),
  }
}

export const recalled = (state: RememberedService): ServiceState => ({
  ...state,
  servers: new Map(state.servers),
  drains: new Map(state.drains),
})

/** What the kernel's table says of a service that nobody remembers; null: nothing. */
export function foundInTable(
  config: ServiceConfig,
  table: ReadonlyMap<string, Service>,
  now: Instant,
): ServiceState | null {
  const found = config.at.map(at => table.get(serviceKey(at))).find(seen => seen !== undefined)
  if (found === undefined) return null
  const destinations = new Map(found.destinations.map(each => [destinationKey(each.at), each]))
  const sorryKey = config.sorry === null ? null : destinationKey(config.sorry.at)
  const servers = new Map<string, ServerState>()
  for (const server of config.servers) {
    const key = destinationKey(server.at)
    const destination = destinations.get(key)
    if (key !== sorryKey) destinations.delete(key)
    // With `inhibit` a server that is down stays with weight 0.
    const down = destination?.settings.weight === 0 && server.inhibit
    servers.set(
      key,
      foundServer(server.name, key === sorryKey || down ? undefined : destination, now),
    )
  }
  const sorry = sorryKey === null ? undefined : destinations.get(sorryKey)
  if (sorryKey !== null) destinations.delete(sorryKey)
  const why = 'it was so in the kernel when the director started'
  const some = [...servers.values()].some(server => server.up)
  const up = some && (sorry === undefined || sorry.settings.weight === 0)
  const drains = new Map<string, Drain>()
  for (const [key, { at, settings }] of config.drainLimit === 0 ? [] : destinations) {
    const destination = { at, settings: { ...settings, weight: 0 } }
    drains.set(key, { name: key, destination, since: now, until: after(now, config.drainLimit) })
  }
  return { quorum: { up, since: now, why }, toldUp: up, panic: null, servers, drains }
}

const foundServer = (
  name: string,
  destination: Destination | undefined,
  now: Instant,
): ServerState => ({
  name,
  destination:
    destination === undefined ? null : { at: destination.at, settings: destination.settings },
  up: destination !== undefined,
  since: now,
  why: `it was ${destination === undefined ? 'not ' : ''}in the kernel when the director started`,
  toldUp: destination !== undefined,
  rampFrom: null,
  found: destination?.settings.weight ?? null,
})

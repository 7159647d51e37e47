/** The status document, made of what the supervisor has seen: the same facts, the same words. */

import type { ChannelStatus } from '../alerting/alert-messages.ts'
import type { FencingStatus } from '../fencing/fence-messages.ts'
import type { SnmpStatus } from '../mib/snmp-messages.ts'
import type { ProcessMachine } from '../supervision/process-machine.ts'
import type { Instant } from '../values/duration.ts'
import { isAdvisory } from './advisory.ts'
import { type AlarmFacts, alarmsOf } from './alarms.ts'
import type {
  Alarm,
  ConfigurationStatus,
  MemoryStatus,
  ProcessStatus,
  SeenPort,
  SeenStorage,
  ServiceSummary,
  SetupStatus,
  SlotStatus,
  Status,
  TrackerStatus,
  WatchdogStatus,
  WebStatus,
} from './document.ts'
import type { GuardStatus, ShownGuard } from './guard-status.ts'
import type { PairStatus } from './pair-status.ts'
import type { RouterStatus } from './router-status.ts'
import type { DirectorStatus, ServiceStatus } from './service-status.ts'
import type { StandsSince } from './standing.ts'
import type { TimeStatus } from './time-status.ts'

export type Facts = AlarmFacts & {
  readonly version: string
  readonly commit: string
  readonly hostname: string
  readonly now: Instant
  readonly memoryMiB: ReadonlyMap<string, number>
  readonly slot: SlotStatus | null
  readonly storage: SeenStorage
  readonly memory: MemoryStatus | null
  readonly watchdog: WatchdogStatus | null
  readonly time: TimeStatus | null
  readonly ports: readonly SeenPort[]
  readonly web: WebStatus | null
  readonly trackers: readonly TrackerStatus[]
  readonly director: DirectorStatus
  readonly configuration: ConfigurationStatus | null
  readonly pair: PairStatus
  readonly guard: GuardStatus | null
  readonly fencing: Omit<FencingStatus, 'heldSince'> | null
  readonly alerts: readonly ChannelStatus[]
  readonly snmp: SnmpStatus | null
  readonly standsSince: StandsSince
  /** Whether somebody has a password. */
  readonly isSetUp: boolean
  /**
   * The box was looked over and every child has settled at least once: from then on a child that
   * does not run is a fault.
   */
  readonly everSettled: boolean
}

export function assembleStatus(facts: Facts): Status {
  const processes = [...facts.roster.children].map(([name, child]) =>
    processStatus(name, child.state, facts),
  )
  const alarms = alarmsOf(facts)
  const { standsSince: since } = facts
  return {
    product: 'Diarch',
    version: facts.version,
    commit: facts.commit,
    hostname: facts.hostname,
    now: facts.iso(facts.now),
    bootedAt: facts.iso(facts.bootedAt),
    uptimeSeconds: Math.max(0, Math.floor((facts.now - facts.bootedAt) / 1000)),
    health: health(processes, alarms, facts),
    slot: facts.slot,
    storage: { ...facts.storage, since: since('storage', facts.storage.state) },
    memory: facts.memory,
    watchdog: facts.watchdog,
    time: facts.time,
    processes,
    ports: facts.ports.map(port => ({ ...port, since: since(`port ${port.name}`, port.link) })),
    web: facts.web,
    routers: facts.routers,
    trackers: facts.trackers,
    services: facts.services.map(summary),
    director: facts.director,
    configuration: facts.configuration,
    pair: facts.pair,
    guard: shownGuard(facts),
    fencing: shownFencing(facts),
    alerts: facts.alerts,
    snmp: facts.snmp,
    setup: setup(facts),
    maintenance: facts.maintenance,
    alarms,
  }
}

function setup({ isSetUp, standsSince }: Facts): SetupStatus {
  const state = isSetUp ? 'finished' : 'needed'
  const why = isSetUp ? 'users can log in' : 'there is no user yet, so nobody can log in'
  return { state, since: standsSince('setup', state), why }
}

function shownGuard({ guard, standsSince }: Facts): ShownGuard | null {
  if (guard === null) return null
  const { restraint } = guard
  const since = standsSince('restraint', restraint === null ? 'may lead' : 'restrained')
  const leases = guard.leases.map(lease => {
    return { ...lease, since: standsSince(`lease ${lease.name}`, lease.state) }
  })
  return { ...guard, restrainedSince: restraint === null ? null : since, leases }
}

function shownFencing({ fencing, standsSince }: Facts): FencingStatus | null {
  if (fencing === null) return null
  const { held } = fencing
  const since = standsSince('fencing', held === null ? 'free' : 'held')
  return { ...fencing, heldSince: held === null ? null : since }
}

const summaries = new WeakMap<ServiceStatus, ServiceSummary>()

/** Made once for each state of a service: whoever compares sees that it is the same. */
function summary(service: ServiceStatus): ServiceSummary {
  const made = summaries.get(service)
  if (made !== undefined) return made
  const { name, state, since, why, at, serving, servers } = service
  const serversUp = servers.filter(each => each.state === 'up').length
  const fresh = { name, state, since, why, at, serving, serversUp, serversTotal: servers.length }
  summaries.set(service, fresh)
  return fresh
}

function processStatus(name: string, state: ProcessMachine, facts: Facts): ProcessStatus {
  return {
    name,
    state: state.kind,
    since: facts.iso(state.since),
    why: state.why,
    pid: pidOf(state),
    restarts: state.record.restarts,
    memoryMiB: facts.memoryMiB.get(name) ?? null,
  }
}

export function pidOf(state: ProcessMachine): number | null {
  return 'pid' in state ? state.pid : null
}

function health(
  processes: readonly ProcessStatus[],
  alarms: readonly Alarm[],
  facts: Facts,
): Status['health'] {
  const { state, why } = verdict(processes, alarms, facts)
  return { state, since: facts.standsSince('health', state), why }
}

function verdict(
  processes: readonly ProcessStatus[],
  alarms: readonly Alarm[],
  { everSettled, trackers, routers }: Facts,
): Omit<Status['health'], 'since'> {
  const notRunning = processes.filter(each => each.state !== 'running')
  const degrading = alarms.filter(({ reason }) => !isAdvisory(reason))
  const [alarm] = degrading
  if (!everSettled) {
    const looking = 'looking at ports, slot and storage'
    const why = notRunning.length > 0 ? `not yet running: ${names(notRunning)}` : looking
    return { state: 'starting', why }
  }
  if (alarm !== undefined) {
    const others = degrading.length === 1 ? '' : ` (and ${degrading.length - 1} more)`
    return { state: 'degraded', why: `${alarm.reason}: ${alarm.message}${others}` }
  }
  if (notRunning.length > 0) {
    return { state: 'degraded', why: `not running: ${names(notRunning)}` }
  }
  const [down, ...more] = trackers.filter(({ state }) => state === 'down')
  if (down !== undefined) {
    const others = more.length === 0 ? '' : ` (and ${more.length} more)`
    const { name, since, why } = down
    const takes = taken(name, routers)
    return { state: 'ok', why: `ok, but ${name} is down since ${since}: ${why}${takes}${others}` }
  }
  const [known] = alarms
  const alarmed = known === undefined ? 'no alarms' : `good to know: ${known.reason}`
  return { state: 'ok', why: `all processes run, ${alarmed}` }
}

/** As the explanations of the priorities have it: `100 - 30 check_nginx = 70`. */
function taken(tracker: string, routers: readonly RouterStatus[]): string {
  const costs = routers.flatMap(({ name, priority }) => {
    const words = priority.explanation.split(' ')
    const at = words.indexOf(tracker)
    return words[at - 2] === '-' ? [`takes ${words[at - 1]} of the priority of ${name}`] : []
  })
  return costs.map(cost => `, ${cost}`).join('')
}

const names = (processes: readonly ProcessStatus[]): string =>
  processes.map(each => `${each.name} (${each.state})`).join(', ')

/** Keys of figures that nobody has to hear of at every change: `statusDelta` may leave them out. */
export const movesByItself: ReadonlySet<string> = new Set([
  'now',
  'uptimeSeconds',
  'memoryMiB',
  'usedMiB',
  'freeMiB',
  'counters',
  'expectsMasterInSeconds',
  'secondsLeft',
  'offsetMs',
])

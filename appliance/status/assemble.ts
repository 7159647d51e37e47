/** The status document, made of what the supervisor has seen: the same facts, the same words. */

import type { ChannelStatus } from '../alerting/alert-messages.ts'
import type { FencingStatus } from '../fencing/fence-messages.ts'
import type { SnmpStatus } from '../mib/snmp-messages.ts'
import type { ProcessMachine } from '../supervision/process-machine.ts'
import type { Instant } from '../values/duration.ts'
import { type AlarmFacts, alarmsOf } from './alarms.ts'
import type {
  Alarm,
  ConfigurationStatus,
  MemoryStatus,
  PortStatus,
  ProcessStatus,
  ServiceSummary,
  SetupStatus,
  SlotStatus,
  Status,
  StorageStatus,
  TrackerStatus,
  WatchdogStatus,
  WebStatus,
} from './document.ts'
import type { GuardStatus } from './guard-status.ts'
import type { PairStatus } from './pair-status.ts'
import type { RouterStatus } from './router-status.ts'
import type { DirectorStatus, ServiceStatus } from './service-status.ts'
import type { TimeStatus } from './time-status.ts'

export type Facts = AlarmFacts & {
  readonly version: string
  readonly commit: string
  readonly hostname: string
  readonly now: Instant
  readonly memoryMiB: ReadonlyMap<string, number>
  readonly slot: SlotStatus | null
  readonly storage: StorageStatus
  readonly memory: MemoryStatus | null
  readonly watchdog: WatchdogStatus | null
  readonly time: TimeStatus | null
  readonly ports: readonly PortStatus[]
  readonly web: WebStatus | null
  readonly trackers: readonly TrackerStatus[]
  readonly director: DirectorStatus
  readonly configuration: ConfigurationStatus | null
  readonly pair: PairStatus
  readonly guard: GuardStatus | null
  readonly fencing: FencingStatus | null
  readonly alerts: readonly ChannelStatus[]
  readonly snmp: SnmpStatus | null
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
    storage: facts.storage,
    memory: facts.memory,
    watchdog: facts.watchdog,
    time: facts.time,
    processes,
    ports: facts.ports,
    web: facts.web,
    routers: facts.routers,
    trackers: facts.trackers,
    services: facts.services.map(summary),
    director: facts.director,
    configuration: facts.configuration,
    pair: facts.pair,
    guard: facts.guard,
    fencing: facts.fencing,
    alerts: facts.alerts,
    snmp: facts.snmp,
    setup: setup(facts.isSetUp),
    maintenance: facts.maintenance,
    alarms,
  }
}

const setup = (isSetUp: boolean): SetupStatus =>
  isSetUp
    ? { state: 'finished', why: 'users can log in' }
    : { state: 'needed', why: 'there is no user yet, so nobody can log in' }

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
  { everSettled, trackers, routers }: Facts,
): Status['health'] {
  const notRunning = processes.filter(each => each.state !== 'running')
  const [alarm] = alarms
  if (!everSettled) {
    const looking = 'looking at ports, slot and storage'
    const why = notRunning.length > 0 ? `not yet running: ${names(notRunning)}` : looking
    return { state: 'starting', why }
  }
  if (alarm !== undefined) {
    const others = alarms.length === 1 ? '' : ` (and ${alarms.length - 1} more)`
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
  return { state: 'ok', why: 'all processes run, no alarms' }
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

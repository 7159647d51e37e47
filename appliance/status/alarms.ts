import type { AlarmText } from '../boot/alarm-text.ts'
import { failingFrom } from '../supervision/lasting-failure.ts'
import type { Roster } from '../supervision/roster.ts'
import type { Instant } from '../values/duration.ts'
import type { Alarm, Status, WatchdogStatus } from './document.ts'
import type { RouterStatus } from './router-status.ts'
import type { DirectorReport, ServiceStatus } from './service-status.ts'

export type AlarmFacts = {
  readonly routers: readonly RouterStatus[]
  readonly services: readonly ServiceStatus[]
  /** Null: the box takes part. */
  readonly maintenance: Status['maintenance']
  readonly iso: (moment: Instant) => string
  readonly bootedAt: Instant
  readonly watchdog: WatchdogStatus | null
  /** Why there is none; null where there is one, or where none is expected. */
  readonly watchdogMissing: string | null
  readonly watchdogExpected: WatchdogStatus['kind']
  readonly roster: Roster
  /** By early boot, by the boot slots, by the storage. */
  readonly raised: readonly Alarm[]
}

export function alarmsOf(facts: AlarmFacts): readonly Alarm[] {
  return [
    ...facts.raised,
    ...watchdog(facts),
    ...failing(facts),
    ...maintenance(facts),
    ...faults(facts),
    ...services(facts),
  ]
}

function watchdog(facts: AlarmFacts): Alarm[] {
  const since = facts.iso(facts.bootedAt)
  if (facts.watchdogMissing !== null) {
    const message = `If this box hangs, nothing resets it: ${facts.watchdogMissing}`
    return [{ reason: 'watchdog-missing', message, since }]
  }
  if (facts.watchdog?.kind !== 'software' || facts.watchdogExpected === 'software') return []
  return [{ reason: 'watchdog-software', message: softwareOnly, since }]
}

const softwareOnly =
  'No hardware watchdog: the one in software resets this box when its programs hang, and nothing ' +
  'does when its kernel hangs. Add one (i6300esb in QEMU, libvirt and Proxmox, a watchdog timer ' +
  'in vSphere, in the firmware set-up of a real machine), or set node.watchdog.kind to "software"'

function failing({ roster, iso }: AlarmFacts): Alarm[] {
  return [...roster.children].flatMap(([name, { state }]) => {
    const { failures, failingSince, lastFailure } = state.record
    if (failures < failingFrom || failingSince === null) return []
    const message = `${name} failed ${failures} times in a row: it ${lastFailure}`
    return [{ reason: 'process-failing', message, since: iso(failingSince) }]
  })
}

function maintenance({ maintenance: on }: AlarmFacts): Alarm[] {
  if (on === null) return []
  const message = 'This box takes no part until "diarch maintenance off"'
  return [{ reason: 'maintenance', message, since: on.since }]
}

/** Of a box in maintenance that is no news. */
function faults({ routers, maintenance: on }: AlarmFacts): Alarm[] {
  if (on !== null) return []
  return routers
    .filter(({ state }) => state === 'FAULT')
    .map(({ name, why, since }) => ({
      reason: 'router-fault',
      message: `${name} is in FAULT: ${why}`,
      since,
    }))
}

const mostNamed = 5

function services({ services: all }: AlarmFacts): Alarm[] {
  const down = all.filter(({ state }) => state === 'down')
  const named = down.slice(0, mostNamed).map(({ name, why, since }) => ({
    reason: 'service-down',
    message: `${name} is down: ${why}`,
    since,
  }))
  const more = down[mostNamed]
  if (more === undefined) return named
  const message = `${down.length - mostNamed} more services are down`
  return [...named, { reason: 'service-down', message, since: more.since }]
}

/** What the kernel refused, and who answers for addresses that are not theirs. */
export function directorAlarms({ refused, claims }: DirectorReport): readonly AlarmText[] {
  const [first, ...others] = refused
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return [
    ...(first === undefined ? [] : [{ reason: 'ipvs-refused', message: `${first}${more}` }]),
    ...claims.map(message => ({ reason: 'address-claimed', message })),
  ]
}

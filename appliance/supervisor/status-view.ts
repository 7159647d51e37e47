import { uptime } from 'node:os'
import type { ShownConfiguration } from '../api/configuration.ts'
import { readMemory, residentMiB } from '../linux/memory.ts'
import type { Release } from '../linux/release.ts'
import { WallClock } from '../linux/wall-clock.ts'
import { assembleStatus, pidOf } from '../status/assemble.ts'
import type { Status } from '../status/document.ts'
import { Standings } from '../status/standing.ts'
import { unsignedAdverts } from '../status/unsigned-adverts.ts'
import { allSettled } from '../supervision/roster.ts'
import { type Instant, instant } from '../values/duration.ts'
import type { AlarmBook } from './alarm-book.ts'
import { type Children, monotonic } from './children/children.ts'
import type { Configuration } from './configuration/configuration.ts'
import type { Doors } from './control/doors.ts'
import type { Desks } from './desks.ts'
import type { MaintenanceSwitch } from './maintenance.ts'
import type { Pair } from './pair/pair.ts'
import type { Services } from './services.ts'
import type { Surroundings } from './surroundings.ts'
import type { TimeKeeper } from './time/time-keeper.ts'
import type { Upgrade } from './upgrade/upgrade.ts'
import type { VirtualRouters } from './virtual-routers.ts'
import type { WatchdogChain } from './watchdog-chain.ts'

export type Seen = {
  readonly release: Release
  readonly appliance: boolean
  readonly children: Children
  readonly surroundings: Surroundings
  readonly upgrade: Upgrade
  readonly desks: Desks
  readonly watchdog: WatchdogChain
  readonly time: TimeKeeper
  readonly virtual: VirtualRouters
  readonly services: Services
  readonly configuration: Configuration
  readonly pair: Pair
  readonly maintenance: MaintenanceSwitch
  readonly doors: Doors
  readonly alarms: AlarmBook
}

/** The one status document, of what all parts of the supervisor know at this moment. */
export class StatusView {
  readonly #seen: Seen
  readonly #clock = new WallClock()
  readonly #standings = new Standings()
  readonly #bootedAt: Instant
  #everSettled = false

  constructor(seen: Seen) {
    this.#seen = seen
    // Asked once: the kernel's figure is coarse, and the document's must not waver.
    this.#bootedAt = seen.appliance ? instant(monotonic() - uptime() * 1000) : monotonic()
  }

  get booted(): string {
    return this.iso(this.#bootedAt)
  }

  /** The time of day; null is now. */
  iso(moment: Instant | null): string {
    const now = monotonic()
    return this.#clock.iso(now)(moment ?? now)
  }

  now(): Status {
    const { release, children, surroundings, virtual, services, configuration } = this.#seen
    const { hostname, slot, storage, ports, looked } = surroundings
    const { roster, web } = children
    // Which children there should be, and what is wrong, is known after the first look.
    this.#everSettled ||= looked && allSettled(roster) && roster.children.size > 0
    const isPaired = this.#seen.pair.status.peer !== null
    this.#seen.alarms.set('signing', unsignedAdverts(virtual.configs, isPaired))
    const now = monotonic()
    const memory = [...roster.children].flatMap(([name, { state }]) => {
      const pid = pidOf(state)
      const mib = pid === null ? null : residentMiB(pid)
      return mib === null ? [] : [[name, mib] as const]
    })
    return assembleStatus({
      version: release.version,
      commit: release.commit,
      hostname,
      now,
      bootedAt: this.#bootedAt,
      iso: this.#clock.iso(now),
      roster,
      memoryMiB: new Map(memory),
      slot: slot && { ...slot, upgrade: this.#seen.upgrade.status },
      storage,
      memory: this.#seen.appliance ? readMemory() : null,
      watchdog: this.#seen.watchdog.status,
      time: this.#seen.time.status(this.#clock.iso(now)),
      watchdogMissing: this.#seen.watchdog.missing,
      watchdogExpected: this.#seen.watchdog.expected,
      ports,
      web,
      routers: virtual.routers,
      trackers: virtual.verdicts,
      services: services.all,
      director: services.director,
      configuration: configuration.status,
      pair: this.#seen.pair.status,
      guard: virtual.guard,
      fencing: virtual.fence.status,
      alerts: this.#seen.desks.alerts.channels,
      snmp: this.#seen.desks.snmp.status,
      maintenance: this.#seen.maintenance.state,
      standsSince: this.#standings.at(this.#clock.iso(now)(now)),
      isSetUp: this.#seen.doors.hasUsers && isKept(configuration.current()),
      raised: [...this.#seen.alarms.all(), ...virtual.alarms],
      everSettled: this.#everSettled,
    })
  }
}

/** What the processes have taken and the disk has not yet is gone after a power cut. */
const isKept = ({ source, revision }: ShownConfiguration): boolean =>
  source !== 'store' || revision !== null

import type { SyncConfig } from '../health/service-config.ts'
import type { DaemonRole, SyncDaemon } from '../ipvs/sync-daemon.ts'
import type { Journal } from '../linux/journal.ts'
import { now } from '../linux/monotonic-clock.ts'
import type { RouterStateName } from '../status/router-status.ts'
import type { DirectorStatus } from '../status/service-status.ts'
import { ipAddress } from '../values/ip-address.ts'
import type { TableKeeper } from './table-keeper.ts'

type Role = DaemonRole | 'none'

/**
 * Connection synchronization follows VRRP: who is MASTER tells its connections, who is not takes
 * those of the other box, so that a takeover finds them.
 */
export class SyncKeeper {
  readonly #table: TableKeeper
  readonly #journal: Journal
  #config: SyncConfig | null = null
  #states: Readonly<Record<string, RouterStateName>> = {}
  #role: Role = 'none'
  #channels: number | null = null
  #since = new Date().toISOString()
  #why = 'nothing is synchronized'

  constructor(table: TableKeeper, journal: Journal) {
    this.#table = table
    this.#journal = journal
  }

  get status(): DirectorStatus['sync'] {
    if (this.#config === null) return null
    const { interface: on, id } = this.#config
    return { role: this.#role, interface: on, id, since: this.#since, why: this.#why }
  }

  want(config: SyncConfig | null): void {
    this.#config = config
    this.#follow()
  }

  onRouterStates(states: Readonly<Record<string, RouterStateName>>): void {
    this.#states = states
    this.#follow()
  }

  /** A daemon that somebody ended, or that could not start: its interface was not there. */
  repair(): void {
    this.#follow()
  }

  #follow(): void {
    const table = this.#table.kernel
    if (table === null) return
    const wanted = this.#wanted()
    const running = table.daemons()
    const channels = this.#config?.channels ?? null
    try {
      // The kernel does not say with how many channels a daemon was started.
      const fit = (daemon: SyncDaemon): boolean =>
        wanted !== null && isSame(daemon, wanted) && this.#channels === channels
      const fits = running.some(fit)
      const others = running.filter(daemon => !fit(daemon))
      // Never both: a box that takes what the other one tells has nothing to tell.
      for (const { role } of others) table.stopDaemon(role)
      if (wanted !== null && !fits) table.startDaemon(wanted)
      this.#channels = channels
      this.#become(wanted?.role ?? 'none', this.#reason(wanted))
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      this.#journal.repeated('sync', 'sync-refused', now(), () => words)
      this.#become('none', words)
    }
  }

  #wanted(): SyncDaemon | null {
    if (this.#config === null) return null
    const { interface: on, id, group, port, ttl, maxLength } = this.#config
    const role: DaemonRole = this.#leads() ? 'master' : 'backup'
    const address = group === null ? null : ipAddress(group)
    return { role, interface: on, id, group: address, port, ttl, maxLength }
  }

  #leads(): boolean {
    const router = this.#config?.router ?? null
    const states = router === null ? Object.values(this.#states) : [this.#states[router]]
    return states.includes('MASTER')
  }

  #reason(wanted: SyncDaemon | null): string {
    if (wanted === null) return 'nothing is synchronized'
    const router = this.#config?.router ?? null
    const whose = router === null ? 'a virtual router of this box' : `the router ${router}`
    if (wanted.role === 'master') return `${whose} is MASTER: its connections are told`
    return router === null
      ? 'no virtual router of this box is MASTER: connections are taken from the other box'
      : `${whose} is not MASTER here: connections are taken from the other box`
  }

  #become(role: Role, why: string): void {
    if (role !== this.#role) {
      this.#since = new Date().toISOString()
      this.#journal.note('sync', `sync-${role}`, why)
    }
    this.#role = role
    this.#why = why
  }
}

/** What was not asked for is the kernel's choice. */
function isSame(running: SyncDaemon, wanted: SyncDaemon): boolean {
  if (running.role !== wanted.role || running.interface !== wanted.interface) return false
  if (running.id !== wanted.id) return false
  const options = ['group', 'port', 'ttl', 'maxLength'] as const
  return options.every(option => wanted[option] === null || running[option] === wanted[option])
}

import type {
  DestinationAt,
  DestinationSettings,
  ServiceAt,
  ServiceSettings,
} from '../ipvs/service.ts'
import type { Duration } from '../values/duration.ts'
import type { Check } from './check.ts'
import type { Target } from './question.ts'

/** One service of the configuration, every default resolved. */
export type ServiceConfig = {
  readonly name: string
  /** All with the same servers: virtual server groups. */
  readonly at: readonly ServiceAt[]
  readonly settings: ServiceSettings
  readonly servers: readonly ServerConfig[]
  /** Gets everything while the quorum is lost; null: the servers that are left go on. */
  readonly sorry: SorryServer | null
  /** Sum of the weights of the servers that are up: with so much the service is up. */
  readonly quorum: number
  /** It is up again with `quorum + hysteresis`, and down below `quorum - hysteresis`. */
  readonly hysteresis: number
  /** Programs on quorum up and down; null: none. */
  readonly onUp: Hook | null
  readonly onDown: Hook | null
  /** With a smaller share of its servers up (0 to 1), the failures are not believed; 0: never. */
  readonly panicBelow: number
  /** A server that comes up gets its weight little by little; null: at once. */
  readonly slowStart: Duration | null
  /** A server that was removed is taken out when its connections have ended, or after this. */
  readonly drainLimit: Duration
}

export type ServerConfig = {
  readonly name: string
  readonly at: DestinationAt
  readonly settings: DestinationSettings
  readonly checks: readonly ServerCheck[]
  /** Down: stays in the table with weight 0, so that its connections live (inhibit_on_failure). */
  readonly inhibit: boolean
  readonly onUp: Hook | null
  readonly onDown: Hook | null
}

export type ServerCheck = {
  readonly check: Check
  readonly target: Target
  /**
   * Null: its failure takes the server out. A number: it is added to the weight while the check is
   * down, and the server stays in (negative takes away).
   */
  readonly weight: number | null
  /** Up counts as down. */
  readonly reverse: boolean
}

export type SorryServer = {
  readonly at: DestinationAt
  readonly settings: DestinationSettings
  /**
   * It and the servers that are up take turns with weight 0 instead of leaving the table, so that
   * the connections of either live (sorry_server_inhibit).
   */
  readonly inhibit: boolean
}

export type Hook = {
  readonly command: readonly [string, ...string[]]
  readonly user: string | null
  readonly timeout: Duration
}

/** What the director does beside its services. */
export type DirectorConfig = {
  readonly services: readonly ServiceConfig[]
  /** Null: connections are not carried over. */
  readonly sync: SyncConfig | null
  /** Seconds; null: the kernel's. */
  readonly timeouts: {
    readonly tcp: number | null
    readonly tcpFin: number | null
    readonly udp: number | null
  }
}

/** Connection synchronization between the boxes. */
export type SyncConfig = {
  readonly interface: string
  /** 0 to 255, the same on both boxes. */
  readonly id: number
  readonly group: string | null
  readonly port: number | null
  readonly ttl: number
  readonly maxLength: number | null
  /** Kernel threads, each with a port of its own. */
  readonly channels: number
  /** Whose state says who is master; null: any router of this box being MASTER. */
  readonly router: string | null
  /** A box that returns does not preempt before it had so long to hear the table. */
  readonly settle: Duration
}

/** By an operator; survives reload and restart. Null: as the configuration says. */
export type Override = {
  /** `<service>/<server>` */
  readonly server: string
  /** `drain`: weight 0, connections end by themselves. `disabled`: out of the table at once. */
  readonly state: 'drain' | 'disabled' | null
  readonly weight: number | null
  readonly since: string
  readonly by: string
}

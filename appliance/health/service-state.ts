import type { Destination, DestinationAt, Service } from '../ipvs/service.ts'
import type { Instant } from '../values/duration.ts'
import type { Quorum } from './quorum.ts'
import type { Hook, Override } from './service-config.ts'

/** What is remembered of a service from one review to the next. */
export type ServiceState = {
  readonly quorum: Quorum
  /** What was told of it; null: nothing. */
  readonly toldUp: boolean | null
  /** Failures are not believed; null: they are. */
  readonly panic: { readonly since: Instant; readonly why: string } | null
  /** By `destinationKey`. */
  readonly servers: ReadonlyMap<string, ServerState>
  readonly drains: ReadonlyMap<string, Drain>
}

export type ServerState = {
  readonly name: string
  /** As it is in the table; null: it is not there. */
  readonly destination: Destination | null
  readonly up: boolean
  readonly since: Instant
  readonly why: string
  readonly toldUp: boolean | null
  /** When slow start began; null: it has its whole weight. */
  readonly rampFrom: Instant | null
  /** What the kernel was found to have; stands until its checks were answered. */
  readonly found: number | null
}

/** A server that left the configuration, and whose connections have not ended. */
export type Drain = {
  readonly name: string
  readonly destination: Destination
  readonly since: Instant
  readonly until: Instant
}

export type ServerStatus = {
  readonly name: string
  readonly at: DestinationAt
  /** `draining`: no longer configured; `drained` and `disabled`: by an operator. */
  readonly state: 'up' | 'down' | 'unknown' | 'drained' | 'disabled' | 'draining'
  readonly since: Instant
  readonly why: string
  readonly configured: number
  /** In the kernel's table; null: it is not there. */
  readonly weight: number | null
  /** Of the weight. */
  readonly explanation: string
  readonly override: Override | null
  /** Ids, in the order of its checks. */
  readonly probes: readonly string[]
}

export type ServiceStatus = {
  readonly name: string
  readonly up: boolean
  readonly since: Instant
  readonly why: string
  /** Of the servers that are up. */
  readonly upWeight: number
  readonly sorryServes: boolean
  readonly panic: ServiceState['panic']
  readonly servers: readonly ServerStatus[]
}

export type ServiceEvent = {
  readonly kind:
    | 'server-up'
    | 'server-down'
    | 'quorum-up'
    | 'quorum-down'
    | 'panic-began'
    | 'panic-ended'
    | 'drain-began'
    | 'drain-ended'
  readonly service: string
  readonly server: string | null
  readonly why: string
  /** The program to run for it. */
  readonly hook: Hook | null
}

export type ServiceReview = {
  readonly state: ServiceState
  readonly status: ServiceStatus
  /** One for each place where the service is. */
  readonly table: readonly Service[]
  readonly events: readonly ServiceEvent[]
  /** When time alone changes something. */
  readonly wakeAt: Instant | null
}

import type { AlertErrand, AlertErrandEnded, AlertFifosKept } from '../alerting/alert-errand.ts'
import type { FromAlerts, ToAlerts } from '../alerting/alert-messages.ts'
import type { FromFence, ToFence } from '../fencing/fence-messages.ts'
import type { FromFlight, ToFlight } from '../flight/flight-messages.ts'
import type { GuardConfig } from '../guard/guard-config.ts'
import type { FromSnmp, ToSnmp } from '../mib/snmp-messages.ts'
import type { FromPair, ToPair } from '../pairing/pair-messages.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'
import type {
  FromScripts,
  RouterEvent,
  ToScripts,
  TrackerVerdict,
} from '../vrrp/tracker-messages.ts'
import type { FromDirector, ScriptErrand, ScriptFound, ToDirector } from './director-messages.ts'
import type { Status, WebStatus } from './document.ts'
import type { BoxEvent } from './events.ts'
import type { GuardReport } from './guard-status.ts'
import type { RouterStatus } from './router-status.ts'

/**
 * What the supervisor and its children tell each other over the IPC channel. A closed channel
 * means to a child that its parent died: it releases what it holds and exits.
 */

export type ToChild =
  | { readonly kind: 'status'; readonly status: Status }
  /** Finish what is under way and exit; SIGTERM follows, then SIGKILL. */
  | { readonly kind: 'stop' }
  | ToVrrpd
  | ToFlight
  | ToScripts
  | ToDirector
  | ScriptErrand
  | ToPair
  | ToAlerts
  | AlertErrand
  | AlertFifosKept
  | ToFence
  | ToSnmp

export type ToVrrpd =
  | {
      readonly kind: 'configure-vrrp'
      /** The answer carries it. */
      readonly id: number
      readonly routers: readonly RouterConfig[]
      /** Carrier and administrative state are vrrpd's own business. */
      readonly interfaceTrackers: readonly { readonly name: string; readonly interface: string }[]
      readonly guard: GuardConfig
    }
  | { readonly kind: 'verdicts'; readonly verdicts: readonly TrackerVerdict[] }
  /** Null: the box takes part again. */
  | { readonly kind: 'maintenance'; readonly why: string | null }
  /** The other box is off: the answer to the wish of this id. */
  | { readonly kind: 'fenced'; readonly wish: string; readonly how: string }
  /** Null: all routers. */
  | { readonly kind: 'failover'; readonly router: string | null }

export type FromChild =
  /** The child does its work from now on. `web` says where and with which certificate. */
  | { readonly kind: 'ready'; readonly web?: WebStatus }
  /**
   * Sent once a second. `lagMs` is the worst delay of the child's event loop since then; `stuck` is
   * there when its loop turns and its work does not get done.
   */
  | { readonly kind: 'alive'; readonly lagMs: number; readonly stuck?: string }
  /** It works as the `configure` with this id says, but for what it could not do. */
  | { readonly kind: 'configured'; readonly id: number; readonly refused: readonly string[] }
  | FromVrrpd
  | FromFlight
  | FromScripts
  | FromDirector
  | ScriptFound
  | FromPair
  | FromAlerts
  | AlertErrandEnded
  | FromFence
  | FromSnmp

/** Heard from vrrpd alone. */
export type FromVrrpd = {
  readonly kind: 'routers'
  readonly routers: readonly RouterStatus[]
  readonly changes: readonly RouterEvent[]
  readonly events: readonly BoxEvent[]
  readonly moves: readonly AddressMove[]
  /** Null until it is configured. */
  readonly guard: GuardReport | null
}

/** The addresses of a router have come or gone. */
export type AddressMove = {
  readonly router: string
  readonly what: 'took' | 'gave'
  /** Milliseconds of the kernel's monotonic clock: when all had come, or the first began to go. */
  readonly at: number
}

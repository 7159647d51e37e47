import type { Check } from '../health/check.ts'
import type { Target } from '../health/question.ts'
import type { Duration } from '../values/duration.ts'

/** Something outside of VRRP that routers look at (keepalived: vrrp_script, track_process, ...). */
export type TrackerConfig = { readonly name: string } & (
  | ScriptTracker
  | ProcessTracker
  | FileTracker
  | InterfaceTracker
  | ServiceTracker
  | CheckTracker
)

export type ScriptTracker = {
  readonly kind: 'script'
  /** Absolute path and arguments; never a shell line. */
  readonly command: readonly [string, ...string[]]
  readonly interval: Duration
  readonly timeout: Duration
  /** Results in a row that make it up, and down. */
  readonly rise: number
  readonly fall: number
  /** A name in /etc/passwd. */
  readonly user: string | null
  /** Until the first result: `unknown` changes nothing. */
  readonly initially: 'unknown' | 'up' | 'down'
}

export type ProcessTracker = {
  readonly kind: 'process'
  /** The name of the program, as in /proc/PID/comm or the last part of its path. */
  readonly program: string
  /** Each must be among the arguments, in this order; empty for any. */
  readonly arguments: readonly string[]
  /** Up with at least so many, and not more than `most`. */
  readonly least: number
  readonly most: number | null
  /** A process that is gone for less than this was not gone. */
  readonly patience: Duration
}

/** The number in the file, times the weight of the router that tracks it. */
export type FileTracker = {
  readonly kind: 'file'
  readonly path: string
  /** While the file is missing. */
  readonly missing: number
}

/** Another interface than the router's own: carrier and administrative state. */
export type InterfaceTracker = { readonly kind: 'interface'; readonly interface: string }

/** A service of the director: up while its quorum is there. */
export type ServiceTracker = { readonly kind: 'service'; readonly service: string }

/** Something on the network that has to answer. */
export type CheckTracker = {
  readonly kind: 'check'
  readonly check: Check
  readonly target: Target
}

/** Programs and a pipe that hear what becomes of the routers (keepalived: notify, notify_fifo). */
export type NotifyConfig = {
  readonly hooks: readonly NotifyHook[]
  readonly fifo: string | null
  /** Also when only a priority changes. */
  readonly priorityChanges: boolean
}

export type NotifyHook = {
  /** Null: every router and sync group. */
  readonly of: { readonly kind: 'router' | 'group'; readonly name: string } | null
  /** Null: each of them. */
  readonly on: 'MASTER' | 'BACKUP' | 'FAULT' | 'STOP' | null
  readonly command: readonly [string, ...string[]]
  readonly user: string | null
  readonly timeout: Duration
}

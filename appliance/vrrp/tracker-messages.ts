import type { Verdict } from './priority.ts'
import type { NotifyConfig, TrackerConfig } from './tracker-config.ts'

/** What the supervisor and the scripts process tell each other, beside what every child says. */
export type ToScripts =
  | {
      readonly kind: 'configure-scripts'
      readonly id: number
      /** Trackers of interfaces are vrrpd's own and are passed over. */
      readonly trackers: readonly TrackerConfig[]
      readonly notify: NotifyConfig
      /** What an earlier run of the process found last: a restart is no news about anybody. */
      readonly known: readonly TrackerVerdict[]
    }
  | { readonly kind: 'router-events'; readonly events: readonly RouterEvent[] }

export type FromScripts =
  /** All of them, whenever one has changed. */
  | { readonly kind: 'verdicts'; readonly verdicts: readonly TrackerVerdict[] }
  | Notified
  | FifoTrouble

export type TrackerVerdict = Verdict & {
  readonly name: string
  /** When state or number became what they are; ISO 8601. */
  readonly since: string
}

export type RouterEvent = {
  readonly of: 'router' | 'group'
  readonly name: string
  /** `priority`: the state is the same as before. */
  readonly what: 'state' | 'priority'
  readonly state: 'MASTER' | 'BACKUP' | 'FAULT' | 'STOP'
  /** As the trackers make it. */
  readonly priority: number
  readonly at: string
}

/** What became of a hook; nothing depends on it, it is kept for people. */
export type Notified = {
  readonly kind: 'notified'
  readonly of: RouterEvent['of'] | 'service'
  readonly name: string
  /** As the hook heard it: `MASTER`, `MASTER_PRIORITY`. */
  readonly state: string
  readonly command: readonly string[]
  readonly outcome: HookOutcome
  readonly at: string
  readonly durationMs: number
  /** The last line of its output. */
  readonly lastLine: string | null
}

export type HookOutcome =
  | { readonly how: 'exited'; readonly code: number }
  | { readonly how: 'killed'; readonly signal: string }
  | { readonly how: 'timeout'; readonly afterMs: number }
  /** It never ran. */
  | { readonly how: 'refused'; readonly why: string }
  /** Too many waited for the same router, and this was the oldest. */
  | { readonly how: 'dropped'; readonly why: string }

/** What is wrong with the FIFO; not more often than a person can read. */
export type FifoTrouble = {
  readonly kind: 'fifo-trouble'
  readonly path: string
  /** So many were lost since this was said last; 0 as long as all of them wait. */
  readonly lines: number
  readonly why: string
}

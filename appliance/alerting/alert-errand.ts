import type { Alert } from './alert.ts'

/** What the supervisor has `scripts` do with an alert: what was configured, never what was said. */
export type AlertErrand = {
  readonly kind: 'alert-errand'
  readonly id: number
  readonly channel: string
  readonly alert: Alert
  readonly to:
    | {
        readonly kind: 'script'
        readonly command: readonly [string, ...string[]]
        /** Null: our own. */
        readonly user: string | null
        /** Milliseconds. */
        readonly timeout: number
      }
    | { readonly kind: 'fifo'; readonly path: string }
}

/** The FIFOs of the channels that there are: what is open of others is closed. */
export type AlertFifosKept = { readonly kind: 'alert-fifos'; readonly paths: readonly string[] }

export type AlertErrandEnded = {
  readonly kind: 'alert-errand-ended'
  readonly id: number
  /** Null: it was taken. */
  readonly failed: string | null
}

import type { Duration } from '../values/duration.ts'
import type { Question, Target } from './question.ts'

/** One check of the configuration, every default resolved. */
export type Check = {
  readonly name: string
  readonly question: Question
  readonly pace: Pace
}

export type Pace = {
  /** From one start to the next while nothing changes. */
  readonly interval: Duration
  /** Instead of it while an answer is in doubt: before a retry, and on the way up. */
  readonly retryInterval: Duration
  readonly timeout: Duration
  /** Results in a row that make it up, and down. */
  readonly rise: number
  readonly fall: number
  /** Until the first result. */
  readonly initially: 'down' | 'up'
  /** Nothing is asked before a random part of it has passed; the first round is fast otherwise. */
  readonly warmUp: Duration
  /** Null: it may change as often as it likes. */
  readonly damping: Damping | null
}

/** So many changes within the time: it stays down until it was quiet for `hold`. */
export type Damping = {
  readonly changes: number
  readonly within: Duration
  readonly hold: Duration
}

/** What is asked of whom, and how often: runs once, however many services want to know. */
export type Probe = {
  /** The same for the same question to the same target at the same pace, and short. */
  readonly id: string
  readonly check: Check
  readonly target: Target
}

/** What one run has found. */
export type Finding =
  | {
      readonly kind: 'passed'
      /** Why, for people: `200 OK in 3 ms`. */
      readonly why: string
      /** What the answer says about the server's weight; null: nothing. */
      readonly weight: WeightWord | null
    }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly why: string }

/** `set`: it is this. `percent`: this much of the configured one. */
export type WeightWord = { readonly kind: 'set' | 'percent'; readonly value: number }

/** Tokens for logs, metrics and the page. */
export type FailureReason =
  | 'refused'
  | 'timeout'
  | 'unreachable'
  | 'closed'
  | 'wrong-answer'
  | 'tls'
  | 'denied'
  /** The box cannot ask: no address, no such user, too many sockets. */
  | 'cannot-ask'

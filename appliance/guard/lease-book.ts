import {
  after,
  between,
  type Duration,
  type Instant,
  instant,
  milliseconds,
  seconds,
} from '../values/duration.ts'
import { isQuestion, type LeaseAnswer, type LeaseMessage } from './lease-message.ts'

/** What a box may ask for. */
export const longestLease = seconds(5)

/** A question that is older is answered, and changes nothing. */
const freshFor = seconds(10)

/** Two clocks that count the same time do not agree quite: the witness waits for longer. */
const margin = (time: Duration): Duration => milliseconds(Math.max(20, time / 20))

type Holder = { readonly boot: number; readonly name: string; readonly until: Instant }

/** What a person has to know of it. */
export type LeaseNews = { readonly from: string | null; readonly to: string | null }

/**
 * The witness's side of a lease that one box of a pair can have at a time. It knows nothing but
 * what it has answered since it has started, so it gives nothing away until the longest lease
 * that it may have given before has run out. It changes in place.
 */
export class LeaseBook {
  readonly #boot: number
  readonly #startedAt: Instant
  /** The newest question of each boot of a box, as long as an old one of it could seem new. */
  readonly #heard = new Map<number, { readonly sequence: number; readonly at: Instant }>()
  #holder: Holder | null = null

  /** `boot`: 48 bits of chance, not 0. */
  constructor(boot: number, now: Instant) {
    this.#boot = boot
    this.#startedAt = now
  }

  /** Null: no answer, for it was asked before. The message is one whose signature is right. */
  answer(question: LeaseMessage, now: Instant): LeaseMessage | null {
    if (!isQuestion(question.kind)) return null
    const age = this.#clock(now) - question.clock
    if (question.witness !== this.#boot || age < 0 || age > freshFor) {
      return this.#say('stale', question, milliseconds(0), '', now)
    }
    if (question.sequence <= (this.#heard.get(question.boot)?.sequence ?? 0)) return null
    this.#remember(question, now)
    if (question.kind === 'release' && this.#holder?.boot === question.boot) this.#holder = null
    if (question.kind === 'hold') {
      const refusal = this.#grant(question, now)
      if (refusal === null) {
        const { time, name } = question
        return this.#say('yours', question, milliseconds(Math.min(time, longestLease)), name, now)
      }
    }
    return this.#describe(question, now)
  }

  /** Who has it, for people. */
  holder(now: Instant): { readonly name: string; readonly left: Duration } | null {
    if (this.#holder === null || this.#holder.until <= now) return null
    return { name: this.#holder.name, left: between(now, this.#holder.until) }
  }

  #grant({ boot, name, time }: LeaseMessage, now: Instant): 'starting' | 'taken' | null {
    if (now < this.#quietUntil()) return 'starting'
    const holder = this.#holder
    if (holder !== null && holder.boot !== boot && holder.until > now) return 'taken'
    const length = milliseconds(Math.min(time, longestLease))
    const until = after(now, milliseconds(length + margin(length)))
    // One that asks for less than before has what it got before all the same.
    const before = holder?.boot === boot ? holder.until : until
    this.#holder = { boot, name, until: instant(Math.max(before, until)) }
    return null
  }

  #describe(question: LeaseMessage, now: Instant): LeaseMessage {
    const quiet = this.#quietUntil()
    if (now < quiet) return this.#say('starting', question, between(now, quiet), '', now)
    const holder = this.#holder
    if (holder === null || holder.until <= now) {
      return this.#say('free', question, milliseconds(0), '', now)
    }
    const kind = holder.boot === question.boot ? 'yours' : 'taken'
    return this.#say(kind, question, between(now, holder.until), holder.name, now)
  }

  #say(
    kind: LeaseAnswer,
    { boot, sequence }: LeaseMessage,
    time: Duration,
    name: string,
    now: Instant,
  ): LeaseMessage {
    return { kind, boot, sequence, witness: this.#boot, clock: this.#clock(now), time, name }
  }

  #remember({ boot, sequence }: LeaseMessage, now: Instant): void {
    for (const [other, { at }] of this.#heard) {
      // Whatever it asked until then is stale by now.
      if (between(at, now) > freshFor) this.#heard.delete(other)
    }
    this.#heard.set(boot, { sequence, at: now })
  }

  #quietUntil(): Instant {
    return after(this.#startedAt, milliseconds(longestLease + margin(longestLease)))
  }

  /** Since its start, in whole milliseconds. */
  #clock(now: Instant): number {
    return Math.floor(between(this.#startedAt, now))
  }
}

import { between, type Duration, type Instant, milliseconds } from '../values/duration.ts'

/** Less is a busy processor, or the grain of a clock. */
const least = milliseconds(500)

/** What is known of a time in which this process did not run. */
export type Pause = {
  readonly length: Duration
  /** Of it: while the monotonic clock stood too, so that no deadline shows it. */
  readonly lost: Duration
}

/**
 * Notices that time is missing: a deadline that passed long ago (SIGSTOP, a busy host), or a clock
 * that goes on while the box sleeps and is ahead of the one that does not. Asked at each waking,
 * before anything is read or said. A wall clock is no witness: somebody may have set it.
 */
export class PauseWatch {
  #lookedAt: Instant | null = null
  #ahead: Duration | null = null

  /**
   * `deadline`: what the process wanted to be woken for. `boot`: the clock that counts sleep; null
   * when it was not looked at.
   */
  look(now: Instant, deadline: Instant | null, boot: Instant | null): Pause | null {
    const since = this.#lookedAt ?? now
    this.#lookedAt = now
    const late = deadline === null ? 0 : now - Math.max(deadline, since)
    const slept = boot === null ? 0 : this.#sleptUntil(between(now, boot))
    if (late < least && slept < least) return null
    const length = milliseconds((late < least ? 0 : late) + slept)
    return { length, lost: milliseconds(slept) }
  }

  /** How much further ahead it is than it was. */
  #sleptUntil(ahead: Duration): number {
    const before = this.#ahead ?? ahead
    if (ahead - before < least && this.#ahead !== null) return 0
    this.#ahead = ahead
    return ahead - before
  }
}

/** For an event. */
export const pauseText = ({ length, lost }: Pause): string => {
  const clock = lost > 0 ? ', and its clock with it' : ''
  const seconds = (length / 1000).toFixed(1)
  return `vrrpd stood still for ${seconds} s${clock}: what came meanwhile was read before it spoke`
}

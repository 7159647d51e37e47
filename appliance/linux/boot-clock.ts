import { uptime } from 'node:os'
import { type Instant, instant } from '../values/duration.ts'

/** To read it is to read a file. */
const leastBetween = 20

/**
 * CLOCK_BOOTTIME, in steps of 10 ms: it goes on while the box sleeps, as CLOCK_MONOTONIC does not.
 */
export class BootClock {
  #readAt = -Infinity

  /** Null: it was read a moment ago. */
  read(now: Instant): Instant | null {
    if (now - this.#readAt < leastBetween) return null
    this.#readAt = now
    return instant(uptime() * 1000)
  }
}

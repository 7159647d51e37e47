import type { Instant } from '../values/duration.ts'

/** A drift below this is measuring noise; beyond it somebody has set the clock. */
const noiseMs = 500

/** What the wall clock says to a monotonic moment, the same words each time it is asked. */
export class WallClock {
  #offset = 0

  iso(now: Instant): (moment: Instant) => string {
    const offset = Date.now() - now
    if (Math.abs(offset - this.#offset) > noiseMs) this.#offset = offset
    return moment => new Date(moment + this.#offset).toISOString()
  }
}

import { after, type Duration, type Instant, instant, milliseconds } from '../values/duration.ts'
import { framedSize } from './serial-frame.ts'

/** A start bit, eight, and a stop bit. */
const bitsPerByte = 10
/** The other half is for what changes, and is said at once. */
const share = 0.5
/** Less than the shortest interval. */
const early = 10
/** What a heartbeat can say of itself, in milliseconds. */
const longest = 65_535

/** How long the line is busy with packets of these sizes. */
export function lineTime(sizes: readonly number[], baud: number): Duration {
  const bytes = sizes.reduce((sum, size) => sum + framedSize(size), 0)
  return milliseconds((bytes * bitsPerByte * 1000) / baud)
}

/** As often as elsewhere, or every second time, or every third: as the line can carry it. */
export function paceOf(interval: Duration, busy: Duration): Duration {
  const turns = Math.max(1, Math.ceil(busy / share / interval))
  return milliseconds(Math.min(turns * interval, longest))
}

/** What goes over one line, and when: never more than it carries. It changes in place. */
export class SerialPace {
  #next: Instant
  #idleAt: Instant

  constructor(now: Instant) {
    this.#next = now
    this.#idleAt = now
  }

  /** `changed`: it is news, and does not wait for its turn unless the line has much to say yet. */
  admits(changed: boolean, pace: Duration, busy: Duration, now: Instant): boolean {
    // A timer that is a little early must not cost a whole turn.
    const isDue = now >= this.#next - early
    if (!isDue && !changed) return false
    if (this.#idleAt - now > pace * share) return false
    if (isDue) this.#next = after(now, pace)
    this.#idleAt = after(instant(Math.max(now, this.#idleAt)), busy)
    return true
  }
}

import { now } from '../linux/monotonic-clock.ts'
import type { Instant } from '../values/duration.ts'

const longestMs = 2 ** 31 - 1

/**
 * One timer of a machine. After a stall Node runs timers before it hears of processes that have
 * ended meanwhile; so what is due is done only when that has been heard.
 */
export class Deadline {
  readonly #onDue: () => void
  #timer: NodeJS.Timeout | null = null
  #immediate: NodeJS.Immediate | null = null

  constructor(onDue: () => void) {
    this.#onDue = onDue
  }

  /** Replaces what was set before; null for never. */
  set(at: Instant | null): void {
    this.clear()
    if (at === null) return
    const wait = Math.min(longestMs, Math.max(0, Math.ceil(at - now())))
    this.#timer = setTimeout(() => {
      this.#immediate = setImmediate(this.#onDue)
    }, wait)
  }

  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#immediate !== null) clearImmediate(this.#immediate)
    this.#timer = null
    this.#immediate = null
  }
}

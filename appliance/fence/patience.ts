import type { Patience } from '../fencing/power-device.ts'
import { now } from '../linux/monotonic-clock.ts'

/** One request to a device has to be answered within this time, in milliseconds. */
export const answerWithin = 10_000

const tickEvery = 250
/** Less is a busy processor. */
const standstill = 1000

/** How long this process has run without standing still (SIGSTOP, a host that gave it no time). */
export class Wakefulness {
  #ticked = now()
  #since = -Infinity
  readonly #ticking = setInterval(() => this.length(), tickEvery)

  /** Milliseconds. */
  length(): number {
    const at = now()
    if (at - this.#ticked > standstill) this.#since = at
    this.#ticked = at
    return at - this.#since
  }

  end(): void {
    clearInterval(this.#ticking)
  }
}

/** Without somebody who watches it, a process never stands still. */
export const patienceUntil = (over: AbortSignal, awake?: Wakefulness): Patience => ({
  now: () => now(),
  awakeFor: () => awake?.length() ?? Infinity,
  isOver: () => over.aborted,
  pause: milliseconds =>
    new Promise(resolve => {
      if (over.aborted) {
        resolve()
        return
      }
      const end = (): void => {
        clearTimeout(timer)
        over.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, milliseconds)
      over.addEventListener('abort', end)
    }),
})

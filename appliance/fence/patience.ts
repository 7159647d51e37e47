import type { Patience } from '../fencing/power-device.ts'
import { now } from '../linux/monotonic-clock.ts'

/** One request to a device has to be answered within this time, in milliseconds. */
export const answerWithin = 10_000

export const patienceUntil = (over: AbortSignal): Patience => ({
  now: () => now(),
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

import type { Instant } from '../values/duration.ts'
import { checked } from './kernel-error.ts'
import { kernelMilliseconds } from './monotonic-clock.ts'
import { native } from './native/binding.ts'

/**
 * One deadline, kept to a fraction of a millisecond (setTimeout rounds up to whole ones). It comes
 * through the event loop like a packet does, in no order against it: who has a deadline and a
 * socket drains the socket first.
 */
export class PreciseTimer {
  #fd: number
  readonly #unwatch: () => void
  #set = false

  private constructor(fd: number, onExpired: () => void) {
    this.#fd = fd
    const watching = native().watch(
      fd,
      () => {
        // Set again or disarmed by somebody before us in this turn: nothing to read.
        if (native().readTimer(fd) < 0) return
        this.#set = false
        onExpired()
      },
      true,
    )
    if (typeof watching === 'number') {
      native().closeDescriptor(fd)
      checked(watching, { op: 'watch', target: 'a timer' })
      throw new Error('watch returned a number that is no error')
    }
    this.#unwatch = watching
  }

  static open(onExpired: () => void): PreciseTimer {
    const fd = checked(native().openTimer(), { op: 'timerfd_create', target: 'a timer' })
    return new PreciseTimer(fd, onExpired)
  }

  /** Replaces an earlier deadline. One that has passed is told in the next turn of the loop. */
  arm(deadline: Instant): void {
    // 0 would disarm.
    this.#setTo(Math.max(kernelMilliseconds(deadline), 1))
    this.#set = true
  }

  disarm(): void {
    if (!this.#set) return
    this.#setTo(0)
    this.#set = false
  }

  #setTo(at: number): void {
    checked(native().setTimer(this.#fd, at), { op: 'timerfd_settime', target: `a timer at ${at}` })
  }

  /** It never expires again, and the process is not kept alive by it. */
  close(): void {
    if (this.#fd < 0) return
    this.#unwatch()
    native().closeDescriptor(this.#fd)
    this.#fd = -1
  }
}

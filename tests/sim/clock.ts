import { type Instant, instant } from '../../appliance/values/duration.ts'

/** A box's monotonic clock: it began somewhere, goes a little too fast or too slow, may stand. */
export class Clock {
  readonly rate: number
  readonly #began: number
  #lost = 0
  #stoodStillAt: number | null = null

  constructor(rate: number, began: number) {
    this.rate = rate
    this.#began = began
  }

  read(time: number): Instant {
    return instant(this.#began + this.rate * ((this.#stoodStillAt ?? time) - this.#lost))
  }

  /** The true time at which it will show this. */
  when(shown: Instant): number {
    return (shown - this.#began) / this.rate + this.#lost
  }

  stop(time: number): void {
    this.#stoodStillAt ??= time
  }

  go(time: number): void {
    if (this.#stoodStillAt === null) return
    this.#lost += time - this.#stoodStillAt
    this.#stoodStillAt = null
  }
}

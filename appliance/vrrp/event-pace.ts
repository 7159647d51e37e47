import { type Duration, type Instant, seconds } from '../values/duration.ts'

/** The same thing is told once in this time, however often it happens. */
const pause: Duration = seconds(10)

type Told = { at: Instant; untold: number }

/**
 * Keeps a flood of one kind of event from becoming a flood of lines. It changes in place: hostile
 * adverts pass here at the rate at which they come.
 */
export class EventPace {
  readonly #told = new Map<string, Told>()

  /** How many events the line stands for, this one included; 0 when it is not to be told. */
  admit(kind: string, now: Instant): number {
    const told = this.#told.get(kind)
    if (told === undefined) {
      this.#told.set(kind, { at: now, untold: 0 })
      return 1
    }
    if (now - told.at < pause) {
      told.untold += 1
      return 0
    }
    const times = told.untold + 1
    told.at = now
    told.untold = 0
    return times
  }
}

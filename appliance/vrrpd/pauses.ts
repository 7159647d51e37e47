import { BootClock } from '../linux/boot-clock.ts'
import type { Journal } from '../linux/journal.ts'
import { now } from '../linux/monotonic-clock.ts'
import type { Instant } from '../values/duration.ts'
import type { EnsembleInput } from '../vrrp/ensemble.ts'
import { PauseWatch, pauseText } from '../vrrp/pause-watch.ts'

/** Tells of time in which vrrpd did not run, and what the routers have to hear of it. */
export class Pauses {
  readonly #watch = new PauseWatch()
  readonly #clock = new BootClock()

  /** `deadline`: for which it wanted to be woken. Null: its routers find out by that alone. */
  look(deadline: Instant | null, journal: Journal): EnsembleInput | null {
    // The other clock first: a stop between the two is no lost time.
    const boot = this.#clock.read(now())
    const at = now()
    const pause = this.#watch.look(at, deadline, boot)
    if (pause === null) return null
    journal.note('box', 'paused', pauseText(pause))
    return pause.lost > 0 ? { input: 'Paused', lost: pause.lost, now: at } : null
  }
}

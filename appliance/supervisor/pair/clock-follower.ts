import { setClockAhead } from '../../linux/set-clock.ts'
import { minutes, seconds } from '../../values/duration.ts'

export type ClockFollowerSite = {
  /** The clock of somebody's computer is not ours. */
  readonly appliance: boolean
  /** By NTP: then the peer is the one that is wrong. */
  readonly isSynchronised: () => boolean
  /** How far the peer's time of day is ahead, in milliseconds; null: it does not answer. */
  readonly ahead: () => Promise<number | null>
  readonly note: (event: string, text: string) => void
}

const lookEvery = minutes(1)
/** `date` sets whole seconds, and signed adverts bear five. */
const bearable = seconds(1)

/**
 * Signed adverts hold only between clocks that agree, and a box may have no source of time but its
 * battery: the one that is behind follows, unless a time server keeps it. No clock is ever set
 * back, and a clock that has lost its time begins in the past.
 */
export class ClockFollower {
  readonly #site: ClockFollowerSite
  readonly #setAhead: typeof setClockAhead
  #timer: NodeJS.Timeout | null = null
  #looks: Promise<void> = Promise.resolve()

  constructor(site: ClockFollowerSite, setAhead = setClockAhead) {
    this.#site = site
    this.#setAhead = setAhead
  }

  /** Until the clock of this box has followed, or cannot. */
  linked(): Promise<void> {
    if (!this.#site.appliance) return Promise.resolve()
    this.cut()
    this.#timer = setInterval(() => void this.#look(), lookEvery)
    this.#timer.unref()
    return this.#look()
  }

  cut(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  /** One after the other: a question to a link that is gone has no answer for the next one. */
  #look(): Promise<void> {
    this.#looks = this.#looks.then(() => this.#follow())
    return this.#looks
  }

  async #follow(): Promise<void> {
    try {
      const ahead = await this.#site.ahead()
      if (ahead === null || ahead <= bearable || this.#site.isSynchronised()) return
      await this.#setAhead(ahead)
      const by = `${(ahead / 1000).toFixed(1)} s`
      this.#site.note('clock-set', `the clock was ${by} behind that of the peer, and was set`)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.#site.note('clock-not-set', `the clock is behind that of the peer: ${why}`)
    }
  }
}

import { moveClock } from '../../linux/set-clock.ts'
import { seconds } from '../../values/duration.ts'
import type { PeerTime } from './peer-talk.ts'

export type ClockFollowerSite = {
  /** The clock of somebody's computer is not ours. */
  readonly appliance: boolean
  /** By NTP: then the peer is the one that is wrong. */
  readonly isSynchronised: () => boolean
  /** The peer's time of day; null: it does not answer. */
  readonly ask: () => Promise<PeerTime | null>
  readonly note: (event: string, text: string) => void
}

/** A time server may set the peer's clock at any moment: adverts are refused until we follow. */
const lookEvery = seconds(5)
/** `date` sets whole seconds, and signed adverts bear five. */
const bearable = seconds(1)

/**
 * Signed adverts hold only between clocks that agree, and a box may have no source of time but its
 * battery: the one that is behind follows, unless a time server keeps it; a clock that has lost its
 * time begins in the past. Back goes only what follows a clock that a time server keeps.
 */
export class ClockFollower {
  readonly #site: ClockFollowerSite
  readonly #move: typeof moveClock
  #timer: NodeJS.Timeout | null = null
  #looks: Promise<void> = Promise.resolve()
  /** Why it could not be set, as it was said last. */
  #unset = ''

  constructor(site: ClockFollowerSite, move = moveClock) {
    this.#site = site
    this.#move = move
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
      const { aheadMs, isKept } = (await this.#site.ask()) ?? { aheadMs: 0, isKept: false }
      const apart = isKept ? Math.abs(aheadMs) : aheadMs
      if (apart <= bearable || this.#site.isSynchronised()) return
      await this.#move(aheadMs)
      this.#unset = ''
      const by = `${(apart / 1000).toFixed(1)} s`
      const where = aheadMs > 0 ? 'behind' : 'ahead of'
      this.#site.note('clock-set', `the clock was ${by} ${where} that of the peer, and was set`)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      if (why === this.#unset) return
      this.#unset = why
      this.#site.note('clock-not-set', `the clock is not that of the peer: ${why}`)
    }
  }
}

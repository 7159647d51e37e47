import { now } from '../linux/monotonic-clock.ts'
import { countProcesses } from '../probes/process.ts'
import { after, type Instant, seconds } from '../values/duration.ts'
import type { Verdict } from '../vrrp/priority.ts'
import { countAgainAt, firstCount, judgeCount, type ProcessCount } from '../vrrp/tracked-process.ts'
import type { TrackerConfig } from '../vrrp/tracker-config.ts'
import { Deadline } from './deadline.ts'
import type { Tracker } from './tracker.ts'

type Config = Extract<TrackerConfig, { kind: 'process' }>

/** A process that ends is noticed within this time, and what a walk through /proc takes. */
const period = seconds(1)

/** One walk through /proc for all process trackers. */
export class ProcessTrackers {
  readonly #trackers = new Set<ProcessTracker>()
  readonly #deadline = new Deadline(() => void this.#walk())
  #walking = false
  /** Somebody came during the walk. */
  #again = false

  add(config: Config, known: Verdict | null, onChange: () => void): Tracker<Config> {
    const tracker = new ProcessTracker(config, known, onChange, () =>
      this.#trackers.delete(tracker),
    )
    this.#trackers.add(tracker)
    if (this.#walking) this.#again = true
    else this.#deadline.set(now())
    return tracker
  }

  async #walk(): Promise<void> {
    this.#walking = true
    this.#again = false
    const startedAt = now()
    const trackers = [...this.#trackers]
    try {
      const numbers = await countProcesses(trackers.map(tracker => tracker.config))
      trackers.forEach((tracker, index) => {
        if (this.#trackers.has(tracker)) tracker.judge(numbers[index] ?? 0, now())
      })
    } catch (error) {
      console.error(
        `processes cannot be counted: ${error instanceof Error ? error.message : error}`,
      )
    }
    this.#walking = false
    if (this.#trackers.size > 0) this.#deadline.set(this.#nextWalk(startedAt))
  }

  /** Sooner for one whose patience ends. */
  #nextWalk(startedAt: Instant): Instant {
    if (this.#again) return now()
    const ends = [...this.#trackers].map(tracker => tracker.againAt())
    return Math.min(after(startedAt, period), ...ends.filter(at => at !== null)) as Instant
  }
}

class ProcessTracker implements Tracker<Config> {
  config: Config
  readonly #onChange: () => void
  readonly close: () => void
  #count: ProcessCount = firstCount

  constructor(config: Config, known: Verdict | null, onChange: () => void, onClose: () => void) {
    this.config = config
    this.#onChange = onChange
    this.close = onClose
    if (known !== null) this.#count = { state: known.state, why: known.why, wrongSince: null }
  }

  verdict(): Verdict {
    const { state, why } = this.#count
    return { state, why, number: null }
  }

  adopt(config: Config): void {
    this.config = config
  }

  judge(number: number, at: Instant): void {
    this.#count = judgeCount(this.#count, number, this.config, at)
    this.#onChange()
  }

  againAt(): Instant | null {
    return countAgainAt(this.#count, this.config)
  }
}

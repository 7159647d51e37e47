import type { Duration } from '../values/duration.ts'

/** So many starts are looked at. */
const kept = 8192

/** How late probes were started: the measure of whether this box keeps up with its checks. */
export class Lateness {
  readonly #lengths = new Float64Array(kept)
  #count = 0

  add(late: Duration): void {
    this.#lengths[this.#count % kept] = late
    this.#count += 1
  }

  /** Since the start, and of the last ones in milliseconds; null before the first. */
  report() {
    const last = this.#lengths.slice(0, Math.min(this.#count, kept)).sort()
    const at = (share: number): number | null => last[Math.floor(last.length * share)] ?? null
    return { starts: this.#count, median: at(0.5), p99: at(0.99), longest: last.at(-1) ?? null }
  }
}

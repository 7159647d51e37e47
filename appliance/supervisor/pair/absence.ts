import { seconds } from '../../values/duration.ts'

const awayAfter = seconds(5)

/** A peer that is away for a moment is nobody's trouble. */
export class Absence {
  readonly #onLate: () => void
  #timer: NodeJS.Timeout | null = null

  /** `onLate`: it was away for so long that somebody should know. */
  constructor(onLate: () => void) {
    this.#onLate = onLate
  }

  begin(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#onLate, awayAfter)
    this.#timer.unref()
  }
}

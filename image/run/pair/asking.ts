/** What a client of the pair sees in one second. */
export type Second = {
  /** How often each server has answered. */
  readonly answers: Readonly<Record<string, number>>
  readonly failed: number
  /** Times without any answer that ended in this second, in ms. */
  readonly gaps: readonly number[]
  /** How long there has been no answer when the second ends, in ms; 0: it is as usual. */
  readonly silent: number
}

/**
 * Counts answers, and the times between them. An answer may come late without anything being wrong:
 * what is shorter than `least` ms is no gap.
 */
export class Asking {
  readonly #least: number
  #answered: number | null = null
  #answers: Record<string, number> = {}
  #failed = 0
  #gaps: number[] = []

  constructor(least: number) {
    this.#least = least
  }

  answer(server: string, now: number): void {
    this.#answers[server] = (this.#answers[server] ?? 0) + 1
    const gap = this.#answered === null ? 0 : now - this.#answered
    if (gap > this.#least) this.#gaps.push(Math.round(gap))
    this.#answered = Math.max(now, this.#answered ?? now)
  }

  failure(): void {
    this.#failed += 1
  }

  /** What was seen since the last call. Before the first answer nothing is missed. */
  second(now: number): Second {
    const silent = this.#answered === null ? 0 : Math.round(now - this.#answered)
    const seen = {
      answers: this.#answers,
      failed: this.#answered === null ? 0 : this.#failed,
      gaps: this.#gaps,
      silent: silent > this.#least ? silent : 0,
    }
    this.#answers = {}
    this.#failed = 0
    this.#gaps = []
    return seen
  }
}

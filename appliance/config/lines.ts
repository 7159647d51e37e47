import type { Place } from './finding.ts'

/** Where in a text its lines begin: counted once, however many places are asked for. */
export class Lines {
  readonly #starts: readonly number[]

  constructor(text: string) {
    const first = text.startsWith('\ufeff') ? 1 : 0
    this.#starts = [first, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)]
  }

  at(offset: number): Place {
    let [line, beyond] = [0, this.#starts.length]
    while (beyond - line > 1) {
      const middle = (line + beyond) >> 1
      if ((this.#starts[middle] ?? 0) <= offset) line = middle
      else beyond = middle
    }
    return { line: line + 1, column: Math.max(0, offset - (this.#starts[line] ?? 0)) + 1 }
  }
}

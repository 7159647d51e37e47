import type { Spend } from './definition.ts'

/** Why a file is given up: it would go on for ever, or nearly. */
export class GivenUp extends Error {
  readonly reason: string

  constructor(reason: string, text: string) {
    super(text)
    this.reason = reason
  }
}

/** Lines longer than this are no configuration. */
export const longestLine = 16_384
const mostLetters = 8 * 1024 * 1024
const mostFiles = 1_000
const mostLines = 200_000
/**
 * Of the lines that it may become, the share that definitions, sequences and braces may make. A
 * written line was worth somebody's while; these are free to write, and each has the work of one.
 */
const expandedShare = 1 / 4
const mostFillsOfALine = 1_000

/**
 * What one parse may take. A few lines of definitions and sequences can mean billions, and a file
 * may include another a million times: every such step is paid for here.
 */
export class Budget {
  #letters = mostLetters
  #files = mostFiles
  readonly #mostLines: number
  #entries: number
  #steps: number

  constructor(most = mostLines) {
    this.#mostLines = most
    this.#entries = most
    this.#steps = Math.floor(most * expandedShare)
  }

  readFile(text: string): void {
    this.#files -= 1
    this.#letters -= text.length
    if (this.#files < 0) {
      throw new GivenUp(
        'too-many-files',
        `more than ${mostFiles} files are included: is one in a loop?`,
      )
    }
    if (this.#letters < 0) {
      throw new GivenUp('too-large', `more than ${mostLetters / 1024 / 1024} MiB of configuration`)
    }
  }

  entry(): void {
    this.#entries -= 1
    if (this.#entries >= 0) return
    throw new GivenUp('too-large', `more than ${this.#mostLines} lines of configuration`)
  }

  /** One line or round that definitions and sequences make, or that a brace leaves of a line. */
  expand(letters: number, lines = 1): void {
    this.#steps -= lines + Math.floor(letters / 256)
    if (this.#steps >= 0) return
    const text = 'definitions, sequences and braces make more lines than a configuration can have'
    throw new GivenUp('too-much-expansion', text)
  }

  /** For the names of one line. */
  line(): Spend {
    let fills = 0
    return (length, lines) => {
      this.expand(length, lines)
      fills += 1
      if (fills > mostFillsOfALine || length > longestLine) {
        throw new GivenUp(
          'definition-loop',
          'a definition has itself in its value: the line has no end',
        )
      }
    }
  }
}

import type { Entry, Place } from './tree.ts'

type OpenEntry = Place & {
  readonly keyword: string
  readonly words: readonly string[]
  block: readonly OpenEntry[] | null
  readonly number: number
}

type OpenBlock = Place & {
  /** Null: its brace belongs to nothing. */
  readonly owner: OpenEntry | null
  /** Where the entries of the block around it begin. */
  readonly before: number
}

export type Brace = 'unexpected-brace' | 'extra-brace' | 'too-deep'

/** Far from the end of the stack of whoever walks the tree. */
const deepest = 64

/** Entries and braces in the order of the text become a tree. */
export class Blocks {
  /**
   * Of all blocks that are open, one behind the other: each gets a list of its own when it is
   * closed, of the right size. A large file has very many of them.
   */
  readonly #waiting: OpenEntry[] = []
  readonly #open: OpenBlock[] = []
  /** Where the entries of the innermost block begin. */
  #from = 0
  #count = 0

  /** Where blocks were opened that nothing has closed. */
  get unclosed(): readonly Place[] {
    return this.#open.map(({ file, line }) => ({ file, line }))
  }

  /** The tree, once everything is read. */
  end(): readonly Entry[] {
    while (this.#open.length > 0) this.close()
    return this.#waiting
  }

  add(keyword: string, words: readonly string[], file: string, line: number): void {
    this.#waiting.push({ keyword, words, block: null, file, line, number: this.#count })
    this.#count += 1
  }

  /** Entries behind a brace that belongs to nothing stay where they are. */
  open(file: string, line: number): Brace | null {
    const { length } = this.#waiting
    const last = length > this.#from ? this.#waiting[length - 1] : undefined
    const owner = last === undefined || last.block !== null ? null : last
    const before = this.#from
    if (owner === null || this.#open.length >= deepest) {
      const deep = this.#open.length >= deepest
      this.#open.push({ owner: null, file, line, before })
      return deep ? 'too-deep' : 'unexpected-brace'
    }
    owner.block = none
    this.#open.push({ owner, file, line, before })
    this.#from = length
    return null
  }

  close(): Brace | null {
    const block = this.#open.pop()
    if (block === undefined) return 'extra-brace'
    if (block.owner !== null) {
      block.owner.block = this.#waiting.slice(this.#from)
      this.#waiting.length = this.#from
    }
    this.#from = block.before
    return null
  }
}

/** Until it is closed. */
const none: readonly OpenEntry[] = []

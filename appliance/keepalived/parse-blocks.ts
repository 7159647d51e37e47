import type { Entry, Place } from './tree.ts'

type OpenEntry = {
  readonly keyword: string
  readonly words: readonly string[]
  block: OpenEntry[] | null
  readonly place: Place
  readonly number: number
}

type OpenBlock = {
  readonly list: OpenEntry[]
  /** Null: its brace belongs to nothing. */
  readonly owner: OpenEntry | null
  readonly place: Place
}

export type Brace = 'unexpected-brace' | 'extra-brace' | 'too-deep'

/** Far from the end of the stack of whoever walks the tree. */
const deepest = 64

/** Entries and braces in the order of the text become a tree. */
export class Blocks {
  readonly #top: OpenEntry[] = []
  readonly #open: OpenBlock[] = []
  /** The innermost of them that is open. */
  #list = this.#top
  #count = 0

  get entries(): readonly Entry[] {
    return this.#top
  }

  /** Where blocks were opened that nothing has closed. */
  get unclosed(): readonly Place[] {
    return this.#open.map(({ place }) => place)
  }

  add(keyword: string, words: readonly string[], place: Place): void {
    this.#list.push({ keyword, words, block: null, place, number: this.#count })
    this.#count += 1
  }

  /** Entries behind a brace that belongs to nothing stay where they are. */
  open(place: Place): Brace | null {
    const last = this.#list.at(-1)
    const owner = last === undefined || last.block !== null ? null : last
    const deep = this.#open.length >= deepest
    if (owner === null || deep) {
      this.#open.push({ list: this.#list, owner: null, place })
      return deep ? 'too-deep' : 'unexpected-brace'
    }
    this.#list = []
    owner.block = this.#list
    this.#open.push({ list: this.#list, owner, place })
    return null
  }

  close(): Brace | null {
    const block = this.#open.pop()
    if (block === undefined) return 'extra-brace'
    // A list that was pushed to has room for more: large files have very many.
    if (block.owner !== null) block.owner.block = block.list.slice()
    this.#list = this.#open.at(-1)?.list ?? this.#top
    return null
  }
}

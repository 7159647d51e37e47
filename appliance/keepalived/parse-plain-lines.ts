import { plainWords } from './lex.ts'

/** A keyword with its words, and maybe a brace behind them. */
export type PlainLine = {
  readonly keyword: string
  readonly words: readonly string[]
  readonly opens: boolean
}

/** Nothing in it that conditions, definitions, sequences, includes or quotes are made of. */
const isPlain = /^(?!include)[^@$~{}"'\\]+\{?$/

const mostKnown = 4_096

const noWords: readonly string[] = []

/**
 * Most lines are plain, and a large file has the same few of them again and again: each is read
 * once, and all entries made of it have the same words.
 */
export class PlainLines {
  readonly #known = new Map<string, PlainLine>()
  /** One text for each: a large file has a few of them a hundred thousand times. */
  readonly #keywords = new Map<string, string>()

  /** Null: it is not plain. */
  of(line: string): PlainLine | null {
    const known = this.#known.get(line)
    if (known !== undefined) return known
    if (!isPlain.test(line)) return null
    const opens = line.endsWith('{')
    const { words } = plainWords(opens ? line.slice(0, -1) : line)
    const [keyword, ...rest] = words
    if (keyword === undefined) return null
    const read = { keyword: this.keyword(keyword), words: rest.length > 0 ? rest : noWords, opens }
    if (this.#known.size >= mostKnown) this.#known.clear()
    this.#known.set(line, read)
    return read
  }

  keyword(text: string): string {
    const known = this.#keywords.get(text)
    if (known === undefined) this.#keywords.set(text, text)
    return known ?? text
  }
}

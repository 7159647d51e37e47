/**
 * A reader of JSON (RFC 8259) that knows where each value stands, so that a refusal has a line. It
 * says what is wrong in words, and refuses what JSON.parse takes in silence: a key given twice.
 */

import type { Place } from './finding.ts'
import { deepest, goodJson } from './good-json.ts'
import { Lines } from './lines.ts'
import { type Path, pathText } from './path.ts'

export type ReadJson =
  | { readonly kind: 'value'; readonly value: unknown; placeOf(path: Path): Place }
  | {
      readonly kind: 'not-json'
      readonly place: Place
      readonly expected: string
      /** What stands there instead. */
      readonly found: string
      readonly hint: string | null
    }

export function readJson(text: string): ReadJson {
  const good = goodJson(text)
  if (good === null) return readSlowly(text)
  let places: ReadJson | undefined
  const placeOf = (path: Path): Place => {
    places ??= readSlowly(text)
    if (places.kind === 'value') return places.placeOf(path)
    throw new TypeError(`JSON.parse took what is refused: ${places.expected}`)
  }
  return { kind: 'value', value: good.value, placeOf }
}

function readSlowly(text: string): ReadJson {
  const reader = new Reader(text)
  try {
    const value = reader.document()
    const lines = new Lines(text)
    return { kind: 'value', value, placeOf: path => lines.at(reader.offsetOf(value, path)) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { offset, expected, hint } = error
    return {
      kind: 'not-json',
      place: new Lines(text).at(offset),
      expected,
      found: error.found,
      hint,
    }
  }
}

class Refusal extends Error {
  readonly offset: number
  readonly expected: string
  readonly found: string
  readonly hint: string | null

  constructor(offset: number, expected: string, found: string, hint: string | null) {
    super(expected)
    this.offset = offset
    this.expected = expected
    this.found = found
    this.hint = hint
  }
}

type Container = Record<string, unknown> | unknown[]

class Reader {
  readonly #text: string
  #at = 0
  readonly #path: (string | number)[] = []
  /** For each object and list where its entries begin. */
  readonly #offsets = new Map<unknown, Map<string | number, number>>()

  constructor(text: string) {
    this.#text = text
  }

  document(): unknown {
    // Editors on Windows put a byte order mark first.
    if (this.#text.startsWith('\ufeff')) this.#at = 1
    const value = this.#value()
    this.#blank()
    if (this.#at < this.#text.length) this.#refuse('nothing after the end of the document')
    return value
  }

  /** Of the entry at a path, or of the innermost one around it that there is. */
  offsetOf(document: unknown, path: Path): number {
    let offset = this.#text.search(/[^\s\ufeff]/)
    let value = document
    for (const step of path) {
      const next = this.#offsets.get(value)?.get(step)
      if (next === undefined) break
      offset = next
      value = (value as Record<string | number, unknown>)[step]
    }
    return Math.max(0, offset)
  }

  #value(): unknown {
    this.#blank()
    const sign = this.#text[this.#at]
    if (sign === '{') return this.#object()
    if (sign === '[') return this.#list()
    if (sign === '"') return this.#string()
    return this.#numberOrWord()
  }

  #object(): Container {
    const object: Record<string, unknown> = {}
    this.#entries(object, '}', () => {
      const offset = this.#at
      if (this.#text[offset] !== '"') this.#refuse('a key in quotes', keyAdvice(this.#rest()))
      const key = this.#string()
      if (Object.hasOwn(object, key) || key === '__proto__') {
        this.#at = offset
        const again = key === '__proto__' ? '' : ' a second time'
        this.#refuse('another key', null, `${JSON.stringify(key)}${again}`)
      }
      this.#blank()
      if (this.#text[this.#at] !== ':') this.#refuse(`":" after the key ${JSON.stringify(key)}`)
      this.#at += 1
      this.#enter(object, key, offset)
      object[key] = this.#value()
    })
    return object
  }

  #list(): Container {
    const list: unknown[] = []
    this.#entries(list, ']', () => {
      this.#enter(list, list.length, this.#at)
      list.push(this.#value())
    })
    return list
  }

  /** What objects and lists have in common: commas, and an end. */
  #entries(container: Container, end: '}' | ']', entry: () => void): void {
    if (this.#path.length >= deepest) this.#refuse(`at most ${deepest} levels`)
    this.#offsets.set(container, new Map())
    const opened = this.#at
    this.#at += 1
    this.#blank()
    if (this.#text[this.#at] === end) {
      this.#at += 1
      return
    }
    for (;;) {
      entry()
      this.#blank()
      const sign = this.#text[this.#at]
      if (sign !== ',' && sign !== end) {
        this.#refuse(`"," or "${end}" after ${this.#where()}`, this.#unclosed(opened))
      }
      this.#path.pop()
      if (sign === end) break
      this.#at += 1
      this.#blank()
      if (this.#text[this.#at] === end) {
        this.#refuse(`another entry after ","`, 'the last entry has no comma behind it')
      }
    }
    this.#at += 1
  }

  #enter(container: Container, step: string | number, offset: number): void {
    this.#offsets.get(container)?.set(step, offset)
    this.#path.push(step)
  }

  #string(): string {
    const start = this.#at
    let end = start + 1
    for (; this.#text[end] !== '"'; end += 1) {
      const code = this.#text.charCodeAt(end)
      // NaN at the end of the text.
      if (!(code >= 0x20)) {
        this.#at = Math.min(end, this.#text.length)
        this.#refuse(
          `a closing '"' for ${JSON.stringify(`${this.#text.slice(start + 1, start + 13)}...`)}`,
        )
      }
      if (code === 0x5c) end += 1
    }
    this.#at = end + 1
    const quoted = this.#text.slice(start, this.#at)
    try {
      return JSON.parse(quoted)
    } catch {
      this.#at = start + (goodBeginning.exec(quoted)?.[0].length ?? 0)
      return this.#refuse('one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000 after a backslash')
    }
  }

  #numberOrWord(): unknown {
    const word = /^[^\s,:{}[\]"]+/.exec(this.#rest())?.[0] ?? ''
    if (/^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/.test(word)) {
      const value: unknown = JSON.parse(word)
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
        this.#refuse('a smaller number')
      }
      this.#at += word.length
      return value
    }
    return this.#refuse(
      `a value${this.#path.length === 0 ? '' : ` of ${this.#where()}`}`,
      valueAdvice(word),
    )
  }

  #blank(): void {
    while (' \n\r\t'.includes(this.#text[this.#at] ?? '-')) this.#at += 1
  }

  #rest = (): string => this.#text.slice(this.#at, this.#at + 100)

  #where = (): string => pathText(this.#path)

  #unclosed(opened: number): string | null {
    if (this.#at < this.#text.length) return commentAdvice(this.#rest())
    const { line, column } = new Lines(this.#text).at(opened)
    return `"${this.#text[opened]}" in line ${line}, column ${column} is still open`
  }

  #refuse(expected: string, hint: string | null = null, found = this.#found()): never {
    const advice = hint ?? commentAdvice(this.#rest())
    throw new Refusal(this.#at, expected, found, advice)
  }

  #found(): string {
    const rest = this.#rest()
    if (rest === '') return 'the end of the text'
    return JSON.stringify(/^[\w.+-]+|^\S/.exec(rest)?.[0].slice(0, 30) ?? rest.slice(0, 1))
  }
}

/** Of a text in quotes: up to the first escape that there is not. */
const goodBeginning = /^(?:[^\\]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/

const commentAdvice = (rest: string): string | null =>
  /^(\/\/|\/\*|#|!)/.test(rest) ? 'JSON has no comments' : null

function keyAdvice(rest: string): string | null {
  if (rest.startsWith("'")) return 'JSON has double quotes'
  const word = /^[\w$-]+/.exec(rest)?.[0]
  return word === undefined ? null : `write ${JSON.stringify(word)}`
}

function valueAdvice(word: string): string | null {
  if (word.startsWith("'")) return 'JSON has double quotes'
  if (/^(True|yes|on)$/i.test(word)) return 'write true'
  if (/^(False|no|off)$/i.test(word)) return 'write false'
  if (/^[+.]?\d/.test(word) || word === '') return null
  return /^[\w]/.test(word) ? `text has quotes: ${JSON.stringify(word)}` : null
}

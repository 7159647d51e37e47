import { type Entry, type ParsedFile, type Place, placeOfEntry } from './tree.ts'

/**
 * `applied`: it means the same here. `translated`: it is here in another way, or with another
 * value. `ignored`: it has no meaning here. `unsupported`: it is not here, and something has to be
 * done about it. `refused`: with it there is no valid document.
 */
export type Outcome = 'applied' | 'translated' | 'ignored' | 'unsupported' | 'refused'

/** What became of one line. */
export type Finding = {
  readonly place: Place
  /** What the line begins with; absent when it is said of more, or of the language. */
  readonly keyword?: string | undefined
  readonly outcome: Outcome
  /** What changed, why, what to do. Empty for what is applied as it is. */
  readonly text: string
  /** Where it is in our document; null: nowhere, or in several places. */
  readonly path: string | null
}

/**
 * Of the language of the file, not of what it says. keepalived goes on, and so do we unless asked
 * to be strict.
 */
export function languageFindings(
  { asides, problems }: ParsedFile,
  strict: boolean,
): readonly Finding[] {
  const done = asides.map(
    ({ place, text }): Finding => ({
      place,
      outcome: text === '' ? 'applied' : 'ignored',
      text,
      path: null,
    }),
  )
  const wrong = problems.map(({ severity, place, text }): Finding => {
    const lenient = severity === 'lenient' ? 'translated' : 'unsupported'
    const isRefused = strict || severity === 'unread'
    return { place, outcome: isRefused ? 'refused' : lenient, text, path: null }
  })
  return [...done, ...wrong].sort(inOrder)
}

const inOrder = ({ place: a }: Finding, { place: b }: Finding): number =>
  a.file === b.file ? a.line - b.line : 0

/** Both in the order of the lines of each file, as what comes of them is. */
export function inOrderOfLines(
  language: readonly Finding[],
  findings: readonly Finding[],
): readonly Finding[] {
  if (language.length === 0) return findings
  const waiting = Map.groupBy(language, ({ place }) => place.file)
  const all: Finding[] = []
  for (const finding of findings) {
    const { file, line } = finding.place
    const before = waiting.get(file) ?? []
    const count = before.findIndex(({ place }) => place.line > line)
    all.push(...before.splice(0, count < 0 ? before.length : count), finding)
  }
  return all.concat([...waiting.values()].flat())
}

/** What was said of an entry: place and keyword are those of the entry. */
type Remark = Omit<Finding, 'place' | 'keyword'>

/**
 * Every line says at least one thing. Most are applied and nothing more: for those stands their
 * path alone, since a file of a thousand services has a hundred thousand of them.
 */
type Said = string | null | readonly Remark[]

/** `others`: so many lines that are applied, of which there is nothing more to say. */
export type Remarkable = { readonly findings: readonly Finding[]; readonly others: number }

export class Notes {
  /** By the number of the entry. */
  readonly #said: (Said | undefined)[]

  constructor(entries: readonly Entry[]) {
    this.#said = new Array(lastNumber(entries) + 1).fill(undefined)
  }

  applied(entry: Entry, path: string | null): void {
    if (this.has(entry)) this.#say(entry, { outcome: 'applied', text: '', path })
    else this.#said[entry.number] = path
  }

  /** Unless its handler has said something else. */
  appliedOtherwise(entry: Entry, path: string | null): void {
    if (!this.has(entry)) this.#said[entry.number] = path
  }

  /** The same as of an entry that says the same, with all in its braces. */
  asOf(other: Entry, entry: Entry): void {
    this.#said[entry.number] = this.#said[other.number]
    const { block } = entry
    for (let at = 0; block !== null && at < block.length; at++) {
      const [inner, twin] = [other.block?.[at], block[at]]
      if (inner !== undefined && twin !== undefined) this.asOf(inner, twin)
    }
  }

  translated(entry: Entry, text: string, path: string | null = null): void {
    this.#say(entry, { outcome: 'translated', text, path })
  }

  /** With everything in its braces, as `unsupported` and `refused`. */
  ignored(entry: Entry, text: string): void {
    this.#sayOfWhole(entry, 'ignored', text)
  }

  unsupported(entry: Entry, text: string): void {
    this.#sayOfWhole(entry, 'unsupported', text)
  }

  refused(entry: Entry, text: string, path: string | null = null): void {
    this.#say(entry, { outcome: 'refused', text, path })
    this.#sayOfBlock(entry, 'unsupported', `part of ${entry.keyword} in line ${entry.line}`)
  }

  /** For lines that were read before it was known where they would stand. */
  locate(entries: readonly Entry[], path: string): void {
    for (const entry of entries) {
      const said = this.#said[entry.number]
      if (said === null) this.#said[entry.number] = path
      else if (typeof said === 'object') {
        this.#said[entry.number] = said.map(each => located(each, path))
      }
      if (entry.block !== null) this.locate(entry.block, path)
    }
  }

  has(entry: Entry): boolean {
    return this.#said[entry.number] !== undefined
  }

  /** In the order of the files. */
  of(entries: readonly Entry[]): readonly Finding[] {
    const list: Finding[] = []
    this.#collect(entries, list, true)
    return list
  }

  /** Without those that are applied and nothing more. */
  remarkable(entries: readonly Entry[]): Remarkable {
    const findings: Finding[] = []
    const others = this.#collect(entries, findings, false)
    return { findings, others }
  }

  /** How many were left out. */
  #collect(entries: readonly Entry[], list: Finding[], all: boolean): number {
    let others = 0
    for (let at = 0; at < entries.length; at += 1) {
      const entry = entries[at] as Entry
      const said = this.#said[entry.number]
      if (typeof said === 'string' || said === null) {
        if (all) list.push(appliedAt(entry, said))
        else others += 1
      } else {
        const { keyword } = entry
        const place = placeOfEntry(entry)
        for (const remark of said ?? unread(entry)) list.push({ place, keyword, ...remark })
      }
      if (entry.block !== null) others += this.#collect(entry.block, list, all)
    }
    return others
  }

  #sayOfWhole(entry: Entry, outcome: Outcome, text: string): void {
    this.#say(entry, { outcome, text, path: null })
    this.#sayOfBlock(entry, outcome, `part of ${entry.keyword} in line ${entry.line}`)
  }

  #sayOfBlock({ block }: Entry, outcome: Outcome, text: string): void {
    for (const inner of block ?? []) {
      if (this.has(inner)) continue
      this.#say(inner, { outcome, text, path: null })
      this.#sayOfBlock(inner, outcome, text)
    }
  }

  /** What is said about it later is more than that it was applied. */
  #say(entry: Entry, remark: Remark): void {
    const before = this.#said[entry.number]
    if (before === undefined) this.#said[entry.number] = [remark]
    else if (typeof before === 'string' || before === null) {
      this.#said[entry.number] = [{ ...remark, path: remark.path ?? before }]
    } else if (remark.outcome !== 'applied') this.#said[entry.number] = [...before, remark]
  }
}

const unread = ({ keyword }: Entry): readonly Remark[] => [
  { outcome: 'unsupported', text: `nothing here reads "${keyword}"`, path: null },
]

const appliedAt = (entry: Entry, path: string | null): Finding => ({
  place: placeOfEntry(entry),
  keyword: entry.keyword,
  outcome: 'applied',
  text: '',
  path,
})

function lastNumber(entries: readonly Entry[]): number {
  const last = entries.at(-1)
  if (last === undefined) return -1
  return Math.max(last.number, lastNumber(last.block ?? []))
}

const located = (remark: Remark, path: string): Remark =>
  remark.path === null && remark.outcome === 'translated' ? { ...remark, path } : remark

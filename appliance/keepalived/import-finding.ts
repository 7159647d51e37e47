import type { Entry, Place } from './tree.ts'

/**
 * `applied`: it means the same here. `translated`: it is here in another way, or with another
 * value. `ignored`: it has no meaning here. `unsupported`: it is not here, and something has to be
 * done about it. `refused`: with it there is no valid document.
 */
export type Outcome = 'applied' | 'translated' | 'ignored' | 'unsupported' | 'refused'

/** What became of one line. */
export type Finding = {
  readonly place: Place
  readonly outcome: Outcome
  /** What changed, why, what to do. Empty for what is applied as it is. */
  readonly text: string
  /** Where it is in our document; null: nowhere, or in several places. */
  readonly path: string | null
}

/** Every line says at least one thing: `unsaid` finds those that do not. */
export class Notes {
  readonly #said = new Map<Entry, Finding[]>()

  applied(entry: Entry, path: string | null): void {
    this.#say(entry, 'applied', '', path)
  }

  translated(entry: Entry, text: string, path: string | null = null): void {
    this.#say(entry, 'translated', text, path)
  }

  /** With everything in its braces, as `unsupported` and `refused`. */
  ignored(entry: Entry, text: string): void {
    this.#sayOfWhole(entry, 'ignored', text)
  }

  unsupported(entry: Entry, text: string): void {
    this.#sayOfWhole(entry, 'unsupported', text)
  }

  refused(entry: Entry, text: string, path: string | null = null): void {
    this.#say(entry, 'refused', text, path)
    for (const inner of entry.block ?? []) this.#sayOfWhole(inner, 'unsupported', `part of it`)
  }

  /** For lines that were read before it was known where they would stand. */
  locate(entries: readonly Entry[], path: string): void {
    for (const entry of entries) {
      const said = this.#said.get(entry)
      if (said !== undefined)
        this.#said.set(
          entry,
          said.map(each => located(each, path)),
        )
      this.locate(entry.block ?? [], path)
    }
  }

  has(entry: Entry): boolean {
    return this.#said.has(entry)
  }

  /** In the order of the files. */
  of(entries: readonly Entry[]): readonly Finding[] {
    const list: Finding[] = []
    this.#collect(entries, list)
    return list
  }

  #collect(entries: readonly Entry[], list: Finding[]): void {
    for (const entry of entries) {
      this.#unsaid(entry)
      for (const finding of this.#said.get(entry) ?? []) list.push(finding)
      this.#collect(entry.block ?? [], list)
    }
  }

  #unsaid(entry: Entry): void {
    if (this.has(entry)) return
    this.#say(entry, 'unsupported', `nothing here reads "${entry.keyword}"`, null)
  }

  #sayOfWhole(entry: Entry, outcome: Outcome, text: string): void {
    this.#say(entry, outcome, text, null)
    for (const inner of entry.block ?? []) {
      if (!this.has(inner)) this.#sayOfWhole(inner, outcome, `part of ${entry.keyword}: ${text}`)
    }
  }

  #say(entry: Entry, outcome: Outcome, text: string, path: string | null): void {
    const finding: Finding = { place: entry.place, outcome, text, path }
    const before = this.#said.get(entry)
    if (before === undefined) {
      this.#said.set(entry, [finding])
      return
    }
    // What is said about it later is more than that it was applied.
    const applied = before.find(each => each.outcome === 'applied')
    const others = before.filter(each => each !== applied)
    this.#said.set(entry, [...others, { ...finding, path: path ?? applied?.path ?? null }])
  }
}

const located = (finding: Finding, path: string): Finding =>
  finding.path === null && /^(applied|translated)$/.test(finding.outcome)
    ? { ...finding, path }
    : finding

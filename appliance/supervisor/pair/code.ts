import { randomBytes } from 'node:crypto'
import { codeFrom, codeHolds, codeTries } from '../../pairing/code.ts'
import type { Duration } from '../../values/duration.ts'

/** One that both boxes were told beforehand. */
export type GivenCode = { readonly code: string; readonly within: Duration }

export type ShownCode = { readonly code: string; readonly expiresAt: string }

export type CodeSite = {
  /** To the process that lets others in; null: nobody any more. False: it does not run. */
  readonly tell: (code: string | null, tries: number) => boolean
  readonly note: (event: string, text: string) => void
  readonly onChange: () => void
}

/** The code that this box shows, if it does. */
export class PairCode {
  readonly #site: CodeSite
  #shown: ShownCode | null = null
  #triesLeft = 0
  #timer: NodeJS.Timeout | null = null

  constructor(site: CodeSite) {
    this.#site = site
  }

  get shown(): ShownCode | null {
    return this.#shown
  }

  /** Another one than before: that one is worth nothing any more. */
  show(given: GivenCode | null = null): ShownCode {
    const { code, within } = given ?? { code: codeFrom(randomBytes(8)), within: codeHolds }
    const expiresAt = new Date(Date.now() + within).toISOString()
    const shown = { code, expiresAt }
    this.#set(shown)
    this.#site.note('pair-code', `another box may join until ${expiresAt}`)
    this.#timer = setTimeout(() => this.end(), within)
    this.#timer.unref()
    return shown
  }

  end(): void {
    if (this.#shown !== null) this.#site.note('pair-code-ended', 'nobody has joined with it')
    this.#set(null)
  }

  used(): void {
    this.#set(null)
  }

  tried(from: string, triesLeft: number): void {
    const left = triesLeft === 1 ? '1 try is left' : `${triesLeft} tries are left`
    this.#triesLeft = triesLeft
    this.#site.note('pair-wrong-code', `${from} does not know the pairing code: ${left}`)
    if (triesLeft < 1) this.#set(null)
  }

  /** The process has started again: the tries of before count. */
  tell(): boolean {
    return this.#site.tell(this.#shown?.code ?? null, this.#triesLeft)
  }

  #set(shown: ShownCode | null): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#shown = shown
    this.#triesLeft = shown === null ? 0 : codeTries
    this.tell()
    this.#site.onChange()
  }
}

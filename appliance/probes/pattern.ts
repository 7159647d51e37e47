import { createContext, Script } from 'node:vm'
import { ProbeFailure } from './asking.ts'

/** What a pattern sees of an answer. */
export const mostSearched = 64 * 1024

/**
 * Of one match. An operator's pattern and a hostile answer can together take for ever: `(a+)+$` on
 * fifty letters does. The engine is stopped then, because nothing else runs meanwhile.
 */
const longestMatchMs = 50
const mostTries = 5

/** The only way to stop a pattern is to stop a script. */
const room = createContext(Object.create(null) as { pattern?: RegExp; text?: string })
const script = new Script('pattern.test(text)')

/** The engine is stopped by the clock; who hardly had the processor meanwhile gets another go. */
function found(): boolean {
  for (let tries = 1; ; tries += 1) {
    const began = process.threadCpuUsage()
    try {
      return script.runInContext(room, { timeout: longestMatchMs }) === true
    } catch (error) {
      const { user, system } = process.threadCpuUsage(began)
      if (tries === mostTries || (user + system) / 1000 > longestMatchMs / 2) throw error
    }
  }
}

/** A regular expression of the configuration. */
export class Pattern {
  readonly #pattern: RegExp
  readonly #source: string

  /** Throws ProbeFailure. */
  constructor(source: string) {
    this.#source = source
    try {
      this.#pattern = new RegExp(source, 'm')
    } catch (error) {
      throw new ProbeFailure('cannot-ask', (error as Error).message)
    }
  }

  get words(): string {
    return `/${this.#source}/`
  }

  /** In the beginning of the text. Throws ProbeFailure when that takes too long. */
  isIn(text: string): boolean {
    room.pattern = this.#pattern
    room.text = text.slice(0, mostSearched)
    try {
      return found()
    } catch {
      throw new ProbeFailure(
        'wrong-answer',
        `${this.words} took more than ${longestMatchMs} ms on the answer: make the pattern simpler`,
      )
    } finally {
      room.text = ''
    }
  }
}

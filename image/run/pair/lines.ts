import type { Second } from './asking.ts'

export const clock = (now: Date): string => now.toTimeString().slice(0, 8)

/** One second of the client as a line. */
export const secondText = ({ answers, failed, gaps, silent }: Second): string => {
  const names = Object.keys(answers).toSorted()
  const counts = names.map(name => `${name} ${`${answers[name]}`.padStart(3)}`)
  return [
    counts.length === 0 ? 'no answer' : counts.join('   '),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...gaps.map(gap => `<- nothing for ${gap} ms`),
    ...(silent > 0 ? [`<- nothing since ${silent} ms`] : []),
  ].join('   ')
}

/** Whether the second is worth a line that stays. */
export const isEventful = ({ failed, gaps, silent, answers }: Second, before: Second | null) =>
  failed > 0 ||
  gaps.length > 0 ||
  silent > 0 ||
  before === null ||
  Object.keys(answers).toSorted().join() !== Object.keys(before.answers).toSorted().join()

/** Lines that stay, and one below them that is written over as long as nothing happens. */
export class Roll {
  readonly #write: (text: string) => void
  readonly #isTerminal: boolean
  #isOpen = false

  constructor(write: (text: string) => void, isTerminal: boolean) {
    this.#write = write
    this.#isTerminal = isTerminal
  }

  stay(text: string): void {
    this.#write(`${this.#before}${text}\n`)
    this.#isOpen = false
  }

  passing(text: string): void {
    if (this.#isTerminal) this.#write(`${this.#before}${text}`)
    else this.stay(text)
    this.#isOpen = this.#isTerminal
  }

  get #before(): string {
    return this.#isOpen ? '\r\x1b[K' : ''
  }
}

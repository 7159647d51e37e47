import { GivenUp } from './parse-budget.ts'
import type { ParseProblem, Place } from './tree.ts'

const most = 10_000

/** Each said once: a line that is read again and again has the same to say. */
export class Problems {
  readonly all: ParseProblem[] = []
  readonly #said = new Set<string>()

  add(severity: ParseProblem['severity'], place: Place, reason: string, text: string): void {
    const key = `${place.file}:${place.line}:${reason}:${text}`
    if (this.#said.has(key)) return
    if (this.all.length >= most) {
      throw new GivenUp('too-many-problems', `more than ${most} problems: is this a configuration?`)
    }
    this.#said.add(key)
    this.all.push({ severity, place, reason, text })
  }

  giveUp(place: Place, { reason, message }: GivenUp): void {
    const text = `${message}; nothing behind this line was read`
    this.all.push({ severity: 'unread', place, reason, text })
  }
}

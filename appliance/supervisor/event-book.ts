import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { BoxEvent } from '../status/events.ts'

const mostKept = 1000

/**
 * The last things that happened on this box. They lie in a file of the run folder, so that who
 * asks after a restart of the supervisor hears why there was one; a reboot ends them.
 */
export class EventBook {
  readonly #path: string
  readonly #onEvent: (event: BoxEvent) => void
  #events: BoxEvent[]
  /** Lines in the file. At first it is written anew: its last line may be half there. */
  #written = 2 * mostKept

  /** `onEvent` is for the log. */
  constructor(path: string, onEvent: (event: BoxEvent) => void) {
    this.#path = path
    this.#onEvent = onEvent
    this.#events = read(path)
  }

  add(events: readonly BoxEvent[]): void {
    if (events.length === 0) return
    this.#events.push(...events)
    for (const event of events) this.#onEvent(event)
    if (this.#events.length > mostKept) this.#events = this.#events.slice(-mostKept)
    this.#keep(events)
  }

  /** A first line about the run before this one, unless it ended in order. */
  begin(): void {
    const last = this.#events.at(-1)
    if (last === undefined || last.event === 'supervisor-stopped') return
    this.#ofUs('supervisor-restarted', `it ended without an orderly stop, after ${last.at}`)
  }

  end(why: string): void {
    this.#ofUs('supervisor-stopped', why)
  }

  #ofUs(event: string, text: string): void {
    this.add([{ at: new Date().toISOString(), about: 'supervisor', event, text, times: 1 }])
  }

  all(): readonly BoxEvent[] {
    return this.#events
  }

  /** A file that cannot be written costs what it would have told after a restart, no more. */
  #keep(events: readonly BoxEvent[]): void {
    this.#written += events.length
    try {
      if (this.#written <= 2 * mostKept) {
        appendFileSync(this.#path, lines(events), { mode: 0o600 })
        return
      }
      writeFileSync(`${this.#path}.new`, lines(this.#events), { mode: 0o600 })
      renameSync(`${this.#path}.new`, this.#path)
      this.#written = this.#events.length
    } catch {}
  }
}

const lines = (events: readonly BoxEvent[]): string =>
  events.map(event => `${JSON.stringify(event)}\n`).join('')

function read(path: string): BoxEvent[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return []
  }
  return text
    .split('\n')
    .flatMap(each => {
      try {
        return [JSON.parse(each) as BoxEvent]
      } catch {
        return []
      }
    })
    .slice(-mostKept)
}

import type { BoxEvent } from '../status/events.ts'
import type { Instant } from '../values/duration.ts'
import { EventPace } from '../vrrp/event-pace.ts'

/** What happened, gathered for the supervisor; a flood of one kind becomes a line in a while. */
export class Journal {
  readonly #pace = new EventPace()
  readonly #tell: () => void
  readonly #flightOf: (about: string, event: string, text: string) => number | null
  #waiting: BoxEvent[] = []

  /** `flightOf`: the number of the recording that shows what is told. */
  constructor(
    tell: () => void,
    flightOf: (about: string, event: string, text: string) => number | null = () => null,
  ) {
    this.#tell = tell
    this.#flightOf = flightOf
  }

  /** Always told: it happens seldom. */
  note(about: string, event: string, text: string): void {
    const flight = this.#flightOf(about, event, text)
    const line = { at: new Date().toISOString(), about, event, text, times: 1 }
    this.#push(flight === null ? line : { ...line, flight })
  }

  /** Told once in a while, with how often it happened. */
  repeated(about: string, event: string, now: Instant, text: () => string): void {
    const times = this.#pace.admit(`${about} ${event}`, now)
    if (times === 0) return
    this.#push({ at: new Date().toISOString(), about, event, text: text(), times })
  }

  take(): readonly BoxEvent[] {
    const events = this.#waiting
    this.#waiting = []
    return events
  }

  #push(event: BoxEvent): void {
    this.#waiting.push(event)
    this.#tell()
  }
}

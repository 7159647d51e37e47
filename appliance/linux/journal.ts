import type { BoxEvent } from '../status/events.ts'
import type { Instant } from '../values/duration.ts'
import { EventPace } from '../vrrp/event-pace.ts'

/** What happened, gathered for the supervisor; a flood of one kind becomes a line in a while. */
export class Journal {
  readonly #pace = new EventPace()
  readonly #tell: () => void
  #waiting: BoxEvent[] = []

  constructor(tell: () => void) {
    this.#tell = tell
  }

  /** Always told: it happens seldom. */
  note(about: string, event: string, text: string): void {
    this.#push({ at: new Date().toISOString(), about, event, text, times: 1 })
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

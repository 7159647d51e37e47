import type { BoxEvent } from '../status/events.ts'

const mostKept = 1000

/** The last things that happened on this box. */
export class EventBook {
  readonly #onEvent: (event: BoxEvent) => void
  #events: BoxEvent[] = []

  /** For the log, which outlives us. */
  constructor(onEvent: (event: BoxEvent) => void) {
    this.#onEvent = onEvent
  }

  add(events: readonly BoxEvent[]): void {
    this.#events.push(...events)
    for (const event of events) this.#onEvent(event)
    if (this.#events.length > mostKept) this.#events = this.#events.slice(-mostKept)
  }

  all(): readonly BoxEvent[] {
    return this.#events
  }
}

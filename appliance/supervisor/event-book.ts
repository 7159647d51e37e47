import type { BoxEvent } from '../status/events.ts'

const mostKept = 1000

/** The last things that happened on this box. */
export class EventBook {
  #events: BoxEvent[] = []

  add(events: readonly BoxEvent[]): void {
    this.#events.push(...events)
    if (this.#events.length > mostKept) this.#events = this.#events.slice(-mostKept)
  }

  all(): readonly BoxEvent[] {
    return this.#events
  }
}

import { applyDelta, statusDelta } from '../../status/delta.ts'

/** One event of a stream; ids count up by one, so that a reader sees a gap. */
export type FeedEvent = {
  readonly id: number
  readonly event: string
  /** JSON on one line. */
  readonly data: string
}

const nothing: ReadonlySet<string> = new Set()

/**
 * One document for many readers: each gets it as a whole once, and all get the same changes then.
 * Nothing is compared while nobody reads.
 */
export class ChangeFeed<T extends object> {
  readonly #name: string
  readonly #take: () => T
  readonly #readers = new Set<(event: FeedEvent) => void>()
  /** What readers have: they hear what is not in it any more. */
  #told: unknown = null
  #id = 0

  /** `name`: of the event that has the whole document. */
  constructor(name: string, take: () => T) {
    this.#name = name
    this.#take = take
  }

  /** Tells what has changed since the last time; keys in `quiet` wait until a later one. */
  tell(quiet: ReadonlySet<string> = nothing): void {
    if (this.#readers.size === 0) return
    const now = this.#take()
    const delta = statusDelta(this.#told, now, quiet)
    if (delta.length === 0) return
    this.#told = quiet.size === 0 ? now : applyDelta(this.#told, delta)
    this.#id += 1
    const event = { id: this.#id, event: 'change', data: JSON.stringify(delta) }
    for (const reader of this.#readers) reader(event)
  }

  /** A new reader begins where all others are. */
  readonly open = (reader: (event: FeedEvent) => void): (() => void) => {
    this.tell()
    if (this.#readers.size === 0) this.#told = this.#take()
    this.#readers.add(reader)
    reader({ id: this.#id, event: this.#name, data: JSON.stringify(this.#told) })
    return () => {
      this.#readers.delete(reader)
    }
  }
}

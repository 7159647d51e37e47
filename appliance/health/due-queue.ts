import type { Instant } from '../values/duration.ts'

/** What can wait in a queue. Both fields are the queue's. */
export type Due = {
  dueAt: Instant
  /** Where it stands; -1 while it does not wait. */
  place: number
}

/** Earliest first: a binary heap that knows where each item stands, so that one can be moved. */
export class DueQueue<T extends Due> {
  readonly #heap: T[] = []

  get first(): T | null {
    return this.#heap[0] ?? null
  }

  get size(): number {
    return this.#heap.length
  }

  /** One that waits already is moved. */
  add(item: T, dueAt: Instant): void {
    item.dueAt = dueAt
    if (item.place === -1) {
      item.place = this.#heap.length
      this.#heap.push(item)
    }
    this.#settle(item)
  }

  remove(item: T): void {
    const { place } = item
    if (place === -1) return
    const last = this.#heap.pop()
    item.place = -1
    if (last === undefined || last === item) return
    this.#put(last, place)
    this.#settle(last)
  }

  /** The earliest one if its time has come. */
  take(now: Instant): T | null {
    const { first } = this
    if (first === null || first.dueAt > now) return null
    this.remove(first)
    return first
  }

  takeAll(now: Instant): readonly T[] {
    const due: T[] = []
    for (let item = this.take(now); item !== null; item = this.take(now)) due.push(item)
    return due
  }

  #settle(item: T): void {
    this.#rise(item)
    this.#sink(item)
  }

  #rise(item: T): void {
    while (item.place > 0) {
      const above = this.#heap[(item.place - 1) >> 1]
      if (above === undefined || above.dueAt <= item.dueAt) return
      this.#swap(item, above)
    }
  }

  #sink(item: T): void {
    for (;;) {
      const left = this.#heap[2 * item.place + 1]
      const right = this.#heap[2 * item.place + 2]
      const below =
        right !== undefined && left !== undefined && right.dueAt < left.dueAt ? right : left
      if (below === undefined || below.dueAt >= item.dueAt) return
      this.#swap(item, below)
    }
  }

  #swap(a: T, b: T): void {
    const { place } = a
    this.#put(a, b.place)
    this.#put(b, place)
  }

  #put(item: T, place: number): void {
    item.place = place
    this.#heap[place] = item
  }
}

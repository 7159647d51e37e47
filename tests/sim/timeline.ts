type Entry = { readonly at: number; readonly order: number; readonly run: () => void }

/** Virtual time, in milliseconds, and what is to happen in it. */
export class Timeline {
  now = 0
  /** A binary heap: the earliest first, of the same moment the one that was entered first. */
  readonly #heap: Entry[] = []
  #entered = 0

  at(time: number, run: () => void): void {
    const heap = this.#heap
    const entry = { at: Math.max(time, this.now), order: this.#entered++, run }
    let place = heap.push(entry) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!isBefore(entry, heap[parent]!)) break
      heap[place] = heap[parent]!
      place = parent
    }
    heap[place] = entry
  }

  after(wait: number, run: () => void): void {
    this.at(this.now + wait, run)
  }

  runUntil(end: number): void {
    for (;;) {
      const first = this.#heap[0]
      if (first === undefined || first.at > end) break
      this.#removeFirst()
      this.now = first.at
      first.run()
    }
    this.now = end
  }

  #removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1
      if (!isBefore(heap[child]!, last)) break
      heap[place] = heap[child]!
      place = child
    }
    heap[place] = last
  }
}

const isBefore = (a: Entry, b: Entry): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order)

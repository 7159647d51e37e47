import type { FoundBox } from '../../pairing/discovery.ts'
import type { FromPair, ToPair } from '../../pairing/pair-messages.ts'
import { seconds } from '../../values/duration.ts'

export type PairProcessSite = {
  readonly send: (message: ToPair) => boolean
  /** It runs, and is not about to end: it would not get what it is sent. */
  readonly isThere: () => boolean
  readonly onChange: () => void
}

/** On slow machines too. */
const longestStart = seconds(40)
const longestSearch = seconds(10)
/** Who has looked for another box is about to join it, or looks again. */
const staysAfterSearch = seconds(60)

/** The process `pair`: whether somebody needs it for a while, and what it finds around this box. */
export class PairProcess {
  readonly #site: PairProcessSite
  #needs = 0
  #waiting: (() => void)[] = []
  #searches = 0
  readonly #found = new Map<number, (boxes: readonly FoundBox[]) => void>()

  constructor(site: PairProcessSite) {
    this.#site = site
  }

  get isNeeded(): boolean {
    return this.#needs > 0
  }

  /** It runs until the given function is called, also while it has nothing to do. */
  need(): () => void {
    this.#needs += 1
    this.#site.onChange()
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#needs -= 1
      this.#site.onChange()
    }
  }

  onReady(): void {
    for (const go of this.#waiting.splice(0)) go()
  }

  /** False: it does not start in time. */
  runs(): Promise<boolean> {
    if (this.#site.isThere()) return Promise.resolve(true)
    return new Promise(resolve => {
      const late = setTimeout(() => resolve(false), longestStart)
      this.#waiting.push(() => {
        clearTimeout(late)
        resolve(true)
      })
    })
  }

  /** The boxes around that show a code; null: the process does not start. */
  async discover(): Promise<readonly FoundBox[] | null> {
    const done = this.need()
    setTimeout(done, staysAfterSearch).unref()
    if (!(await this.runs())) return null
    this.#searches += 1
    const id = this.#searches
    const found = new Promise<readonly FoundBox[]>(resolve => this.#found.set(id, resolve))
    this.#site.send({ kind: 'pair-discover', id })
    const late = setTimeout(() => this.#found.get(id)?.([]), longestSearch)
    const boxes = await found
    clearTimeout(late)
    this.#found.delete(id)
    return boxes
  }

  onDiscovered({ id, boxes }: Extract<FromPair, { kind: 'pair-discovered' }>): void {
    this.#found.get(id)?.(boxes)
  }
}

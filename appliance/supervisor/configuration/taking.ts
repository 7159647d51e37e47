import type { Parts } from '../../config/parts.ts'
import type { FromChild } from '../../status/messages.ts'
import type { Duration } from '../../values/duration.ts'

export type TakingSite = {
  /** Hands the parts on, and names the processes that have something new to take. */
  readonly put: (parts: Parts, id: number) => readonly string[]
  /** Starts and stops processes as the parts want it. */
  readonly want: () => void
  /** Null: there is no such process. */
  readonly stateOf: (child: string) => string | null
  readonly within: Duration
}

type Configured = Pick<Extract<FromChild, { kind: 'configured' }>, 'id' | 'refused'>

type Awaited = {
  readonly children: Set<string>
  readonly whys: string[]
  readonly onAll: () => void
}

/**
 * Gives the processes a configuration, and hears whether each of them works with it. A process that
 * cannot run is not asked: it gets its part when it comes back.
 */
export class Taking {
  readonly #site: TakingSite
  #id = 0
  #awaited: Awaited | null = null

  constructor(site: TakingSite) {
    this.#site = site
  }

  /** Why it was not taken, a line each; empty: it is in force. */
  give(parts: Parts): Promise<readonly string[]> {
    const { put, want, stateOf, within } = this.#site
    this.#id += 1
    const children = put(parts, this.#id)
    return new Promise(resolve => {
      const whys: string[] = []
      const onAll = (): void => {
        clearTimeout(late)
        this.#awaited = null
        resolve(whys)
      }
      const late = setTimeout(() => {
        for (const child of this.#awaited?.children ?? []) {
          whys.push(`${child} has not answered within ${within / 1000} s${seeLog(child)}`)
        }
        onAll()
      }, within)
      const awaited: Awaited = { children: new Set(children), whys, onAll }
      // Who is not wanted any more ends here: that is no refusal.
      want()
      this.#awaited = awaited
      for (const child of children) if (!isComing(stateOf(child))) awaited.children.delete(child)
      if (awaited.children.size === 0) onAll()
    })
  }

  onConfigured(child: string, { id, refused }: Configured): void {
    if (id === this.#id) this.#answered(child, refused)
  }

  onStateChange(child: string, state: string, why: string): void {
    if (!isComing(state)) this.#answered(child, [`is ${state}: ${why}${seeLog(child)}`])
  }

  #answered(child: string, whys: readonly string[]): void {
    const awaited = this.#awaited
    if (awaited === null || !awaited.children.delete(child)) return
    awaited.whys.push(...whys.map(why => `${child}: ${why}`))
    if (awaited.children.size === 0) awaited.onAll()
  }
}

const isComing = (state: string | null): boolean =>
  state === 'running' || state === 'starting' || state === 'waiting'

const seeLog = (child: string): string => `; "diarch log ${child}" may say more`

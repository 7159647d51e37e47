import { NftTable } from '../linux/nft.ts'
import { type VrrpGuardWish, vrrpGuardRules, vrrpGuardTable } from '../network/vrrp-guard.ts'
import type { AlarmBook } from './alarm-book.ts'

const advice = 'It needs the program nft and the module nf_tables of this kernel.'

/**
 * Keeps strangers from virtual routers and closed addresses. On somebody's host only where a router
 * has `"accept": false`: the router refuses strangers too, and nobody there has asked for rules.
 */
export class VrrpGuard {
  readonly #appliance: boolean
  readonly #alarms: AlarmBook
  readonly #say: (text: string) => void
  readonly #table = new NftTable(vrrpGuardTable, advice)
  #wish: VrrpGuardWish | null = null
  #isPlain = false
  #work: Promise<readonly string[]> = Promise.resolve([])

  constructor(appliance: boolean, alarms: AlarmBook, say: (text: string) => void) {
    this.#appliance = appliance
    this.#alarms = alarms
    this.#say = say
  }

  /** Returns what was refused. */
  want(wish: VrrpGuardWish | null): Promise<readonly string[]> {
    const isAsked = wish !== null && (this.#appliance || wish.closed.length > 0)
    this.#wish = isAsked ? wish : null
    return this.keep()
  }

  /** On a slow tick too: somebody may have changed something. */
  keep(): Promise<readonly string[]> {
    this.#work = this.#work.then(() => this.#set())
    return this.#work
  }

  async #set(): Promise<readonly string[]> {
    // Where none is wanted, and none of ours is there, nft need not even be installed.
    if (this.#wish === null && this.#isPlain) return []
    try {
      const report = await this.#table.keep(this.#wish && vrrpGuardRules(this.#wish))
      this.#isPlain = this.#wish === null
      if (report !== 'as-wanted') this.#say(`the guard of the virtual routers is ${report}`)
      this.#alarms.set('vrrp-guard', [])
      return []
    } catch (error) {
      this.#isPlain = this.#wish === null
      if (this.#wish === null) return []
      const words = error instanceof Error ? error.message : String(error)
      const message = `The guard of the virtual routers could not be set: ${words}`
      this.#alarms.set('vrrp-guard', [{ reason: 'vrrp-guard-refused', message }])
      return [message]
    }
  }

  /** Takes it away. */
  async close(): Promise<void> {
    this.#wish = null
    await this.keep()
  }
}

import { markOf } from '../guard/heartbeat.ts'
import { kernelMilliseconds } from '../linux/monotonic-clock.ts'
import { pageOfParent } from '../linux/shared-page.ts'
import { leadBytes } from '../supervision/lead.ts'
import { instant } from '../values/duration.ts'
import type { Ensemble } from '../vrrp/ensemble.ts'

/**
 * Notes for the supervisor, after each advert, until when our word as a master is believed: it
 * takes our addresses away when that is over and we have said nothing more.
 */
export class LeadNote {
  #write: ReturnType<typeof pageOfParent>
  #wasMaster = false

  constructor(write = pageOfParent()) {
    this.#write = write
  }

  write(ensemble: Ensemble): void {
    const until = ensemble.givenUpAt()
    if (this.#write === null || (until.size === 0 && !this.#wasMaster)) return
    this.#wasMaster = until.size > 0
    const leads = [...until].map(([router, at]) => {
      const vrid = ensemble.member(router)?.config.vrid ?? 0
      return { mark: markOf(router, vrid), until: instant(kernelMilliseconds(at)) }
    })
    try {
      this.#write(leadBytes(leads))
    } catch (error) {
      this.#giveUp(this.#write, error instanceof Error ? error.message : String(error))
    }
  }

  /** An old note would be taken for our silence. */
  #giveUp(write: (bytes: Uint8Array) => void, why: string): void {
    this.#write = null
    console.error(`the supervisor does not learn until when this box leads: ${why}`)
    try {
      write(leadBytes([]))
    } catch {
      // Then the kill for silence is what is left.
    }
  }
}

import type { Watchdog } from '../linux/watchdog.ts'
import type { WatchdogStatus } from '../status/document.ts'
import { undone } from '../supervision/proof.ts'
import { type Roster, rosterWakeAt } from '../supervision/roster.ts'
import { type Instant, seconds } from '../values/duration.ts'
import { monotonic } from './children/children.ts'
import { watchdogOf } from './children/limits.ts'
import type { Settings } from './settings.ts'

/** Without a supervisor, for a reboot or a restart, however slow. */
const withoutUs = seconds(120)

/**
 * The end of the chain: children prove to the supervisor that they work, and it proves to the
 * watchdog that it does. Who does not is restarted; when that is the supervisor, with the box.
 */
export class WatchdogChain {
  readonly #say: (text: string) => void
  readonly #watchdog: Watchdog | null
  #missing: string | null = null
  #lookedAt: Instant = monotonic()
  #left = false

  /** From here on a hang of ours is noticed. */
  constructor(settings: Settings, say: (text: string) => void) {
    this.#say = say
    this.#watchdog = watchdogOf(settings, why => {
      this.#missing = why
    })
  }

  get status(): WatchdogStatus | null {
    return this.#watchdog?.status ?? null
  }

  /** Why there is none; null where there is one, or where none is expected. */
  get missing(): string | null {
    return this.#missing
  }

  /** All parts were looked at once more. */
  looked(): void {
    this.#lookedAt = monotonic()
  }

  ping(roster: Roster): void {
    if (this.#left) return
    const why = undone({ looked: this.#lookedAt, childDue: rosterWakeAt(roster) }, monotonic())
    if (why === null) this.#watchdog?.ping()
    else this.#say(`the watchdog is left to bite: ${why}`)
  }

  /** Also after a failure: whoever starts us again gets the time for it. It stays armed. */
  leave(): void {
    if (this.#left) return
    this.#left = true
    this.#watchdog?.handOver(withoutUs)
  }
}

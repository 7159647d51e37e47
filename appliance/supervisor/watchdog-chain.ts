import type { WatchdogPart } from '../config/parts.ts'
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
  /** In the kernel's words; null: it took its last ping. */
  #refused: string | null = null
  #expected: WatchdogStatus['kind'] = 'hardware'
  #lookedAt: Instant = monotonic()
  #left = false

  /** From here on a hang of ours is noticed. */
  constructor(settings: Settings, say: (text: string) => void, open = watchdogOf) {
    this.#say = say
    this.#watchdog = open(settings, why => {
      this.#missing = why
    })
  }

  get status(): WatchdogStatus | null {
    return this.#watchdog?.status ?? null
  }

  /** Why there is none that works; null where there is one, or where none is expected. */
  get missing(): string | null {
    return this.#missing ?? this.#refused
  }

  /** What the configuration says that this machine has. */
  get expected(): WatchdogStatus['kind'] {
    return this.#expected
  }

  take({ kind }: WatchdogPart): void {
    this.#expected = kind
  }

  /** All parts were looked at once more. */
  looked(): void {
    this.#lookedAt = monotonic()
  }

  ping(roster: Roster): void {
    if (this.#left) return
    const why = undone({ looked: this.#lookedAt, childDue: rosterWakeAt(roster) }, monotonic())
    if (why === null) this.#keepAlive()
    else this.#say(`the watchdog is left to bite: ${why}`)
  }

  /** A BMC that starts anew refuses for a while: whoever ends for that takes the box along. */
  #keepAlive(): void {
    const before = this.#refused
    try {
      this.#watchdog?.ping()
      this.#refused = null
    } catch (error) {
      this.#refused = `it takes no ping: ${words(error)}`
    }
    if (this.#refused === before) return
    this.#say(`the watchdog: ${this.#refused ?? 'it takes pings again'}`)
  }

  /** Also after a failure: whoever starts us again gets the time for it. It stays armed. */
  leave(): void {
    if (this.#left) return
    this.#left = true
    try {
      this.#watchdog?.handOver(withoutUs)
    } catch (error) {
      this.#say(`the watchdog: it takes no longer time: ${words(error)}`)
    }
  }
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error))

import { movesByItself } from '../../status/assemble.ts'
import type { Status } from '../../status/document.ts'
import type { DirectorStatus, ServiceStatus } from '../../status/service-status.ts'
import { ChangeFeed } from './change-feed.ts'

/** What comes together is told together, and what comes in floods ten times a second. */
const gatherMs = 10
const atMostEveryMs = 100

/** Nobody has to hear of every second that passes, and of every advert that is counted. */
const figuresEveryMs = 10_000

const nothing: ReadonlySet<string> = new Set()

export type PublisherSite = {
  readonly status: () => Status
  readonly services: () => readonly ServiceStatus[]
  readonly director: () => DirectorStatus
  readonly tellChildren: (status: Status) => void
}

/** Says what has changed to the children and to whoever reads the streams. */
export class Publisher {
  readonly #site: PublisherSite
  readonly status: ChangeFeed<Status>
  readonly services: ChangeFeed<object>
  #gathering: NodeJS.Timeout | null = null
  #stopped = false
  #publishedAt = 0
  #figuresAt = Number.NEGATIVE_INFINITY

  constructor(site: PublisherSite) {
    this.#site = site
    this.status = new ChangeFeed('status', site.status)
    this.services = new ChangeFeed('services', () => {
      return { services: site.services(), director: site.director() }
    })
  }

  /** Something has changed. */
  soon(): void {
    if (this.#stopped) return
    const quietUntil = this.#publishedAt + atMostEveryMs
    this.#gathering ??= setTimeout(
      () => this.now(),
      Math.max(gatherMs, quietUntil - performance.now()),
    )
  }

  /** Children hear it at every tick, so that they can tell a quiet supervisor from a hung one. */
  now(): void {
    this.#gathered()
    const now = performance.now()
    this.#publishedAt = now
    this.#site.tellChildren(this.#site.status())
    this.services.tell()
    const due = now - this.#figuresAt >= figuresEveryMs
    if (due) this.#figuresAt = now
    this.status.tell(due ? nothing : movesByItself)
  }

  /** Children that end one after the other are no news. */
  stop(): void {
    this.#stopped = true
    this.#gathered()
  }

  #gathered(): void {
    if (this.#gathering !== null) clearTimeout(this.#gathering)
    this.#gathering = null
  }
}

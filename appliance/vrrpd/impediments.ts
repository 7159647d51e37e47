import { now } from '../linux/monotonic-clock.ts'
import { minutes } from '../values/duration.ts'
import type { EnsembleInput } from '../vrrp/ensemble.ts'

/** The kernel refused an address: then the other box had better have it for a while. */
const forgiveAfter = minutes(1)

export type ImpedimentsSite = {
  /** By router: what the kernel does not have of it. */
  readonly lacking: () => ReadonlyMap<string, string>
  readonly feed: (input: EnsembleInput) => void
}

/** Who became master and cannot hold its addresses gives up, and tries again after a while. */
export class Impediments {
  readonly #site: ImpedimentsSite
  #known: ReadonlyMap<string, string> = new Map()
  #forgiving: NodeJS.Timeout | null = null

  constructor(site: ImpedimentsSite) {
    this.#site = site
  }

  check(): void {
    const lacking = this.#site.lacking()
    if (lacking.size === 0) return
    this.#forgiving ??= setTimeout(() => this.forgive(), forgiveAfter)
    this.#tell(new Map([...this.#known, ...lacking]))
  }

  forgive(): void {
    this.close()
    if (this.#known.size > 0) this.#tell(new Map())
  }

  close(): void {
    if (this.#forgiving !== null) clearTimeout(this.#forgiving)
    this.#forgiving = null
  }

  #tell(impediments: ReadonlyMap<string, string>): void {
    this.#known = impediments
    this.#site.feed({ input: 'Impeded', impediments, now: now() })
  }
}

import type { DirectorConfig } from '../health/service-config.ts'
import { type DirectorInterface, kernelSettings } from '../ipvs/kernel-settings.ts'
import { natRules, natTable } from '../ipvs/nat-rules.ts'
import { Interfaces } from '../linux/interfaces.ts'
import type { Journal } from '../linux/journal.ts'
import { now } from '../linux/monotonic-clock.ts'
import { NftTable } from '../linux/nft.ts'
import { KernelSettings } from '../linux/sysctl.ts'
import { ourOrigin } from '../linux/virtual-addresses.ts'

const gatherMs = 500
const natAdvice =
  'It needs NET_ADMIN, the package nftables, and the modules nft_chain_nat and nft_ct.'

/** What a director needs of the kernel beside the table: sysctls, and rules for one-arm NAT. */
export class KernelKeeper {
  readonly #journal: Journal
  readonly #settings: KernelSettings
  readonly #nat = new NftTable(natTable, natAdvice)
  readonly #interfaces: Interfaces
  #config: DirectorConfig | null = null
  #soon: NodeJS.Timeout | null = null
  /** No rules are wanted, and none of ours are there. */
  #isPlain = false
  /** One after the other. */
  #work: Promise<void> = Promise.resolve()

  constructor(settingsFile: string, journal: Journal) {
    this.#journal = journal
    this.#settings = KernelSettings.open(settingsFile)
    // An address that comes later may need rules of its own.
    this.#interfaces = Interfaces.open(() => this.#repairSoon())
  }

  want(config: DirectorConfig): void {
    this.#config = config
    this.#keepSettings(config)
    void this.repair()
  }

  /** On a slow tick too: somebody may have changed something. */
  repair(): Promise<void> {
    this.#work = this.#work.then(() => this.#keep())
    return this.#work
  }

  async restore(): Promise<void> {
    this.#config = null
    if (this.#soon !== null) clearTimeout(this.#soon)
    await this.#work
    this.#settings.restore()
    await this.#nat.keep(null).catch(() => undefined)
    this.#interfaces.close()
  }

  /** A failover moves many addresses at once. */
  #repairSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = null
      void this.repair()
    }, gatherMs)
  }

  async #keep(): Promise<void> {
    if (this.#config === null) return
    this.#keepSettings(this.#config)
    const rules = this.#rules(this.#config)
    if (rules === null && this.#isPlain) return
    try {
      const report = await this.#nat.keep(rules)
      this.#isPlain = rules === null
      if (report === 'repaired') {
        this.#journal.note('nat', 'nat-repaired', 'somebody else changed the rules; put right')
      }
    } catch (error) {
      this.#isPlain = rules === null
      if (rules === null) return
      const words = error instanceof Error ? error.message : String(error)
      this.#journal.repeated('nat', 'nat-refused', now(), () => words)
    }
  }

  #keepSettings(config: DirectorConfig): void {
    const interfaces = this.#own()
    const rewrites = this.#rules(config) !== null
    const report = this.#settings.keep(kernelSettings(config, interfaces, rewrites))
    for (const { name, from, to, reason, again } of report.changed) {
      const [event, more] = again
        ? ['setting-repaired', 'somebody else had changed it']
        : ['setting-changed', `it was ${from}`]
      this.#journal.note(name.replaceAll('/', '.'), event, `set to ${to}: ${reason} (${more})`)
    }
    for (const { name, why } of report.refused) {
      this.#journal.repeated(name.replaceAll('/', '.'), 'setting-refused', now(), () => why)
    }
  }

  #rules(config: DirectorConfig): string | null {
    return natRules(
      config,
      this.#own().flatMap(({ networks }) => networks),
    )
  }

  /** With their own addresses alone: virtual ones come and go. */
  #own(): readonly DirectorInterface[] {
    return this.#interfaces.all().flatMap(({ name, addresses }) => {
      const own = addresses.filter(({ origin }) => origin !== ourOrigin)
      const networks = own.map(({ prefix }) => prefix)
      return name === 'lo' || networks.length === 0 ? [] : [{ name, networks }]
    })
  }
}

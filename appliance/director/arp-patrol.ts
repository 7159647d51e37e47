import type { DirectorConfig } from '../health/service-config.ts'
import { claimants, claimText, type KnownServer } from '../ipvs/address-claims.ts'
import { type Segment, usualWait, whoAnswersFor } from '../linux/arp-question.ts'
import type { Interface } from '../linux/interfaces.ts'
import type { Journal } from '../linux/journal.ts'
import { readInterfaces, wayTo } from '../linux/segments.ts'
import type { IpAddress } from '../values/ip-address.ts'

/**
 * Asks the segments who has the virtual addresses that this box holds. Nobody else may answer: a
 * real server that does takes clients away from the director, now and then, to one server.
 */
export class ArpPatrol {
  readonly #journal: Journal
  readonly #ended = new AbortController()
  #claims: readonly string[] = []

  constructor(journal: Journal) {
    this.#journal = journal
  }

  /** Who answered the last time, and what to do about it. */
  get claims(): readonly string[] {
    return this.#claims
  }

  async walk(config: DirectorConfig): Promise<void> {
    const interfaces = readInterfaces()
    const servers = serversOf(config)
    const claims: string[] = []
    for (const address of virtualAddresses(config)) {
      const on = interfaces.find(each => holdsAddress(each, address))
      if (on === undefined || on.mac === null || on.name === 'lo') continue
      const segment = { name: on.name, index: on.index, mac: on.mac }
      const own = interfaces.flatMap(({ mac }) => mac ?? [])
      const answers = await this.#ask(address, address, segment, interfaces)
      if (answers.every(mac => own.includes(mac))) continue
      const known = await this.#find(servers, segment, interfaces)
      claims.push(...claimants(answers, known, own).map(each => claimText(each, address)))
    }
    for (const claim of claims) {
      if (!this.#claims.includes(claim)) this.#journal.note('arp', 'address-claimed', claim)
    }
    this.#claims = claims
  }

  close(): void {
    this.#ended.abort()
  }

  /** Where the real servers are, by what they answer for their own addresses. */
  async #find(
    servers: ReadonlyMap<IpAddress, string>,
    segment: Segment,
    interfaces: readonly Interface[],
  ): Promise<readonly KnownServer[]> {
    const near = [...servers].filter(([address]) => {
      return wayTo(address, address, interfaces, null)?.segment.index === segment.index
    })
    return Promise.all(
      near.map(async ([address, name]) => {
        const [mac = null] = await this.#ask(address, address, segment, interfaces)
        return { name, address, mac }
      }),
    )
  }

  async #ask(
    address: IpAddress,
    asked: IpAddress,
    segment: Segment,
    interfaces: readonly Interface[],
  ) {
    const sender = wayTo(address, asked, interfaces, segment.name)?.source ?? null
    const options = { sender, wait: usualWait, until: 'end' } as const
    try {
      return await whoAnswersFor(address, segment, options, this.#ended.signal)
    } catch {
      // The interface went down meanwhile: whoever is on it answers nobody.
      return []
    }
  }
}

const holdsAddress = ({ up, addresses }: Interface, address: IpAddress): boolean =>
  up && addresses.some(({ prefix }) => prefix.address === address)

const virtualAddresses = ({ services }: DirectorConfig): ReadonlySet<IpAddress> =>
  new Set(
    services.flatMap(({ at }) => at.flatMap(one => (one.kind === 'address' ? one.address : []))),
  )

/** Those that have the virtual addresses too. */
function serversOf({ services }: DirectorConfig): ReadonlyMap<IpAddress, string> {
  const all = services.flatMap(service => service.servers)
  const past = all.filter(({ settings }) => settings.forwarding.method !== 'nat')
  return new Map(past.map(({ at, name }) => [at.address, name]))
}

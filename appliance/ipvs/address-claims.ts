import type { IpAddress } from '../values/ip-address.ts'
import type { MacAddress } from '../values/mac-address.ts'

/** A real server by direct routing or tunnel, and where it was found on the segment. */
export type KnownServer = {
  readonly name: string
  readonly address: IpAddress
  /** Null: it did not answer for its own address. */
  readonly mac: MacAddress | null
}

export type Claimant =
  | { readonly kind: 'server'; readonly server: KnownServer; readonly mac: MacAddress }
  /** The other box, or somebody who should not. */
  | { readonly kind: 'stranger'; readonly mac: MacAddress }

/** Of the MACs that answered for a virtual address. `pair`: those of both boxes. */
export const claimants = (
  answers: readonly MacAddress[],
  servers: readonly KnownServer[],
  pair: readonly MacAddress[],
): readonly Claimant[] =>
  answers
    .filter(mac => !pair.includes(mac))
    .map(mac => {
      const server = servers.find(one => one.mac === mac)
      return server === undefined ? { kind: 'stranger', mac } : { kind: 'server', server, mac }
    })

export function claimText(claimant: Claimant, virtual: IpAddress): string {
  const asks = virtual.includes(':') ? 'neighbour solicitations' : 'ARP'
  if (claimant.kind === 'stranger') {
    const who = `${claimant.mac} answers ${asks} for ${virtual}`
    return `${who} and is no real server: find it by its MAC`
  }
  const { name, address } = claimant.server
  const advice = virtual.includes(':')
    ? 'put the address on its lo, not on its network interface'
    : 'set arp_ignore=1 and arp_announce=2 there'
  return (
    `real server ${name} (${address}, ${claimant.mac}) answers ${asks} for ${virtual}: ` +
    `${advice} ("diarch realserver-script --vip ${virtual}" prints what does it)`
  )
}

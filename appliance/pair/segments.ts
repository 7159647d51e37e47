/** Whom this box reaches without a router. */

import type { NetworkInterfaceInfo } from 'node:os'
import { networkOf } from '../config/network.ts'
import {
  addressBytes,
  familyOf,
  ipAddressFrom,
  isLinkLocal,
  parseIpAddress,
} from '../values/ip-address.ts'
import { type Prefix, parsePrefix } from '../values/prefix.ts'

export type Segment = {
  readonly interface: string
  /** IPv4 first. */
  readonly own: readonly Prefix[]
}

export const segmentsOf = (
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): readonly Segment[] =>
  Object.entries(interfaces).flatMap(([name, infos = []]) => {
    const own = infos
      .flatMap(({ cidr, internal }) => (internal ? [] : (parsePrefix(cidr ?? '') ?? [])))
      .toSorted((a, b) => a.address.length - b.address.length)
    return own.length === 0 ? [] : [{ interface: name, own }]
  })

/** What somebody there can be told to connect to. */
export const addressesOf = ({ own }: Segment): readonly string[] =>
  own.map(({ address }) => address).filter(address => !isLinkLocal(address))

export type Everybody = { readonly family: 4 | 6; readonly address: string }

/** All nodes of the link for IPv6, and of each network on it for IPv4. */
export function everybodyOn({ interface: name, own }: Segment): readonly Everybody[] {
  const hasIpv6 = own.some(({ address }) => familyOf(address) === 'inet6')
  const broadcasts = own.flatMap(prefix => broadcastOf(prefix) ?? [])
  return [
    ...(hasIpv6 ? [{ family: 6, address: `ff02::1%${name}` } as const] : []),
    ...[...new Set(broadcasts)].map(address => ({ family: 4, address }) as const),
  ]
}

/** Null: there is none, or nobody else in a network of two. */
function broadcastOf(prefix: Prefix): string | null {
  if (familyOf(prefix.address) === 'inet6' || prefix.length > 30) return null
  const hostBits = (index: number): number =>
    0xff >> Math.min(8, Math.max(0, prefix.length - index * 8))
  const bytes = addressBytes(networkOf(prefix).address)
  return ipAddressFrom(bytes.map((byte, index) => byte | hostBits(index)))
}

/** The one that `source` is on; null: it has come from further away. */
export function segmentWith(source: string, segments: readonly Segment[]): Segment | null {
  const [text = '', zone] = source.split('%')
  const address = parseIpAddress(text)
  if (address === null) return null
  const isThere = (own: Prefix): boolean =>
    networkOf({ address, length: own.length }).address === networkOf(own).address
  const found = segments.find(segment =>
    zone === undefined ? segment.own.some(isThere) : segment.interface === zone,
  )
  return found ?? null
}

/**
 * What a socket gave us. An IPv4 raw socket delivers the IP header too (parseIpv4Packet takes it
 * off), an IPv6 one delivers the payload, and tells the rest beside it.
 */

import { type IpAddress, ipAddressFrom } from '../values/ip-address.ts'
import { protocolNumber, uint8, uint16 } from './advert-layout.ts'
import { type Rejected, rejected } from './rejection.ts'

export type AdvertPacket = {
  /** After the IP header. */
  readonly payload: Uint8Array
  readonly source: IpAddress
  readonly destination: IpAddress
  /** Or the hop limit. Null where the kernel was told to drop all but the right ones. */
  readonly ttl: number | null
}

/** The least that an Ethernet frame carries; shorter packets are padded up to it. */
export const ethernetMinimum = 46

const leastHeader = 20
const moreFragments = 0x2000
const fragmentOffset = 0x1fff

/** The payload shares its bytes with `bytes`. */
export function parseIpv4Packet(
  bytes: Uint8Array,
): { readonly kind: 'packet'; readonly packet: AdvertPacket } | Rejected {
  const version = uint8(bytes, 0) >> 4
  const header = (uint8(bytes, 0) & 15) * 4
  if (version !== 4 || header < leastHeader || header > bytes.length) {
    return rejected('ip-header', `IP version ${version}, ${header} of ${bytes.length} bytes header`)
  }
  const total = uint16(bytes, 2)
  // A frame is padded, and not every driver takes the padding off again.
  const padded = bytes.length > total && bytes.length <= ethernetMinimum
  if (total < header || (total !== bytes.length && !padded)) {
    return rejected('ip-length', `${total} bytes announced, ${bytes.length} received`)
  }
  const fragment = uint16(bytes, 6)
  if ((fragment & (moreFragments | fragmentOffset)) !== 0) {
    return rejected('ip-fragment', `fragment at ${(fragment & fragmentOffset) * 8}`)
  }
  const protocol = uint8(bytes, 9)
  if (protocol !== protocolNumber) {
    return rejected('ip-protocol', `protocol ${protocol}, and VRRP is ${protocolNumber}`)
  }
  return {
    kind: 'packet',
    packet: {
      payload: bytes.subarray(header, total),
      source: ipAddressFrom(bytes.subarray(12, 16)),
      destination: ipAddressFrom(bytes.subarray(16, 20)),
      ttl: uint8(bytes, 8),
    },
  }
}

import { addressBytes, familyOf, type IpAddress } from '../values/ip-address.ts'
import { type MacAddress, macBytes } from '../values/mac-address.ts'

/**
 * Frames that say to everybody on the cable "this address is at this MAC".
 *
 * Gratuitous ARP, RFC 5227 3 and RFC 826, 42 bytes (the card pads them):
 *   to ff:ff:ff:ff:ff:ff | from | 0806 | Ethernet 1 | IPv4 0800 | 6 | 4 | operation |
 *   sender MAC | sender address | target MAC | target address
 *
 * Unsolicited neighbour advertisement, RFC 4861 4.4, 86 bytes:
 *   to 33:33:00:00:00:01 | from | 86dd | IPv6 header: from the address, to ff02::1, hop limit 255 |
 *   136 | 0 | checksum | R S O flags | target | option 2: target link-layer address
 */
export const announcement = (
  mac: MacAddress,
  address: IpAddress,
  flags: NeighbourFlags = { router: false },
): Uint8Array =>
  familyOf(address) === 'inet'
    ? gratuitousArp(mac, address)
    : unsolicitedNeighbourAdvertisement(mac, address, flags)

const broadcast = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]

/**
 * A request unless said otherwise: neighbours take it by the rules of ARP itself (RFC 5227 3), many
 * ignore replies that they did not ask for. Its target MAC is as keepalived's; Linux takes a reply
 * for a gratuitous one only when the target is the sender.
 */
export function gratuitousArp(
  mac: MacAddress,
  address: IpAddress,
  operation: 'request' | 'reply' = 'request',
): Uint8Array {
  const [own, ip] = [macBytes(mac), addressBytes(address)]
  const [what, target] = operation === 'request' ? [1, broadcast] : [2, own]
  const ethernet = [...broadcast, ...own, 0x08, 0x06]
  const kinds = [0, 1, 0x08, 0, 6, 4, 0, what]
  return Uint8Array.from([...ethernet, ...kinds, ...own, ...ip, ...target, ...ip])
}

export type NeighbourFlags = {
  /** The box forwards IPv6: hosts that have it as a router must go on taking it for one. */
  readonly router: boolean
}

const allNodes = [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
const allNodesMac = [0x33, 0x33, 0, 0, 0, 1]
const icmp6 = 58
const override = 0x20
const isRouter = 0x80
/** Ethernet and IPv6 headers. */
const messageAt = 14 + 40

export function unsolicitedNeighbourAdvertisement(
  mac: MacAddress,
  address: IpAddress,
  { router }: NeighbourFlags,
): Uint8Array {
  const [own, ip] = [macBytes(mac), addressBytes(address)]
  const flags = override | (router ? isRouter : 0)
  const message = [136, 0, 0, 0, flags, 0, 0, 0, ...ip, 2, 1, ...own]
  const ip6 = [0x60, 0, 0, 0, 0, message.length, icmp6, 255, ...ip, ...allNodes]
  const frame = Uint8Array.from([...allNodesMac, ...own, 0x86, 0xdd, ...ip6, ...message])
  const pseudo = [...ip, ...allNodes, 0, 0, 0, message.length, 0, 0, 0, icmp6]
  const sum = checksum([...pseudo, ...message])
  frame.set([sum >> 8, sum & 0xff], messageAt + 2)
  return frame
}

/** RFC 1071, of an even number of bytes. */
function checksum(bytes: readonly number[]): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2) {
    sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16)
  return ~sum & 0xffff
}

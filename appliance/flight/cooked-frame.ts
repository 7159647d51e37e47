/**
 * What stands before the packets of a flight: vrrpd sees IP packets without their Ethernet header,
 * ARP with one, and inputs that no wire ever had. LINKTYPE_LINUX_SLL2 has room for all of them.
 *
 *   0           2          4             8          10      11       12
 *   | protocol  | reserved | interface   | ARPHRD   | type  | length | hardware address (8) |
 */

import { addressBytes, familyOf, type IpAddress } from '../values/ip-address.ts'

export const cookedSize = 20
const ethernet = 1
/** IEEE 802: for local experiments. Here: what the state machine was told. */
export const machineProtocol = 0x88b5
export const protocols = { inet: 0x0800, inet6: 0x86dd } as const

/** As the kernel numbers packet types: for us, and from us. */
const packetType = { in: 0, out: 4 } as const
export type Direction = keyof typeof packetType

export function putCooked(
  into: Uint8Array,
  at: number,
  protocol: number,
  index: number,
  direction: Direction,
): void {
  into.fill(0, at, at + cookedSize)
  into[at] = protocol >> 8
  into[at + 1] = protocol
  into[at + 4] = index >>> 24
  into[at + 5] = index >>> 16
  into[at + 6] = index >>> 8
  into[at + 7] = index
  into[at + 9] = ethernet
  into[at + 10] = packetType[direction]
}

/** The hardware address of an Ethernet frame's sender; `data` is where the cooked header ends. */
export function putSender(into: Uint8Array, data: number, mac: Uint8Array): void {
  into[data - 9] = mac.length
  into.set(mac, data - 8)
}

export const ipHeaderSize = (address: IpAddress): 20 | 40 =>
  familyOf(address) === 'inet' ? 20 : 40

export type IpHeader = {
  readonly source: IpAddress
  readonly destination: IpAddress
  readonly protocol: number
  readonly ttl: number
}

/** The kernel keeps the rest of it to itself: identification, flags, flow label. */
export function putIpHeader(
  into: Uint8Array,
  at: number,
  { source, destination, protocol, ttl }: IpHeader,
  payload: number,
): void {
  if (familyOf(source) === 'inet6') {
    into.fill(0, at, at + 40)
    into[at] = 0x60
    into[at + 4] = payload >> 8
    into[at + 5] = payload
    into[at + 6] = protocol
    into[at + 7] = ttl
    into.set(bytesOf(source), at + 8)
    into.set(bytesOf(destination), at + 24)
    return
  }
  const total = payload + 20
  into.fill(0, at, at + 20)
  into[at] = 0x45
  into[at + 1] = 0xc0
  into[at + 2] = total >> 8
  into[at + 3] = total
  into[at + 8] = ttl
  into[at + 9] = protocol
  into.set(bytesOf(source), at + 12)
  into.set(bytesOf(destination), at + 16)
  let sum = 0
  for (let word = at; word < at + 20; word += 2) {
    sum += ((into[word] ?? 0) << 8) | (into[word + 1] ?? 0)
  }
  sum = (sum & 0xffff) + (sum >> 16)
  sum = ~(sum + (sum >> 16))
  into[at + 10] = sum >> 8
  into[at + 11] = sum
}

const mostKnown = 1024
const known = new Map<IpAddress, Uint8Array>()

/** Thousands a second come from a few senders. */
function bytesOf(address: IpAddress): Uint8Array {
  const found = known.get(address)
  if (found !== undefined) return found
  if (known.size >= mostKnown) known.clear()
  const made = addressBytes(address)
  known.set(address, made)
  return made
}

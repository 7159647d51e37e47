import { addressBytes, familyOf, type IpAddress, ipAddressFrom } from '../values/ip-address.ts'
import { type MacAddress, macAddressFrom, macBytes } from '../values/mac-address.ts'
import { internetChecksum } from './internet-checksum.ts'

/**
 * "Who has this address?" and its answers, pure. The drawings of the frames stand in
 * neighbour-announcement.ts: these differ in the operation and in who is asked.
 */

const broadcast = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
const icmp6 = 58
const solicitation = 135
const advertisement = 136
/** Ethernet and IPv6 headers. */
const messageAt = 14 + 40

/**
 * `sender` null: the question of a host that has no address yet (RFC 5227 1.1, RFC 4862 5.4.2),
 * after which nobody notes down where we are.
 */
export const whoHas = (
  address: IpAddress,
  mac: MacAddress,
  sender: IpAddress | null,
): Uint8Array =>
  familyOf(address) === 'inet'
    ? arpRequest(address, mac, sender)
    : neighbourSolicitation(address, mac, sender)

function arpRequest(address: IpAddress, mac: MacAddress, sender: IpAddress | null): Uint8Array {
  const own = macBytes(mac)
  const from = sender === null ? [0, 0, 0, 0] : addressBytes(sender)
  const ethernet = [...broadcast, ...own, 0x08, 0x06]
  const kinds = [0, 1, 0x08, 0, 6, 4, 0, 1]
  const asked = [0, 0, 0, 0, 0, 0, ...addressBytes(address)]
  return Uint8Array.from([...ethernet, ...kinds, ...own, ...from, ...asked])
}

/** RFC 4861 4.3, to the solicited-node group of the address (RFC 4291 2.7.1). */
function neighbourSolicitation(
  address: IpAddress,
  mac: MacAddress,
  sender: IpAddress | null,
): Uint8Array {
  const own = macBytes(mac)
  const target = addressBytes(address)
  const tail = target.subarray(13)
  const group = [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, ...tail]
  const from = sender === null ? new Uint8Array(16) : addressBytes(sender)
  // The unspecified address cannot be answered at a MAC: no option then (RFC 4861 4.3).
  const option = sender === null ? [] : [1, 1, ...own]
  const message = [solicitation, 0, 0, 0, 0, 0, 0, 0, ...target, ...option]
  const ip6 = [0x60, 0, 0, 0, 0, message.length, icmp6, 255, ...from, ...group]
  const ethernet = [0x33, 0x33, 0xff, ...tail, ...own, 0x86, 0xdd]
  const frame = Uint8Array.from([...ethernet, ...ip6, ...message])
  const pseudo = [...from, ...group, 0, 0, 0, message.length, 0, 0, 0, icmp6]
  new DataView(frame.buffer).setUint16(messageAt + 2, internetChecksum([...pseudo, ...message]))
  return frame
}

export type Claim = { readonly address: IpAddress; readonly mac: MacAddress }

/** Who says to have which address; null for any other frame. */
export function readClaim(frame: Uint8Array): Claim | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (frame.length < 42) return null
  const kind = view.getUint16(12)
  if (kind === 0x0806) {
    // Ethernet, IPv4, reply.
    if (view.getUint32(14) !== 0x00010800 || view.getUint32(18) !== 0x06040002) return null
    return { address: ipAddressFrom(frame.slice(28, 32)), mac: macAddressFrom(frame.slice(22, 28)) }
  }
  if (kind !== 0x86dd || frame.length < messageAt + 24) return null
  // A router's answer from elsewhere would have been forwarded (RFC 4861 7.1.2).
  if (frame[20] !== icmp6 || frame[21] !== 255 || frame[messageAt] !== advertisement) return null
  const address = ipAddressFrom(frame.slice(messageAt + 8, messageAt + 24))
  const option = frame.subarray(messageAt + 24)
  const named = option.length >= 8 && option[0] === 2 && option[1] === 1
  return { address, mac: macAddressFrom(named ? option.slice(2, 8) : frame.slice(6, 12)) }
}

/** Who sent an ARP frame for IPv4 over Ethernet, question or answer; null for any other frame. */
export function readSender(frame: Uint8Array): Claim | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (frame.length < 42 || view.getUint16(12) !== 0x0806) return null
  if (view.getUint32(14) !== 0x00010800 || view.getUint16(18) !== 0x0604) return null
  return { address: ipAddressFrom(frame.slice(28, 32)), mac: macAddressFrom(frame.slice(22, 28)) }
}

import { ipv4, ipv6, mac } from './addresses.ts'
import { type Advert, readAdvert } from './advert.ts'
import type { Captured } from './pcap.ts'

/** "This address is at this MAC", said to everybody: gratuitous ARP or unsolicited NA. */
export type Announcement = {
  readonly kind: 'announcement'
  readonly by: 'arp-request' | 'arp-reply' | 'neighbour-advertisement'
  readonly address: string
  readonly mac: string
  /** The override flag of a neighbour advertisement. */
  readonly override?: boolean
}

export type ArpPacket = {
  readonly kind: 'arp'
  readonly operation: 'request' | 'reply'
  readonly senderMac: string
  readonly sender: string
  readonly target: string
}

export type Packet = Advert | Announcement | ArpPacket | { readonly kind: 'other' }

export type Frame = {
  readonly time: number
  readonly sourceMac: string
  readonly destinationMac: string
  readonly vlan: number | null
  readonly packet: Packet
  readonly bytes: Buffer
}

const readArp = (bytes: Buffer): Packet => {
  const operation = bytes.readUInt16BE(6) === 1 ? 'request' : 'reply'
  const senderMac = mac(bytes.subarray(8, 14))
  const sender = ipv4(bytes.subarray(14, 18))
  const target = ipv4(bytes.subarray(24, 28))
  if (sender === target) {
    return { kind: 'announcement', by: `arp-${operation}`, address: sender, mac: senderMac }
  }
  return { kind: 'arp', operation, senderMac, sender, target }
}

const neighbourAdvertisement = 136
const targetLinkAddress = 2

const readIcmp6 = (bytes: Buffer): Packet => {
  if (bytes[0] !== neighbourAdvertisement || bytes[24] !== targetLinkAddress) return other
  const flags = bytes.readUInt8(4)
  const solicited = (flags & 0x40) !== 0
  if (solicited) return other
  const address = ipv6(bytes.subarray(8, 24))
  const override = (flags & 0x20) !== 0
  const by = 'neighbour-advertisement'
  return { kind: 'announcement', by, address, mac: mac(bytes.subarray(26, 32)), override }
}

const other = { kind: 'other' } as const
const vrrp = 112
const icmp6 = 58

const readIpv4 = (bytes: Buffer): Packet => {
  if (bytes[9] !== vrrp) return other
  const payload = bytes.subarray((bytes.readUInt8(0) & 15) * 4, bytes.readUInt16BE(2))
  return readAdvert(payload, bytes.subarray(12, 16), bytes.subarray(16, 20), bytes.readUInt8(8))
}

// Extension headers are not followed: nothing that the lab looks at is sent with them.
const readIpv6 = (bytes: Buffer): Packet => {
  const payload = bytes.subarray(40, 40 + bytes.readUInt16BE(4))
  if (bytes[6] === icmp6) return readIcmp6(payload)
  if (bytes[6] !== vrrp) return other
  return readAdvert(payload, bytes.subarray(8, 24), bytes.subarray(24, 40), bytes.readUInt8(7))
}

const readPacket = (type: number, bytes: Buffer): Packet => {
  if (type === 0x0800) return readIpv4(bytes)
  if (type === 0x86dd) return readIpv6(bytes)
  return type === 0x0806 ? readArp(bytes) : other
}

export const readFrame = ({ time, bytes }: Captured): Frame => {
  const tagged = bytes.readUInt16BE(12) === 0x8100
  const type = bytes.readUInt16BE(tagged ? 16 : 12)
  return {
    time,
    sourceMac: mac(bytes.subarray(6, 12)),
    destinationMac: mac(bytes.subarray(0, 6)),
    vlan: tagged ? bytes.readUInt16BE(14) & 0xfff : null,
    packet: readPacket(type, bytes.subarray(tagged ? 18 : 14)),
    bytes,
  }
}

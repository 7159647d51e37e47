import { addressBytes, type Family, type IpAddress, ipAddressFrom } from '../values/ip-address.ts'
import { type MacAddress, macAddressFrom, macBytes } from '../values/mac-address.ts'
import { internetChecksum } from './internet-checksum.ts'

/** TCP segments without data in Ethernet frames (RFC 9293 3.1), pure. */

export type TcpSegment = {
  readonly from: TcpEnd
  readonly to: TcpEnd
  readonly sequence: number
  readonly acknowledged: number
  readonly flags: number
}

/** `address` and `port` need not be of who has the MAC. */
export type TcpEnd = {
  readonly mac: MacAddress
  readonly address: IpAddress
  readonly port: number
}

export const tcpFlag = { syn: 0x02, reset: 0x04, acknowledge: 0x10 } as const

const tcp = 6
const hops = 64
const window = 64_240
/** Maximum segment size 536: as every host has to take it. */
const synOptions = [2, 4, 2, 24]

export function encodeSegment(family: Family, segment: TcpSegment): Uint8Array {
  const { from, to } = segment
  const [source, destination] = [addressBytes(from.address), addressBytes(to.address)]
  const options = (segment.flags & tcpFlag.syn) === 0 ? [] : synOptions
  const header = new Uint8Array(20 + options.length)
  const view = new DataView(header.buffer)
  view.setUint16(0, from.port)
  view.setUint16(2, to.port)
  view.setUint32(4, segment.sequence)
  view.setUint32(8, segment.acknowledged)
  view.setUint8(12, (header.length / 4) << 4)
  view.setUint8(13, segment.flags)
  view.setUint16(14, window)
  header.set(options, 20)
  const pseudo = [...source, ...destination, 0, tcp, 0, header.length]
  view.setUint16(16, internetChecksum([...pseudo, ...header]))
  const ip =
    family === 'inet'
      ? inetHeader(source, destination, header.length)
      : inet6Header(source, destination, header.length)
  const kind = family === 'inet' ? [0x08, 0x00] : [0x86, 0xdd]
  return Uint8Array.from([...macBytes(to.mac), ...macBytes(from.mac), ...kind, ...ip, ...header])
}

/** RFC 791 3.1, not to be fragmented. */
function inetHeader(source: Uint8Array, destination: Uint8Array, payload: number): Uint8Array {
  const size = [0, 20 + payload]
  const bytes = Uint8Array.from([0x45, 0, ...size, 0, 0, 0x40, 0, hops, tcp, 0, 0])
  const header = Uint8Array.from([...bytes, ...source, ...destination])
  new DataView(header.buffer).setUint16(10, internetChecksum(header))
  return header
}

/** RFC 8200 3. */
const inet6Header = (source: Uint8Array, destination: Uint8Array, payload: number): Uint8Array =>
  Uint8Array.from([0x60, 0, 0, 0, 0, payload, tcp, hops, ...source, ...destination])

/** Null for what is no TCP segment; checksums are the card's business. */
export function readSegment(frame: Uint8Array): TcpSegment | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (frame.length < 14 + 20) return null
  const kind = view.getUint16(12)
  const inet = kind === 0x0800
  if (!inet && kind !== 0x86dd) return null
  const at = 14 + (inet ? ((frame[14] ?? 0) & 15) * 4 : 40)
  if (frame.length < at + 20 || frame[inet ? 23 : 20] !== tcp) return null
  const [source, destination, size] = inet ? [26, 30, 4] : [22, 38, 16]
  const address = (place: number): IpAddress => ipAddressFrom(frame.slice(place, place + size))
  return {
    from: {
      mac: macAddressFrom(frame.slice(6, 12)),
      address: address(source),
      port: view.getUint16(at),
    },
    to: {
      mac: macAddressFrom(frame.slice(0, 6)),
      address: address(destination),
      port: view.getUint16(at + 2),
    },
    sequence: view.getUint32(at + 4),
    acknowledged: view.getUint32(at + 8),
    flags: frame[at + 13] ?? 0,
  }
}

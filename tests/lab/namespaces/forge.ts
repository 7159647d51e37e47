import { createHmac } from 'node:crypto'
import { type Duration, milliseconds } from '../../../appliance/values/duration.ts'
import type { Host } from './host.ts'
import { senderProgram } from './programs.ts'

/** An advert as somebody might make it who means us no good, or does not know better. */
export type Forgery = {
  readonly source?: string
  readonly destination?: string
  /** Where the frame goes; without it the group's MAC address, or everybody's. */
  readonly destinationMac?: string
  /** Or the hop limit. */
  readonly ttl?: number
  readonly protocol?: number
  /** Of the IPv4 header; a multiple of four bytes. */
  readonly ipOptions?: Buffer
  readonly version?: number
  readonly type?: number
  readonly vrid?: number
  readonly priority?: number
  /** Milliseconds. */
  readonly interval?: Duration
  /** v3: the four bits above the interval. */
  readonly reserved?: number
  readonly addresses?: readonly string[]
  /** What the advert says of their number. */
  readonly count?: number
  /** v2. */
  readonly authType?: number
  readonly password?: string
  readonly checksum?: 'right' | 'without-pseudo-header' | number
  readonly signed?: Signature
  /** Behind the advert and counted as part of the packet. */
  readonly behind?: Buffer
  /** So many bytes of the packet are sent, and it says that it has no more. */
  readonly cut?: number
  /** Behind the packet, as Ethernet pads short frames. */
  readonly padding?: number
}

export type Signature = {
  readonly secret: string
  readonly key?: number
  /** Milliseconds since 1970. */
  readonly at?: number
  readonly kind?: number
}

type Usual = Required<
  Pick<
    Forgery,
    | 'type'
    | 'vrid'
    | 'priority'
    | 'version'
    | 'ttl'
    | 'protocol'
    | 'reserved'
    | 'authType'
    | 'interval'
  >
>
type Whole = Forgery & Usual

const isSix = (address: string): boolean => address.includes(':')

const bytesOf = (address: string): Buffer => {
  if (!isSix(address)) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail] = address.split('::')
  const groups = (part: string) => part.split(':').filter(Boolean)
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array(zeros).fill('0'), ...groups(tail ?? '')]
  return Buffer.from(all.map(group => group.padStart(4, '0')).join(''), 'hex')
}

const uint16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255])

const checksumOf = (...parts: readonly Buffer[]): number => {
  const joined = Buffer.concat(parts)
  const bytes = Buffer.concat([joined, Buffer.alloc(joined.length % 2)])
  let sum = 0
  for (let i = 0; i < bytes.length; i += 2) sum += bytes.readUInt16BE(i)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}

const defaults: Usual = {
  type: 1,
  vrid: 51,
  priority: 254,
  version: 3,
  ttl: 255,
  protocol: 112,
  reserved: 0,
  authType: 0,
  interval: milliseconds(100),
}

/** The whole frame. What is not said of the advert is right, and its priority is 254. */
export const forge = (wanted: Forgery): Buffer => {
  const six = isSix(wanted.source ?? wanted.addresses?.[0] ?? '')
  const source = bytesOf(wanted.source ?? (six ? 'fe80::66' : '192.0.2.66'))
  const destination = bytesOf(wanted.destination ?? (six ? 'ff02::12' : '224.0.0.18'))
  const all = { ...defaults, ...wanted }
  const advert = advertBytes(all, source, destination)
  const payload = advert.subarray(0, wanted.cut ?? advert.length)
  const header = (six ? ipv6Header : ipv4Header)(all, source, destination, payload.length)
  const macs = [macOf(wanted.destinationMac, destination), Buffer.from('020000000066', 'hex')]
  const etherType = uint16(six ? 0x86dd : 0x0800)
  return Buffer.concat([...macs, etherType, header, payload, Buffer.alloc(wanted.padding ?? 0)])
}

const advertBytes = (all: Whole, source: Buffer, destination: Buffer): Buffer => {
  const list = all.addresses ?? (source.length === 4 ? ['192.0.2.100'] : ['2001:db8::100'])
  const addresses = list.map(bytesOf)
  const timing =
    all.version === 2
      ? [all.authType, all.interval / 1000]
      : uint16((all.reserved << 12) | (all.interval / 10))
  const password = all.version === 2 ? Buffer.alloc(8, `${all.password ?? ''}\0\0\0\0\0\0\0\0`) : ''
  const fields = [(all.version << 4) | all.type, all.vrid, all.priority, all.count ?? list.length]
  const advert = Buffer.concat([
    Buffer.from([...fields, ...timing, 0, 0]),
    ...addresses,
    Buffer.from(password),
  ])
  const trailer = all.signed ? trailerOf(all.signed, all, advert, source) : Buffer.alloc(0)
  const behind = Buffer.concat([trailer, all.behind ?? Buffer.alloc(0)])
  // Over IPv6 the checksum covers whatever there is, over IPv4 the advert alone.
  const summed = source.length === 4 ? advert : Buffer.concat([advert, behind])
  const length = summed.length
  // The sum does not care how wide the fields are.
  const pseudo = Buffer.concat([source, destination, uint16(112), uint16(length)])
  const plain = all.version === 2 || all.checksum === 'without-pseudo-header'
  const right = plain ? checksumOf(summed) : checksumOf(pseudo, summed)
  advert.writeUInt16BE(typeof all.checksum === 'number' ? all.checksum : right, 6)
  return Buffer.concat([advert, behind])
}

/** draft-cassen-vrrp-auth-hmac-01; the product has its own code for it. */
const trailerOf = (signature: Signature, all: Whole, advert: Buffer, source: Buffer): Buffer => {
  const { secret, key = 1, at = Date.now(), kind = 1 } = signature
  const trailer = Buffer.alloc(28)
  trailer.writeUInt8(kind, 0)
  trailer.writeUInt8(key, 1)
  trailer.writeUInt32BE(Math.floor(at / 1000), 4)
  trailer.writeUInt16BE(Math.floor(((at % 1000) * 65536) / 1000), 8)
  const pseudo = Buffer.alloc(20)
  pseudo.set([source.length === 4 ? 4 : 6, all.version, all.vrid])
  source.copy(pseudo, 4)
  const hmac = createHmac('sha256', secret).update(pseudo).update(advert).update(trailer).digest()
  hmac.copy(trailer, 12, 0, 16)
  return trailer
}

const ipv4Header = (all: Whole, source: Buffer, destination: Buffer, length: number): Buffer => {
  const options = all.ipOptions ?? Buffer.alloc(0)
  const header = Buffer.alloc(20)
  header.writeUInt8(0x45 + options.length / 4, 0)
  header.writeUInt16BE(20 + options.length + length, 2)
  header.set([all.ttl, all.protocol], 8)
  source.copy(header, 12)
  destination.copy(header, 16)
  header.writeUInt16BE(checksumOf(header, options), 10)
  return Buffer.concat([header, options])
}

const ipv6Header = (all: Whole, source: Buffer, destination: Buffer, length: number): Buffer =>
  Buffer.concat([
    Buffer.from([0x60, 0, 0, 0]),
    uint16(length),
    Buffer.from([all.protocol, all.ttl]),
    source,
    destination,
  ])

const macOf = (mac: string | undefined, destination: Buffer): Buffer => {
  if (mac) return Buffer.from(mac.replaceAll(':', ''), 'hex')
  if (destination.length === 16) {
    return Buffer.concat([Buffer.from('3333', 'hex'), destination.subarray(12)])
  }
  const low = [destination.readUInt8(1) & 127, ...destination.subarray(2)]
  return Buffer.from([0x01, 0x00, 0x5e, ...low])
}

export type Volley = {
  readonly frames: readonly Buffer[]
  /** Each frame so often. */
  readonly times?: number
  readonly every?: Duration
}

/** Sends frames from a host as they are, and waits until all are out. */
export const fire = async (host: Host, { frames, times = 1, every }: Volley): Promise<void> => {
  const micros = Math.round((every ?? 0) * 1000)
  const lines = frames.map(frame => `${times} ${micros} ${frame.toString('hex')}\n`)
  const within = milliseconds(60_000 + 2 * frames.length * times * (every ?? 0))
  await host.must(await senderProgram(), ['eth0'], { input: lines.join(''), within })
}

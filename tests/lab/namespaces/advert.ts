import { ipv4, ipv6 } from './addresses.ts'

/**
 * A VRRP advertisement as the lab reads it. This reader is small and shares nothing with the
 * product's codec on purpose, so that one can be checked by the other.
 *
 *   0       4       8              16             24             32
 *   | vers  | type  | VRID         | priority     | addresses    |
 *   | auth type (v2) | interval s  | checksum                    |   RFC 3768 5.1
 *   | 0     | interval cs (v3)     | checksum                    |   RFC 9568 5.1
 *   | addresses, 4 or 16 bytes each                             |
 *   | 8 bytes of password (v2 only)                             |
 */
export type Advert = {
  readonly kind: 'advert'
  readonly source: string
  readonly destination: string
  /** Or the hop limit. */
  readonly ttl: number
  readonly version: number
  readonly type: number
  readonly vrid: number
  readonly priority: number
  /** Milliseconds. */
  readonly interval: number
  readonly addresses: readonly string[]
  /** v2: `password` is authentication type 1 with its text, `ah` type 2. */
  readonly auth: { readonly type: 'none' | 'password' | 'ah'; readonly password?: string }
  readonly checksumRight: boolean
}

const onesSum = (bytes: Buffer): number => {
  let sum = 0
  for (let i = 0; i < bytes.length; i += 2) sum += bytes.readUInt16BE(i)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return sum
}

// RFC 9568 5.2.8: v3 covers a pseudo header, for IPv4 too; v2 does not.
const checksumRight = (version: number, bytes: Buffer, source: Buffer, destination: Buffer) => {
  const tail = Buffer.from([0, 0, 0, 112])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  const pseudo = source.length === 4 ? Buffer.from([0, 112, 0, bytes.length]) : [length, tail]
  const header = version === 3 ? [source, destination, pseudo].flat() : []
  return onesSum(Buffer.concat([...header, bytes])) === 0xffff
}

export const readAdvert = (
  bytes: Buffer,
  source: Buffer,
  destination: Buffer,
  ttl: number,
): Advert | { kind: 'other' } => {
  if (bytes.length < 8) return { kind: 'other' }
  const version = bytes.readUInt8(0) >> 4
  const width = source.length
  const text = width === 4 ? ipv4 : ipv6
  const count = bytes.readUInt8(3)
  const end = 8 + count * width
  if (bytes.length < end) return { kind: 'other' }
  const authType = version === 2 ? bytes.readUInt8(4) : 0
  const password = bytes
    .subarray(end, end + 8)
    .toString('latin1')
    .replace(/\0+$/, '')
  return {
    kind: 'advert',
    source: text(source),
    destination: text(destination),
    ttl,
    version,
    type: bytes.readUInt8(0) & 15,
    vrid: bytes.readUInt8(1),
    priority: bytes.readUInt8(2),
    interval: version === 2 ? bytes.readUInt8(5) * 1000 : (bytes.readUInt16BE(4) & 0xfff) * 10,
    addresses: Array.from({ length: count }, (_, i) =>
      text(bytes.subarray(8 + i * width, 8 + (i + 1) * width)),
    ),
    auth: authType === 1 ? { type: 'password', password } : { type: authType ? 'ah' : 'none' },
    checksumRight: bytes.length % 2 === 0 && checksumRight(version, bytes, source, destination),
  }
}

/** An advert to bytes. What cannot be said on the wire is an error of ours, and throws. */

import { type Duration, seconds } from '../values/duration.ts'
import { addressBytes, addressSize, type IpAddress } from '../values/ip-address.ts'
import type { Advert, Authentication, ChecksumForm, HmacKey, HmacSha256 } from './advert.ts'
import {
  advertisement,
  advertSize,
  authType,
  checksumAt,
  headerSize,
  passwordBytes,
  passwordSize,
  putUint16,
} from './advert-layout.ts'
import { checksumOf, pseudoHeaderSum, wordSum } from './checksum.ts'
import type { Stamp } from './hmac-sequence.ts'
import { sign, trailerSize } from './hmac-trailer.ts'

export type Envelope = {
  readonly source: IpAddress
  readonly destination: IpAddress
  /** For v3 over IPv4; v2 never has a pseudo header, IPv6 always. */
  readonly checksum: ChecksumForm
  readonly seal: Seal
}

/** What is added against forgery, as decided by `sealFor`. */
export type Seal =
  | { readonly kind: 'none' }
  | { readonly kind: 'password'; readonly password: string }
  | {
      readonly kind: 'hmac'
      readonly key: HmacKey
      readonly stamp: Stamp
      readonly hmac: HmacSha256
    }

export function sealFor(authentication: Authentication, stamp: Stamp, hmac: HmacSha256): Seal {
  if (authentication.kind !== 'hmac') return authentication
  if (authentication.mode === 'receive-only') return { kind: 'none' }
  const { activeKey, keys } = authentication
  const key = keys.find(({ id }) => id === activeKey)
  if (key === undefined) throw new RangeError(`key ${activeKey} is to sign, and is not among them`)
  return { kind: 'hmac', key, stamp, hmac }
}

/** The payload of an IP packet. One for each destination: it is part of the checksum. */
export function encodeAdvert(advert: Advert, envelope: Envelope): Uint8Array {
  const { version, family, vrid, addresses } = advert
  const { source, destination, seal } = envelope
  if (version === 2 && family === 'inet6') throw new RangeError('VRRPv2 knows IPv4 only')
  const size = advertSize(version, family, addresses.length)
  const bytes = new Uint8Array(size + (seal.kind === 'hmac' ? trailerSize : 0))

  bytes[0] = (version << 4) | advertisement
  bytes[1] = within(vrid, 1, 255, 'VRID')
  bytes[2] = within(advert.priority, 0, 255, 'priority')
  bytes[3] = within(addresses.length, 1, 255, 'number of addresses')
  if (version === 2) {
    bytes[4] = seal.kind === 'password' ? authType.password : authType.none
    bytes[5] = wholeUnits(advert.interval, seconds(1), 255)
  } else {
    // The upper four bits stay zero: RFC 9568 5.2.6.
    putUint16(bytes, 4, wholeUnits(advert.interval, seconds(0.01), 0xfff))
  }
  addresses.forEach((address, index) => {
    const part = addressBytes(address)
    if (part.length !== addressSize(family)) throw new RangeError(`${address} is not ${family}`)
    bytes.set(part, headerSize + index * part.length)
  })
  if (seal.kind === 'password') {
    if (version !== 2) throw new RangeError('a password is possible in VRRPv2 only')
    bytes.set(passwordBytes(seal.password), size - passwordSize)
  }
  if (seal.kind === 'hmac') sign(bytes, size, { version, vrid, source }, seal)

  // IPv6 sums up the whole payload (RFC 8200 8.1); IPv4 the advert, since the trailer is no part.
  const summed = family === 'inet6' ? bytes.length : size
  const withPseudo = version === 3 && (family === 'inet6' || envelope.checksum === withHeader)
  const pseudo = withPseudo ? pseudoHeaderSum(source, destination, summed) : 0
  putUint16(bytes, checksumAt, checksumOf(wordSum(bytes, summed) + pseudo))
  return bytes
}

const withHeader: ChecksumForm = 'with-pseudo-header'

/** Rounded: 2.01 s is 2009.9999999999998 ms. */
const wholeUnits = (interval: Duration, unit: Duration, most: number): number =>
  within(Math.round(interval / unit), 1, most, `interval in units of ${unit} ms`)

function within(value: number, least: number, most: number, what: string): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`${what} is ${value}, and can be ${least} to ${most}`)
}

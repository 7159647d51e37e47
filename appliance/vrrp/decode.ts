/**
 * Bytes from the wire to an advert: the ladder of rejection.ts, climbed in its order. It never
 * throws, whatever the bytes are, and what it lets pass can be acted upon without another check.
 */

import { type Duration, milliseconds } from '../values/duration.ts'
import {
  addressSize,
  type Family,
  type IpAddress,
  ipAddressFrom,
  isLinkLocal,
  isMulticast,
} from '../values/ip-address.ts'
import type { Advert, ChecksumForm } from './advert.ts'
import {
  advertisement,
  advertSize,
  authType,
  headerSize,
  passwordSize,
  uint8,
  uint16,
} from './advert-layout.ts'
import { type AdvertPacket, ethernetMinimum } from './advert-packet.ts'
import { isRight, pseudoHeaderSum, wordSum } from './checksum.ts'
import type { Expectations } from './expectations.ts'
import type { ReplayMemory } from './hmac-sequence.ts'
import { type Signed, trailerSize, verify, type Witness } from './hmac-trailer.ts'
import { type Rejected, rejected } from './rejection.ts'

export type Accepted = {
  readonly kind: 'advert'
  readonly advert: Advert
  readonly checksumForm: ChecksumForm
  /** Null: it was not signed, and need not be. */
  readonly signed: Pick<Signed, 'key' | 'skew'> | null
  /**
   * It advertises others than we do. Told and not refused (RFC 9568 7.1): a master that is
   * refused is a second master, and while a configuration is rolled out the lists do differ.
   */
  readonly addressesDiffer: boolean
  /** To be kept for the next one. */
  readonly replay: ReplayMemory
}

/**
 * A learned interval may be so many times ours, or ours so many times it. Otherwise one packet of
 * an outsider decides: 40.95 s blind a backup for two minutes, and 0.01 s make it promote itself.
 */
const plausibleFactor = 10

const ipv4HeaderSize = 20

export function decodeAdvert(
  packet: AdvertPacket,
  expected: Expectations,
  witness: Witness,
): Accepted | Rejected {
  const { payload } = packet
  if (payload.length < headerSize) {
    return rejected('too-short', `${payload.length} bytes, and the fixed fields are ${headerSize}`)
  }
  const size = advertSize(expected.version, expected.family, uint8(payload, 3))
  const early =
    refuseTtl(packet, expected) ??
    refuseHeader(payload, expected) ??
    refusePath(packet, expected) ??
    refuseLength(payload, size, expected)
  if (early !== null) return early

  const checksumForm = checksumFormOf(packet, size, expected)
  if (checksumForm === null) {
    const found = uint16(payload, 6).toString(16).padStart(4, '0')
    return rejected('checksum', `checksum ${found} from ${packet.source} is wrong`)
  }
  const unproved = refuseAuthType(payload, size, expected)
  if (unproved !== null) return unproved
  const signed = signatureOf(packet, size, expected, witness)
  if (signed?.kind === 'rejected') return signed

  const interval = intervalOf(payload, expected.version)
  const untimely = refuseInterval(interval, expected)
  if (untimely !== null) return untimely
  const addresses = addressesOf(payload, expected)
  const { version, family, vrid } = expected
  return {
    kind: 'advert',
    advert: { version, family, vrid, priority: uint8(payload, 2), interval, addresses },
    checksumForm,
    signed: signed === null ? null : { key: signed.key, skew: signed.skew },
    addressesDiffer: addresses !== expected.addresses && differ(addresses, expected.addresses),
    replay: signed === null ? witness.replay : signed.replay,
  }
}

function refuseTtl({ ttl, source }: AdvertPacket, { transport }: Expectations): Rejected | null {
  const least = transport.kind === 'multicast' ? 255 : transport.leastTtl
  if (ttl === null || ttl >= least) return null
  return rejected('ttl', `TTL ${ttl} from ${source}, and ${least} is the least`)
}

function refuseHeader(payload: Uint8Array, { version, vrid }: Expectations): Rejected | null {
  const [first, second] = [uint8(payload, 0), uint8(payload, 1)]
  if (first >> 4 !== version) return rejected('version', `v${first >> 4}, and ours is v${version}`)
  if ((first & 15) !== advertisement) return rejected('type', `type ${first & 15}`)
  if (second !== vrid) return rejected('vrid', `VRID ${second}, and ours is ${vrid}`)
  return null
}

function refusePath(packet: AdvertPacket, expected: Expectations): Rejected | null {
  const { source, destination } = packet
  const { transport, self } = expected
  if (transport.kind === 'multicast') {
    if (destination !== transport.group) {
      const reason = isMulticast(destination) ? 'other-group' : 'unexpected-unicast'
      return rejected(reason, `to ${destination}, and ours is ${transport.group}`)
    }
  } else if (destination !== self && isMulticast(destination)) {
    return rejected('unexpected-multicast', `to ${destination}, and we speak unicast`)
  }
  if (source === self) return rejected('own-source', `from ${source}, which is our own address`)
  if (transport.kind === 'multicast') {
    if (expected.family === 'inet' || isLinkLocal(source)) return null
    return rejected('source-not-link-local', `from ${source}`)
  }
  if (transport.peers.includes(source)) return null
  return rejected('source-not-a-peer', `from ${source}`)
}

function refuseLength(
  payload: Uint8Array,
  size: number,
  { family, authentication }: Expectations,
): Rejected | null {
  const count = uint8(payload, 3)
  if (count === 0) return rejected('no-addresses', 'it advertises no addresses')
  const what = `${payload.length} bytes, and ${count} addresses make ${size}`
  if (payload.length < size) return rejected('truncated', what)
  if (payload.length === size) return null
  const trailer = payload.length - size === trailerSize
  if (trailer && authentication.kind === 'hmac') return null
  // Padding of the Ethernet frame that somebody on the way counted in. IPv6 is longer than that.
  if (family === 'inet' && payload.length <= ethernetMinimum - ipv4HeaderSize) return null
  return rejected('too-long', trailer ? `${what}; it is signed, and we have no key` : what)
}

function checksumFormOf(
  { payload, source, destination }: AdvertPacket,
  size: number,
  { version, family }: Expectations,
): ChecksumForm | null {
  const summed = family === 'inet6' ? payload.length : size
  const sum = wordSum(payload, summed)
  if (version === 3 && isRight(sum + pseudoHeaderSum(source, destination, summed))) {
    return 'with-pseudo-header'
  }
  return family === 'inet' && isRight(sum) ? 'without-pseudo-header' : null
}

function refuseAuthType(
  payload: Uint8Array,
  size: number,
  { version, authentication, password }: Expectations,
): Rejected | null {
  if (version === 3) return null
  const found = uint8(payload, 4)
  if (found > authType.ipsecAh) {
    return rejected('auth-type-unknown', `authentication type ${found}`)
  }
  const ours = authentication.kind === 'password' ? authType.password : authType.none
  if (found !== ours) {
    return rejected('auth-type-mismatch', `authentication type ${found}, and ours is ${ours}`)
  }
  if (ours === authType.none) return null // RFC 3768 5.3.10: the data are not looked at.
  const right = password.every((byte, at) => byte === uint8(payload, size - passwordSize + at))
  return right ? null : rejected('wrong-password', 'the password is not ours')
}

function signatureOf(
  { payload, source }: AdvertPacket,
  size: number,
  { version, vrid, authentication }: Expectations,
  witness: Witness,
): Signed | Rejected | null {
  if (authentication.kind !== 'hmac') return null
  if (payload.length - size === trailerSize) {
    return verify(payload, size, { version, vrid, source }, authentication, witness)
  }
  if (authentication.mode !== 'enforce') return null
  return rejected('hmac-missing', `${source} does not sign its adverts`)
}

/** RFC 9568 5.2.6: the four bits above the interval of v3 are not looked at. */
const intervalOf = (payload: Uint8Array, version: 2 | 3): Duration =>
  milliseconds(version === 2 ? uint8(payload, 5) * 1000 : (uint16(payload, 4) & 0xfff) * 10)

function refuseInterval(found: Duration, { version, interval }: Expectations): Rejected | null {
  const what = `an interval of ${found} ms, and ours is ${interval} ms`
  if (version === 2) return found === interval ? null : rejected('interval-mismatch', what)
  if (found === 0) return rejected('interval-zero', what)
  const near = found <= interval * plausibleFactor && found * plausibleFactor >= interval
  return near ? null : rejected('interval-implausible', what)
}

/** Ours, the same object, when it is the same list: that is nearly always so. */
function addressesOf(
  payload: Uint8Array,
  { family, addresses, addressBytes }: Expectations,
): readonly IpAddress[] {
  const count = uint8(payload, 3)
  const same = (byte: number, at: number) => byte === uint8(payload, headerSize + at)
  return count === addresses.length && addressBytes.every(same)
    ? addresses
    : listedIn(payload, family)
}

function listedIn(payload: Uint8Array, family: Family): readonly IpAddress[] {
  const width = addressSize(family)
  return Array.from({ length: uint8(payload, 3) }, (_, index) => {
    const at = headerSize + index * width
    return ipAddressFrom(payload.subarray(at, at + width))
  })
}

/** Of a packet that has passed all checks already: see appliance/flight. */
export function readAdvert(payload: Uint8Array, family: Family): Advert {
  const version = uint8(payload, 0) >> 4 === 2 ? 2 : 3
  const [vrid, priority] = [uint8(payload, 1), uint8(payload, 2)]
  const [interval, addresses] = [intervalOf(payload, version), listedIn(payload, family)]
  return { version, family, vrid, priority, interval, addresses }
}

/** In another order they are the same. */
const differ = (theirs: readonly IpAddress[], ours: readonly IpAddress[]): boolean =>
  theirs.length !== ours.length || ours.some(address => !theirs.includes(address))

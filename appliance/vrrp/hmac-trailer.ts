/**
 * The trailer that makes adverts hard to forge (draft-cassen-vrrp-auth-hmac-01, keepalived from
 * 2.4.2 on; docs/adr/0010-hmac-trailer.md). 28 bytes after the advert, v2 or v3, IPv4 or IPv6:
 *
 *   0              8              16             24             32
 *   | kind, 1      | key id       | 0                           |
 *   | seconds since 1970                                        |
 *   | 1/65536 s                   | counter                     |
 *   | the first 16 bytes of HMAC-SHA-256 over                   |
 *   |   20 bytes: IP version, VRRP version, VRID, 0, source (padded with zeros to 16)
 *   |   the advert, with zeros for its checksum                 |
 *   |   this trailer, with zeros for these 16 bytes             |
 *
 * The checksum is left out because a kernel may fill it in after us.
 */

import { type Duration, milliseconds } from '../values/duration.ts'
import { addressBytes, type IpAddress } from '../values/ip-address.ts'
import type { UnixTime } from '../values/unix-time.ts'
import type { HmacAuthentication, HmacKey, HmacSha256 } from './advert.ts'
import { checksumAt, putUint16, putUint32, uint8, uint16, uint32 } from './advert-layout.ts'
import {
  isFresh,
  isReplay,
  type ReplayMemory,
  remember,
  type Stamp,
  skewOf,
} from './hmac-sequence.ts'
import { type Rejected, rejected } from './rejection.ts'

export const trailerSize = 28

const kindSha256 = 1
const signatureAt = 12
const signatureSize = trailerSize - signatureAt
const pseudoSize = 20

/** Whose advert it is. */
export type Signer = {
  readonly version: 2 | 3
  readonly vrid: number
  readonly source: IpAddress
}

/** What only the shell has: its crypto, its clock, and what it kept from earlier adverts. */
export type Witness = {
  readonly hmac: HmacSha256
  readonly now: UnixTime
  readonly replay: ReplayMemory
}

export type Signed = {
  readonly kind: 'signed'
  readonly key: number
  /** How far our clock is ahead of the sender's, in whole milliseconds; a warning when large. */
  readonly skew: Duration
  readonly replay: ReplayMemory
}

/** Writes the trailer behind the first `size` bytes of `message`. */
export function sign(
  message: Uint8Array,
  size: number,
  signer: Signer,
  { key, stamp, hmac }: { key: HmacKey; stamp: Stamp; hmac: HmacSha256 },
): void {
  message[size] = kindSha256
  message[size + 1] = key.id
  putUint16(message, size + 2, 0)
  putUint32(message, size + 4, stamp.seconds)
  putUint32(message, size + 8, stamp.fine)
  const whole = hmac(key.secret, signedBytes(message, size, signer))
  message.set(whole.subarray(0, signatureSize), size + signatureAt)
}

/** Checks the trailer behind the first `size` bytes; its own rungs of the ladder. */
export function verify(
  message: Uint8Array,
  size: number,
  signer: Signer,
  { keys, window }: HmacAuthentication,
  { hmac, now, replay }: Witness,
): Signed | Rejected {
  const kind = uint8(message, size)
  if (kind !== kindSha256 || uint16(message, size + 2) !== 0) {
    return rejected('hmac-malformed', `a trailer of kind ${kind}, or reserved bits are in use`)
  }
  const stamp = { seconds: uint32(message, size + 4), fine: uint32(message, size + 8) }
  const skew = skewOf(stamp, now)
  // Before the signature on purpose: a flood of recorded adverts then costs no HMAC each.
  if (!isFresh(stamp, now, window)) {
    const by = `${(Math.abs(skew) / 1000).toFixed(1)} s ${skew > 0 ? 'before' : 'after'}`
    return rejected('hmac-stale', `signed ${by} our time, and ${window / 1000} s are allowed`)
  }
  const id = uint8(message, size + 1)
  const key = keys.find(known => known.id === id)
  if (key === undefined) return rejected('hmac-unknown-key', `signed with key ${id}`)
  const whole = hmac(key.secret, signedBytes(message, size, signer))
  if (!isEqual(whole, message.subarray(size + signatureAt), signatureSize)) {
    return rejected('hmac-wrong', `key ${id} gives another signature`)
  }
  if (isReplay(replay, signer.source, stamp, now, window)) {
    return rejected('hmac-replayed', `signed ${(skew / 1000).toFixed(3)} s before our time`)
  }
  const kept = remember(replay, signer.source, stamp)
  return { kind: 'signed', key: id, skew: milliseconds(Math.round(skew)), replay: kept }
}

function signedBytes(message: Uint8Array, size: number, signer: Signer): Uint8Array {
  const bytes = new Uint8Array(pseudoSize + size + trailerSize)
  const source = addressBytes(signer.source)
  bytes[0] = source.length === 4 ? 4 : 6
  bytes[1] = signer.version
  bytes[2] = signer.vrid
  bytes.set(source, 4)
  bytes.set(message.subarray(0, size + signatureAt), pseudoSize)
  putUint16(bytes, pseudoSize + checksumAt, 0)
  return bytes
}

/** In the same time wherever they differ, so that the time tells nothing about the signature. */
function isEqual(a: Uint8Array, b: Uint8Array, size: number): boolean {
  let difference = 0
  for (let at = 0; at < size; at++) difference |= uint8(a, at) ^ uint8(b, at)
  return difference === 0
}

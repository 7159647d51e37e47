/**
 * What a box and a witness say to each other, as bytes of one datagram. Everything is big-endian;
 * questions and answers have one form.
 *
 *   0             2            3          4                  10
 *   | 0x4457      | version 1  | kind     | boot of the box  | its sequence      48 bits |
 *   16                         22                            28
 *   | boot of the witness      | its clock, ms     48 bits   | ms        | length of name |
 *   31   32                        36                        64
 *   | 0 | pair: see pairMark       | name, UTF-8, zeros      | 32 bytes of HMAC-SHA-256 |
 *
 * A question repeats what the last answer said of the witness: its boot and its clock. So a witness
 * knows without a clock of its own in the boxes, and without a word on a disk, that a question is
 * new. An answer repeats boot and sequence of its question.
 */

import { type Duration, milliseconds } from '../values/duration.ts'
import type { HmacSha256 } from '../vrrp/advert.ts'
import { putUint16, putUint32, uint8, uint16, uint32 } from '../vrrp/advert-layout.ts'
import { isEqual, putUint48, uint48 } from './heartbeat-codec.ts'

const magic = 0x4457
const version = 1
const nameAt = 36
const nameSize = 28
const signedSize = nameAt + nameSize
const messageSize = signedSize + 32

export type LeaseQuestion = 'look' | 'hold' | 'release'

export type LeaseAnswer =
  /** The one who asks has it, for `time` since it asked. */
  | 'yours'
  /** Somebody else has it, for `time` yet. */
  | 'taken'
  | 'free'
  /** The witness has just started: who has it is not known for `time` yet. */
  | 'starting'
  /** Nothing new: the question is to be asked again, with the clock of this answer. */
  | 'stale'

const kinds: readonly (LeaseQuestion | LeaseAnswer | null)[] = [
  null,
  'look',
  'hold',
  'release',
  'yours',
  'taken',
  'free',
  'starting',
  'stale',
]

export type LeaseMessage = {
  readonly kind: LeaseQuestion | LeaseAnswer
  /** Drawn by each start of vrrpd. */
  readonly boot: number
  readonly sequence: number
  /** Drawn by each start of the witness; 0: not known yet. */
  readonly witness: number
  readonly clock: number
  readonly time: Duration
  /** For people: of the box that asks, of the one that has it. */
  readonly name: string
}

export const isQuestion = (kind: LeaseMessage['kind']): kind is LeaseQuestion =>
  kind === 'look' || kind === 'hold' || kind === 'release'

/** Tells a witness which of its pairs asks. */
export const pairMark = (secret: Uint8Array, hmac: HmacSha256): number =>
  uint32(hmac(secret, new TextEncoder().encode('pair of a Diarch witness')), 0)

/** The pair whose message it is, if it is one; nothing is proven by that. */
export const markIn = (bytes: Uint8Array): number | null =>
  bytes.length === messageSize && uint16(bytes, 0) === magic ? uint32(bytes, 32) : null

export function encodeLease(
  message: LeaseMessage,
  secret: Uint8Array,
  hmac: HmacSha256,
): Uint8Array {
  const { kind, boot, sequence, witness, clock, time, name } = message
  const bytes = new Uint8Array(messageSize)
  putUint16(bytes, 0, magic)
  bytes[2] = version
  bytes[3] = kinds.indexOf(kind)
  putUint48(bytes, 4, boot)
  putUint48(bytes, 10, sequence)
  putUint48(bytes, 16, witness)
  putUint48(bytes, 22, clock)
  putUint16(bytes, 28, Math.min(Math.max(0, Math.floor(time)), 0xffff))
  putUint32(bytes, 32, pairMark(secret, hmac))
  // Whole characters only.
  const { written } = new TextEncoder().encodeInto(name, bytes.subarray(nameAt, signedSize))
  bytes[30] = written
  bytes.set(hmac(secret, bytes.subarray(0, signedSize)), signedSize)
  return bytes
}

/** The rungs of the ladder, in their order. */
export type LeaseFault =
  | 'wrong-length'
  | 'not-a-lease'
  | 'wrong-version'
  | 'wrong-signature'
  | 'nonsense'

export type DecodedLease =
  | { readonly kind: 'message'; readonly message: LeaseMessage }
  | { readonly kind: 'rejected'; readonly reason: LeaseFault }

/** Any bytes may come in: never throws. */
export function decodeLease(bytes: Uint8Array, secret: Uint8Array, hmac: HmacSha256): DecodedLease {
  if (bytes.length !== messageSize) return rejected('wrong-length')
  if (uint16(bytes, 0) !== magic) return rejected('not-a-lease')
  if (bytes[2] !== version) return rejected('wrong-version')
  const signature = hmac(secret, bytes.subarray(0, signedSize))
  if (!isEqual(signature, bytes.subarray(signedSize))) return rejected('wrong-signature')
  const kind = kinds[uint8(bytes, 3)] ?? null
  const boot = uint48(bytes, 4)
  const length = uint8(bytes, 30)
  if (kind === null || boot === 0 || length > nameSize) return rejected('nonsense')
  const message: LeaseMessage = {
    kind,
    boot,
    sequence: uint48(bytes, 10),
    witness: uint48(bytes, 16),
    clock: uint48(bytes, 22),
    time: milliseconds(uint16(bytes, 28)),
    name: new TextDecoder().decode(bytes.subarray(nameAt, nameAt + length)),
  }
  return { kind: 'message', message }
}

const rejected = (reason: LeaseFault): DecodedLease => ({ kind: 'rejected', reason })

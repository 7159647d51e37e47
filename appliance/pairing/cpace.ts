/**
 * CPace over ristretto255 with SHA-512 (draft-irtf-cfrg-cpace): two who know the same short code
 * get the same long key, and who does not know it learns nothing to try codes against.
 */

import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatenated, lengthFirst } from './wire-bytes.ts'

export type Cpace = {
  /** The code, as bytes. */
  readonly secret: Uint8Array
  /** What binds the key to this conversation: both ends have to see the same. */
  readonly channel: Uint8Array
  /** Never used twice. */
  readonly session: Uint8Array
}

export type Share = { readonly scalar: bigint; readonly share: Uint8Array }

const name = bytesOf('CPaceRistretto255')
const keyName = bytesOf('CPaceRistretto255_ISK')
/** The block of SHA-512: the secret fills the first one, whatever its length. */
const blockBytes = 128

/** `random`: 32 bytes that nobody else has. */
export function startCpace(about: Cpace, random: Uint8Array): Share {
  const scalar = scalarFrom(random)
  const generator = ristretto255_hasher.deriveToCurve?.(sha512(generatorString(about)))
  if (generator === undefined) throw new TypeError('the library derives no element of the group')
  return { scalar, share: generator.multiply(scalar).toBytes() }
}

/** Null: what came is no element of the group, or the one that would give the key away. */
export function sharedKey(
  { session }: Cpace,
  { scalar }: Share,
  shares: { readonly initiator: Uint8Array; readonly responder: Uint8Array },
  theirs: 'initiator' | 'responder',
): Uint8Array | null {
  const point = pointFrom(shares[theirs])
  if (point === null) return null
  const secret = point.multiply(scalar)
  if (secret.is0()) return null
  const none = new Uint8Array()
  const transcript = lengthFirst(shares.initiator, none, shares.responder, none)
  return sha512(concatenated(lengthFirst(keyName, session, secret.toBytes()), transcript))
}

/** For the draft's vectors: associated data is empty in ours. */
export function generatorString({ secret, channel, session }: Cpace): Uint8Array {
  const before = lengthFirst(secret).length + lengthFirst(name).length
  const zeros = new Uint8Array(Math.max(0, blockBytes - 1 - before))
  return lengthFirst(name, secret, zeros, channel, session)
}

/** Little-endian; the bits above 252 are cut, so that it is below the order of the group. */
function scalarFrom(random: Uint8Array): bigint {
  if (random.length !== 32) throw new RangeError(`${random.length} random bytes; expected 32`)
  const number = random.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  const scalar = number & ((1n << 252n) - 1n)
  if (scalar === 0n) throw new RangeError('the random bytes are all zero')
  return scalar
}

function pointFrom(bytes: Uint8Array) {
  try {
    const point = ristretto255.Point.fromBytes(bytes)
    return point.is0() ? null : point
  } catch {
    return null
  }
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

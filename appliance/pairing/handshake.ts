/**
 * How two boxes prove to each other that they know the code, bound to the certificates that they
 * show: somebody in the middle shows others, and fails. Each try costs him one of a few.
 *
 *   joiner -> host   session, share
 *   host -> joiner   share, proof       (from here on the try counts)
 *   joiner -> host   proof
 */

import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { type Cpace, type Share, sharedKey, startCpace } from './cpace.ts'
import { concatenated, isSameSecret, lengthFirst } from './wire-bytes.ts'

/** SHA-256 of the certificates, as each end sees them. */
export type Certificates = { readonly joiner: Uint8Array; readonly host: Uint8Array }

export type Opening = { readonly session: Uint8Array; readonly share: Uint8Array }
export type Reply = { readonly share: Uint8Array; readonly proof: Uint8Array }

export type Joiner = { readonly about: Cpace; readonly own: Share; readonly opening: Opening }
export type Host = { readonly awaited: Uint8Array }

const text = (word: string): Uint8Array => new TextEncoder().encode(word)

const conversation = (
  code: string,
  { joiner, host }: Certificates,
  session: Uint8Array,
): Cpace => ({
  secret: text(code),
  channel: lengthFirst(text('diarch pairing 1'), joiner, host),
  session,
})

/** `random`: 48 bytes. */
export function beginJoin(code: string, certificates: Certificates, random: Uint8Array): Joiner {
  const session = random.slice(0, 16)
  const about = conversation(code, certificates, session)
  const own = startCpace(about, random.slice(16))
  return { about, own, opening: { session, share: own.share } }
}

/** Null: the opening is none. `random`: 32 bytes. */
export function replyTo(
  code: string,
  certificates: Certificates,
  { session, share }: Opening,
  random: Uint8Array,
): { readonly reply: Reply; readonly host: Host } | null {
  if (session.length !== 16) return null
  const about = conversation(code, certificates, session)
  const own = startCpace(about, random)
  const shares = { initiator: share, responder: own.share }
  const key = sharedKey(about, own, shares, 'initiator')
  if (key === null) return null
  return {
    reply: { share: own.share, proof: proofOf(key, about, 'host', shares.responder) },
    host: { awaited: proofOf(key, about, 'joiner', shares.initiator) },
  }
}

/** Null: the other side does not know the code. */
export function finishJoin({ about, own }: Joiner, { share, proof }: Reply): Uint8Array | null {
  const shares = { initiator: own.share, responder: share }
  const key = sharedKey(about, own, shares, 'responder')
  if (key === null || !isSameSecret(proof, proofOf(key, about, 'host', share))) return null
  return proofOf(key, about, 'joiner', own.share)
}

export const isProven = ({ awaited }: Host, proof: Uint8Array): boolean =>
  isSameSecret(awaited, proof)

/** Draft section 9.4: of the own share, under a key that is for this alone. */
function proofOf(
  key: Uint8Array,
  { session }: Cpace,
  from: 'host' | 'joiner',
  share: Uint8Array,
): Uint8Array {
  const macKey = sha512(concatenated(text('CPaceMac'), session, key))
  return hmac(sha512, macKey, lengthFirst(share, text(from)))
}

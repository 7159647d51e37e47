import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { SnmpConfig } from '../config/snmp-schema.ts'
import type { SecuredMessage } from '../mib/message.ts'

/** The user security model (RFC 3414) with the protocols of RFC 7860 and RFC 3826. */

export type User = {
  readonly name: string
  readonly hash: 'sha256' | 'sha384' | 'sha512'
  readonly signatureSize: number
  readonly signingKey: Uint8Array
  readonly cipher: 'aes-128-cfb' | 'aes-256-cfb'
  readonly cipherKey: Uint8Array
}

/** RFC 7860 4.1: the signature is cut to so many bytes. */
const protocols = {
  'sha-256': { hash: 'sha256', signatureSize: 24 },
  'sha-384': { hash: 'sha384', signatureSize: 32 },
  'sha-512': { hash: 'sha512', signatureSize: 48 },
} as const

const ciphers = {
  'aes-128': { cipher: 'aes-128-cfb', size: 16 },
  'aes-256': { cipher: 'aes-256-cfb', size: 32 },
} as const

/** Some milliseconds for each user: done once, and never for an engine that a packet names. */
export function usersOf(config: SnmpConfig, engineId: Uint8Array): ReadonlyMap<string, User> {
  return new Map(
    Object.entries(config.users).map(([name, { authentication, privacy }]) => {
      const { hash, signatureSize } = protocols[authentication.protocol]
      const { cipher, size } = ciphers[privacy.protocol]
      // All these hashes are at least as long as the key, so no way to lengthen one is needed.
      const cipherKey = localizedKey(hash, privacy.password, engineId).subarray(0, size)
      const signingKey = localizedKey(hash, authentication.password, engineId)
      return [name, { name, hash, signatureSize, signingKey, cipher, cipherKey }]
    }),
  )
}

const stretched = 1024 * 1024

/** RFC 3414 2.6 and A.2: a password becomes a key that is good for one engine only. */
export function localizedKey(hash: string, password: string, engineId: Uint8Array): Uint8Array {
  const key = createHash(hash).update(Buffer.alloc(stretched, password)).digest()
  return createHash(hash).update(key).update(engineId).update(key).digest()
}

/** RFC 3414 6.3.2: made over the packet with zeros in its place. */
export function isSignedBy(user: User, packet: Uint8Array, message: SecuredMessage): boolean {
  if (message.authentication.length !== user.signatureSize) return false
  const blank = Uint8Array.from(packet)
  blank.fill(0, message.authenticationAt, message.authenticationAt + user.signatureSize)
  return timingSafeEqual(message.authentication, signatureOf(user, blank))
}

export const signatureOf = (user: User, packet: Uint8Array): Uint8Array =>
  createHmac(user.hash, user.signingKey).update(packet).digest().subarray(0, user.signatureSize)

const saltSize = 8

/** Null: a salt of another length. With another key it is noise, which is no scoped PDU. */
export function decrypted(user: User, message: SecuredMessage): Uint8Array | null {
  if (message.privacy.length !== saltSize) return null
  const vector = initialVector(message.boots, message.time, message.privacy)
  return createDecipheriv(user.cipher, user.cipherKey, vector).update(message.data)
}

export function encrypted(user: User, data: Uint8Array, boots: number, time: number) {
  const salt = randomBytes(saltSize)
  const vector = initialVector(boots, time, salt)
  return { salt, data: createCipheriv(user.cipher, user.cipherKey, vector).update(data) }
}

/** RFC 3826 3.1.2.1 */
function initialVector(boots: number, time: number, salt: Uint8Array): Uint8Array {
  const vector = Buffer.alloc(16)
  vector.writeUInt32BE(boots >>> 0, 0)
  vector.writeUInt32BE(time >>> 0, 4)
  vector.set(salt, 8)
  return vector
}

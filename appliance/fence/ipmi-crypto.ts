import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/** IPMI 2.0 22.15.2: what both sides of a session have agreed upon. */
export type CipherSuite = {
  readonly id: 3 | 17
  readonly hash: 'sha1' | 'sha256'
  /** Numbers of the algorithms, 13.28: authentication, integrity, confidentiality. */
  readonly algorithms: readonly [number, number, number]
  /** Bytes of a signature of a packet, and of RAKP message 4. */
  readonly signature: 12 | 16
}

export const cipherSuites: readonly CipherSuite[] = [
  { id: 17, hash: 'sha256', algorithms: [3, 4, 1], signature: 16 },
  { id: 3, hash: 'sha1', algorithms: [1, 1, 1], signature: 12 },
]

export const hmac = ({ hash }: CipherSuite, key: Uint8Array, ...parts: readonly Uint8Array[]) =>
  createHmac(hash, key).update(Buffer.concat(parts)).digest()

/** 13.29: the payload is padded with 1, 2, 3 ... and the number of these bytes. */
export function encrypt(key: Uint8Array, payload: Uint8Array): Buffer {
  const pad = 15 - (payload.length % 16)
  const padding = Uint8Array.from({ length: pad + 1 }, (_, index) =>
    index < pad ? index + 1 : pad,
  )
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-128-cbc', key.subarray(0, 16), iv).setAutoPadding(false)
  return Buffer.concat([iv, cipher.update(Buffer.concat([payload, padding])), cipher.final()])
}

/** Null: nobody who has the key has written it. */
export function decrypt(key: Uint8Array, bytes: Uint8Array): Buffer | null {
  if (bytes.length < 32 || bytes.length % 16 !== 0) return null
  const cipher = createDecipheriv('aes-128-cbc', key.subarray(0, 16), bytes.subarray(0, 16))
  cipher.setAutoPadding(false)
  const plain = Buffer.concat([cipher.update(bytes.subarray(16)), cipher.final()])
  const pad = plain.at(-1) ?? 0
  return pad < 16 ? plain.subarray(0, plain.length - 1 - pad) : null
}

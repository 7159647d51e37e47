import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { exclusiveOr } from './exclusive-or.ts'

/**
 * Packets of RADIUS (RFC 2865 3)
 *
 *     +------+------------+--------+---------------+-------------------------------+
 *     | code | identifier | length | authenticator | attributes: type, length, value |
 *     | 1    | 1          | 2      | 16            |             1     1            |
 *     +------+------------+--------+---------------+-------------------------------+
 */
export const codes = {
  accessRequest: 1,
  accessAccept: 2,
  accessReject: 3,
  accountingResponse: 5,
  accessChallenge: 11,
  statusServer: 12,
}

const types = {
  userName: 1,
  userPassword: 2,
  replyMessage: 18,
  nasIdentifier: 32,
  messageAuthenticator: 80,
}

const headerLength = 20
/** RFC 2865 3. */
const longestPacket = 4096

export type RadiusRequest = {
  readonly code: number
  readonly identifier: number
  /** 16 random bytes. */
  readonly authenticator: Uint8Array
  readonly secret: string
  readonly login: { readonly user: string; readonly password: string } | null
}

export function encodeRequest(request: RadiusRequest): Buffer {
  const { code, identifier, authenticator, secret, login } = request
  const user = [
    attribute(types.userName, Buffer.from(login?.user ?? '')),
    attribute(types.userPassword, hidden(login?.password ?? '', secret, authenticator)),
  ]
  // The first place, for what RFC 3579 3.2 does not cover (CVE-2024-3596).
  const attributes = Buffer.concat([
    attribute(types.messageAuthenticator, new Uint8Array(16)),
    ...(login === null ? [] : user),
    attribute(types.nasIdentifier, Buffer.from('diarch')),
  ])
  const bytes = Buffer.alloc(headerLength + attributes.length)
  bytes.set([code, identifier])
  bytes.writeUInt16BE(bytes.length, 2)
  bytes.set(authenticator, 4)
  bytes.set(attributes, headerLength)
  bytes.set(hmac(secret, bytes), headerLength + 2)
  return bytes
}

const attribute = (type: number, value: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(type, value.length + 2), value])

const hmac = (secret: string, bytes: Uint8Array): Buffer =>
  createHmac('md5', secret).update(bytes).digest()

/** RFC 2865 5.2 */
function hidden(password: string, secret: string, authenticator: Uint8Array): Buffer {
  const text = Buffer.from(password)
  const padded = Buffer.alloc(Math.max(Math.ceil(text.length / 16), 1) * 16)
  text.copy(padded)
  let previous: Uint8Array = authenticator
  for (let at = 0; at < padded.length; at += 16) {
    const mask = createHash('md5').update(secret).update(previous).digest()
    previous = exclusiveOr(padded.subarray(at, at + 16), mask)
    padded.set(previous, at)
  }
  return padded
}

/** RFC 2865 5.1 and 5.2: what fits. */
export const fits = ({ user, password }: { user: string; password: string }): boolean =>
  Buffer.byteLength(user) <= 253 && Buffer.byteLength(password) <= 128

export type RadiusAnswer = { readonly code: number; readonly message: string }

export type Refusal = 'too-short' | 'wrong-length' | 'not-ours' | 'broken-attributes' | 'forged'

/**
 * An answer to the request, or why it is none. `forged`: somebody who does not know the secret has
 * sent it. A Message-Authenticator is verified where there is one; older servers send none.
 */
export function decodeAnswer(datagram: Uint8Array, request: RadiusRequest): RadiusAnswer | Refusal {
  const bytes = Buffer.from(datagram)
  if (bytes.length < headerLength) return 'too-short'
  const length = bytes.readUInt16BE(2)
  if (length < headerLength || length > Math.min(bytes.length, longestPacket)) return 'wrong-length'
  if (bytes[1] !== request.identifier) return 'not-ours'
  // What is beyond its length is padding (RFC 2865 3).
  const packet = bytes.subarray(0, length)
  const claimed = Buffer.from(packet.subarray(4, headerLength))
  const asked = Buffer.from(packet)
  asked.set(request.authenticator, 4)
  const right = createHash('md5').update(asked).update(request.secret).digest()
  if (!timingSafeEqual(right, claimed)) return 'forged'
  let message = ''
  for (let at = headerLength; at < length; ) {
    const size = packet[at + 1] ?? 0
    if (size < 2 || at + size > length) return 'broken-attributes'
    const value = packet.subarray(at + 2, at + size)
    if (packet[at] === types.replyMessage) message += value.toString()
    if (packet[at] === types.messageAuthenticator) {
      const blank = Buffer.from(asked)
      blank.fill(0, at + 2, at + size)
      if (value.length !== 16 || !timingSafeEqual(hmac(request.secret, blank), value)) {
        return 'forged'
      }
    }
    at += size
  }
  return { code: bytes[0] ?? 0, message }
}

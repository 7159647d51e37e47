import { BerReader, element, integerElement, tags } from './ber.ts'
import { type Request, readRequest } from './pdu.ts'

/**
 * The outside of a packet. v2c (RFC 1901 3):
 *
 *   SEQUENCE { version 1, community, PDU }
 *
 * v3 (RFC 3412 6, RFC 3414 2.4); the data is a scoped PDU, or octets that hide one:
 *
 *   SEQUENCE { version 3,
 *     SEQUENCE { message id, most bytes, flags, security model },
 *     OCTETS { SEQUENCE { engine id, boots, time, user, authentication, privacy } },
 *     data }
 */
export type Message =
  | { readonly kind: 'malformed' }
  | { readonly kind: 'other-version' }
  | { readonly kind: 'community'; readonly community: Uint8Array; readonly request: Request }
  | SecuredMessage

export type SecuredMessage = {
  readonly kind: 'secured'
  readonly id: number
  /** What the sender can take in one datagram. */
  readonly mostBytes: number
  readonly authenticated: boolean
  readonly encrypted: boolean
  readonly reportable: boolean
  readonly engineId: Uint8Array
  readonly boots: number
  readonly time: number
  readonly user: string
  readonly authentication: Uint8Array
  /** Where in the packet: it was made with zeros there. */
  readonly authenticationAt: number
  readonly privacy: Uint8Array
  /** The scoped PDU with its tag and length, or what hides it. */
  readonly data: Uint8Array
}

const userSecurityModel = 3
const flagBits = { authenticated: 1, encrypted: 2, reportable: 4 } as const
const malformed = { kind: 'malformed' } as const

export function readMessage(bytes: Uint8Array): Message {
  const reader = new BerReader(bytes).sequence()
  const version = reader.integer()
  if (reader.failed) return malformed
  if (version === 3) return readSecured(bytes, reader)
  if (version !== 1) return { kind: 'other-version' }
  const community = reader.octets()
  const request = readRequest(reader)
  return request === null ? malformed : { kind: 'community', community, request }
}

/** In bytes; RFC 3414 knows 32 characters. */
const longestUser = 64

function readSecured(bytes: Uint8Array, reader: BerReader): Message {
  const header = reader.sequence()
  const id = header.integer()
  const mostBytes = header.integer()
  const [flags = 0] = header.octets()
  if (header.integer() !== userSecurityModel) return malformed
  const security = reader.sequence(tags.octets).sequence()
  const engineId = security.octets()
  const boots = security.integer()
  const time = security.integer()
  const name = security.octets()
  const user = new TextDecoder().decode(name)
  const { start: authenticationAt, reader: inside } = security.inside(tags.octets)
  const authentication = bytes.subarray(authenticationAt, authenticationAt + inside.size)
  const privacy = security.octets()
  const encrypted = (flags & flagBits.encrypted) !== 0
  const data = encrypted ? reader.octets() : reader.whole()
  // It comes back in a report: nobody gets more than he has sent.
  if (reader.failed || name.length > longestUser) return malformed
  return {
    kind: 'secured',
    id,
    mostBytes,
    authenticated: (flags & flagBits.authenticated) !== 0,
    encrypted,
    reportable: (flags & flagBits.reportable) !== 0,
    engineId,
    boots,
    time,
    user,
    authentication,
    authenticationAt,
    privacy,
    data,
  }
}

export type Scoped = { readonly context: Uint8Array; readonly request: Request }

/** Null: broken, or decrypted with another key. */
export function readScoped(data: Uint8Array): Scoped | null {
  const reader = new BerReader(data).sequence()
  // Of the engine that is asked: whoever wants another one asks another box.
  reader.octets()
  const context = reader.octets()
  const request = readRequest(reader)
  return request === null ? null : { context, request }
}

export const scopedBytes = (engineId: Uint8Array, context: Uint8Array, pdu: Uint8Array) =>
  element(tags.sequence, octetsElement(engineId), octetsElement(context), pdu)

export const communityBytes = (community: Uint8Array, pdu: Uint8Array): Uint8Array =>
  element(tags.sequence, integerElement(1), octetsElement(community), pdu)

export type Securing = {
  readonly id: number
  readonly engineId: Uint8Array
  readonly boots: number
  readonly time: number
  readonly user: string
  /** Bytes that the signature takes; 0: none. */
  readonly signatureSize: number
  readonly privacy: Uint8Array
  readonly encrypted: boolean
  /** A scoped PDU, or what hides it. */
  readonly data: Uint8Array
}

/** The packet with zeros where its signature goes. */
export function securedBytes(message: Securing, mostBytes: number) {
  const { id, engineId, boots, time, user, signatureSize, privacy, encrypted } = message
  const flags =
    (signatureSize > 0 ? flagBits.authenticated : 0) | (encrypted ? flagBits.encrypted : 0)
  const header = element(
    tags.sequence,
    integerElement(id),
    integerElement(mostBytes),
    octetsElement(Uint8Array.of(flags)),
    integerElement(userSecurityModel),
  )
  const last = octetsElement(privacy)
  const security = octetsElement(
    element(
      tags.sequence,
      octetsElement(engineId),
      integerElement(boots),
      integerElement(time),
      octetsElement(new TextEncoder().encode(user)),
      octetsElement(new Uint8Array(signatureSize)),
      last,
    ),
  )
  const data = encrypted ? octetsElement(message.data) : message.data
  const bytes = element(tags.sequence, integerElement(3), header, security, data)
  return { bytes, signatureAt: bytes.length - data.length - last.length - signatureSize }
}

const octetsElement = (bytes: Uint8Array): Uint8Array => element(tags.octets, bytes)

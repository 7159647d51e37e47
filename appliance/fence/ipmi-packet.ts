/**
 * Packets of RMCP+ (IPMI 2.0 13.6): the header of RMCP, that of the session, the payload, and,
 * where there are keys, padding and a signature behind it.
 *
 *   06 00 ff 07 | 06 | type | session (4) | sequence (4) | length (2) | payload
 *               | pad ff... | length of it | 07 | signature
 */

import { timingSafeEqual } from 'node:crypto'
import { type CipherSuite, decrypt, encrypt, hmac } from './ipmi-crypto.ts'

export const payloadType = {
  message: 0x00,
  openSession: 0x10,
  openSessionAnswer: 0x11,
  rakp1: 0x12,
  rakp2: 0x13,
  rakp3: 0x14,
  rakp4: 0x15,
} as const

export type SessionKeys = {
  readonly suite: CipherSuite
  readonly k1: Uint8Array
  readonly k2: Uint8Array
  /** Theirs. */
  readonly session: number
}

const rmcp = Uint8Array.of(0x06, 0x00, 0xff, 0x07)
const signedAndSealed = 0xc0

export function encodePacket(
  type: number,
  payload: Uint8Array,
  keys: SessionKeys | null,
  sequence: number,
): Buffer {
  const sealed = keys === null ? Buffer.from(payload) : encrypt(keys.k2, payload)
  const header = Buffer.alloc(12)
  header[0] = 0x06
  header[1] = keys === null ? type : type | signedAndSealed
  header.writeUInt32LE(keys?.session ?? 0, 2)
  header.writeUInt32LE(keys === null ? 0 : sequence, 6)
  header.writeUInt16LE(sealed.length, 10)
  if (keys === null) return Buffer.concat([rmcp, header, sealed])
  const pad = (4 - ((header.length + sealed.length + 2) % 4)) % 4
  const trailer = Buffer.from([...new Array<number>(pad).fill(0xff), pad, 0x07])
  const signed = Buffer.concat([header, sealed, trailer])
  const signature = hmac(keys.suite, keys.k1, signed).subarray(0, keys.suite.signature)
  return Buffer.concat([rmcp, signed, signature])
}

/** The payload of a packet of this type; null for any other, and for what is not signed well. */
export function decodePacket(bytes: Buffer, type: number, keys: SessionKeys | null): Buffer | null {
  if (bytes.length < 16 || bytes[0] !== 0x06 || bytes[3] !== 0x07 || bytes[4] !== 0x06) return null
  const length = bytes.readUInt16LE(14)
  const payload = bytes.subarray(16, 16 + length)
  if (payload.length !== length) return null
  if (keys === null) return bytes[5] === type ? payload : null
  if (bytes[5] !== (type | signedAndSealed)) return null
  const signature = bytes.subarray(-keys.suite.signature)
  const signed = bytes.subarray(4, -keys.suite.signature)
  const due = hmac(keys.suite, keys.k1, signed).subarray(0, keys.suite.signature)
  if (signature.length !== due.length || !timingSafeEqual(signature, due)) return null
  return decrypt(keys.k2, payload)
}

const [ours, theirs] = [0x81, 0x20]

/** 13.8: to the controller and back, each half with its sum. */
export function encodeMessage(
  netFunction: number,
  command: number,
  sequence: number,
  data: readonly number[],
): Buffer {
  const head = [theirs, netFunction << 2]
  const body = [ours, (sequence & 0x3f) << 2, command, ...data]
  return Buffer.from([...head, sumOf(head), ...body, sumOf(body)])
}

/** The completion code and what follows; null: it is the answer to something else. */
export function decodeMessage(
  bytes: Uint8Array,
  netFunction: number,
  command: number,
  sequence: number,
): Uint8Array | null {
  const isAnswer =
    bytes.length >= 8 &&
    bytes[1] === (netFunction | 1) << 2 &&
    bytes[4] === (sequence & 0x3f) << 2 &&
    bytes[5] === command &&
    sumOf([...bytes.subarray(0, 2)]) === bytes[2] &&
    sumOf([...bytes.subarray(3, -1)]) === bytes.at(-1)
  return isAnswer ? bytes.subarray(6, -1) : null
}

const sumOf = (bytes: readonly number[]): number =>
  -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff

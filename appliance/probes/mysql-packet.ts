import { createHash } from 'node:crypto'
import { exclusiveOr } from './exclusive-or.ts'

/**
 * Packets of MySQL's protocol, https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html
 *
 *     +-----------------+----------+---------+
 *     | length, 3 bytes | sequence | payload |   little endian
 *     +-----------------+----------+---------+
 */
export function packet(sequence: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(4)
  header.writeUIntLE(payload.length, 0, 3)
  header[3] = sequence & 0xff
  return Buffer.concat([header, payload])
}

export const clientSsl = 0x800
/** LONG_PASSWORD, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH */
const weSpeak = 0x1 | 0x200 | 0x2000 | 0x8000 | 0x80000
/** utf8mb3_general_ci: every server knows it. */
const charset = 33
const largestPacket = 0x1000000

export type Greeting = {
  readonly version: string
  readonly capabilities: number
  /** 20 bytes. */
  readonly nonce: Uint8Array
  readonly plugin: string
}

/** Null: it is none of protocol 10. */
export function parseGreeting(bytes: Uint8Array): Greeting | null {
  const payload = Buffer.from(bytes)
  const end = payload.indexOf(0, 1)
  if (payload[0] !== 10 || end < 0 || payload.length < end + 32) return null
  const version = payload.toString('latin1', 1, end)
  const first = payload.subarray(end + 5, end + 13)
  const capabilities = payload.readUInt16LE(end + 14) | (payload.readUInt16LE(end + 19) << 16)
  const second = payload.subarray(end + 32, end + 44)
  if (second.length < 12) return null
  // Its length is told, but it is 13 with a NUL at its end wherever a server was seen.
  const name = textUntilNul(payload, end + 45)
  return {
    version,
    capabilities: capabilities >>> 0,
    nonce: Buffer.concat([first, second]),
    plugin: name === '' ? 'mysql_native_password' : name,
  }
}

function textUntilNul(bytes: Buffer, from: number): string {
  if (from >= bytes.length) return ''
  const end = bytes.indexOf(0, from)
  return bytes.toString('utf8', from, end < 0 ? bytes.length : end)
}

export type ServerError = { readonly code: number; readonly text: string }

/** Null: it is no ERR packet. Before the handshake it has no SQL state. */
export function parseError(bytes: Uint8Array): ServerError | null {
  const payload = Buffer.from(bytes)
  if (payload[0] !== 0xff || payload.length < 3) return null
  const from = payload[3] === 0x23 ? 9 : 3
  return { code: payload.readUInt16LE(1), text: payload.toString('utf8', from) }
}

/** The short handshake response that comes before TLS. */
export const tlsRequest = (): Buffer => responseHead(weSpeak | clientSsl)

export function handshakeResponse(
  user: string,
  answer: Uint8Array,
  plugin: string,
  overTls: boolean,
): Buffer {
  return Buffer.concat([
    responseHead(weSpeak | (overTls ? clientSsl : 0)),
    Buffer.from(`${user}\0`),
    Buffer.of(answer.length),
    answer,
    Buffer.from(`${plugin}\0`),
  ])
}

function responseHead(capabilities: number): Buffer {
  const head = Buffer.alloc(32)
  head.writeUInt32LE(capabilities, 0)
  head.writeUInt32LE(largestPacket, 4)
  head[8] = charset
  return head
}

export type SwitchRequest = { readonly plugin: string; readonly nonce: Uint8Array }

/** Null: it is no request for another way to log in. */
export function parseSwitch(bytes: Uint8Array): SwitchRequest | null {
  const payload = Buffer.from(bytes)
  if (payload[0] !== 0xfe) return null
  // One byte: the scrambling of before 4.1.
  if (payload.length === 1) return { plugin: 'mysql_old_password', nonce: Buffer.alloc(0) }
  const plugin = textUntilNul(payload, 1)
  const from = 1 + Buffer.byteLength(plugin) + 1
  return { plugin, nonce: payload.subarray(from, from + 20) }
}

const digest = (algorithm: 'sha1' | 'sha256', ...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash(algorithm)
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Null: the check does not speak this plugin. */
export function scramble(plugin: string, password: string, nonce: Uint8Array): Buffer | null {
  const known = plugin === 'mysql_native_password' || plugin === 'caching_sha2_password'
  if (!known) return null
  if (password === '') return Buffer.alloc(0)
  const secret = Buffer.from(password)
  if (plugin === 'mysql_native_password') {
    const once = digest('sha1', secret)
    return exclusiveOr(once, digest('sha1', nonce, digest('sha1', once)))
  }
  const once = digest('sha256', secret)
  return exclusiveOr(once, digest('sha256', digest('sha256', once), nonce))
}

/** The first value of a row in text: null for NULL, undefined where it is cut off. */
export function firstValue(row: Uint8Array): string | null | undefined {
  const bytes = Buffer.from(row)
  const first = bytes[0]
  if (first === undefined) return undefined
  if (first === 0xfb) return null
  const size = first < 0xfb ? 0 : first === 0xfc ? 2 : first === 0xfd ? 3 : 0
  if (size === 0 && first > 0xfb) return undefined
  if (bytes.length < 1 + size) return undefined
  const length = size === 0 ? first : bytes.readUIntLE(1, size)
  const value = bytes.subarray(1 + size, 1 + size + length)
  return value.length === length ? value.toString() : undefined
}

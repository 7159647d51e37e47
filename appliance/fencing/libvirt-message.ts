/**
 * Messages of libvirt's RPC (its virnetprotocol.x and remote_protocol.x), in XDR:
 *
 *   length (4, itself included) | program (4) | version (4) | procedure (4)
 *   | type (4) | serial (4) | status (4) | arguments, a result, or an error
 */

import { join, words, XdrReader } from './xdr.ts'

const program = 0x2000_8086
const version = 1

export const procedure = {
  connectOpen: 1,
  connectClose: 2,
  domainCreate: 9,
  domainDestroy: 12,
  domainLookupByName: 23,
  authList: 66,
  domainGetState: 212,
} as const
export type Procedure = keyof typeof procedure

const type = { call: 0, reply: 1 } as const
const status = { ok: 0, error: 1 } as const

/** `remote_auth_type`: nobody has to log in. */
export const withoutLogin = 0

/** Of what is asked here no answer is nearly as long. */
const mostBytes = 65_536
const headerBytes = 28

export function encodeCall(name: Procedure, serial: number, args: Uint8Array): Uint8Array {
  const length = headerBytes + args.length
  const header = words(length, program, version, procedure[name], type.call, serial, status.ok)
  return join(header, args)
}

/** How long the message is that begins here; null: more bytes have to come first. */
export function lengthOf(bytes: Uint8Array): number | 'broken' | null {
  if (bytes.length < 4) return null
  const length = new XdrReader(bytes).word()
  return length < headerBytes || length > mostBytes ? 'broken' : length
}

export type LibvirtAnswer =
  | { readonly kind: 'result'; readonly serial: number; readonly body: Uint8Array }
  /** In the words of the host. */
  | { readonly kind: 'refused'; readonly serial: number; readonly text: string }
  /** An event, or a question whether we live: nobody has asked for it. */
  | { readonly kind: 'other' }
  | { readonly kind: 'broken' }

/** A whole message, as long as it says. */
export function decodeAnswer(bytes: Uint8Array): LibvirtAnswer {
  const reader = new XdrReader(bytes)
  reader.word()
  const from = reader.word()
  reader.fixed(8)
  const kind = reader.word()
  const serial = reader.word()
  const outcome = reader.word()
  if (reader.short) return { kind: 'broken' }
  if (from !== program || kind !== type.reply) return { kind: 'other' }
  if (outcome === status.ok) return { kind: 'result', serial, body: reader.rest() }
  // `remote_error`: code, domain, message, and more that says the same.
  reader.fixed(8)
  const text = reader.optional(() => reader.text())
  if (reader.short || outcome !== status.error) return { kind: 'broken' }
  return { kind: 'refused', serial, text: text ?? 'refused, and it does not say why' }
}

/** `remote_nonnull_domain`, as it stands on the wire: its name, UUID and number. */
export function decodeDomain(body: Uint8Array): Uint8Array | null {
  const reader = new XdrReader(body)
  reader.text()
  reader.fixed(16)
  reader.integer()
  return reader.short ? null : body.slice(0, body.length - reader.rest().length)
}

/** `remote_auth_list_ret`: the ways to log in that are offered. */
export function decodeLogins(body: Uint8Array): readonly number[] | null {
  const reader = new XdrReader(body)
  const count = reader.word()
  if (count > 20) return null
  const found = Array.from({ length: count }, () => reader.word())
  return reader.short ? null : found
}

/** libvirt-domain.h: `virDomainState`, `virDomainShutoffReason`. */
const shutOff = 5
const migrated = 4

/**
 * `elsewhere`: it is off on this host since it runs on another one. All that is not off may go on,
 * be it paused, crashed or suspended.
 */
export function decodeState(body: Uint8Array): 'on' | 'off' | 'elsewhere' | null {
  const reader = new XdrReader(body)
  const [state, reason] = [reader.integer(), reader.integer()]
  if (reader.short) return null
  if (state !== shutOff) return 'on'
  return reason === migrated ? 'elsewhere' : 'off'
}

/**
 * LDAP's messages (RFC 4511) in BER (X.690): tag, length, contents. Tags here have one byte,
 * lengths one, or one that counts the up to four that follow.
 */
export type Element = { readonly tag: number; readonly content: Buffer }

export function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  const head = Buffer.from([tag, 0x84, 0, 0, 0, 0])
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content])
  head.writeUInt32BE(content.length, 2)
  return Buffer.concat([head, content])
}

const tags = { boolean: 0x01, integer: 0x02, text: 0x04, enumerated: 0x0a, sequence: 0x30 }
const integer = (value: number): Buffer => element(tags.integer, Buffer.of(value))
const enumerated = (value: number): Buffer => element(tags.enumerated, Buffer.of(value))
const text = (words: string, tag = tags.text): Buffer => element(tag, Buffer.from(words))

/** Identifiers below 128. */
export const ldapMessage = (id: number, operation: Uint8Array): Buffer =>
  element(tags.sequence, integer(id), operation)

export const operations = {
  bindResponse: 0x61,
  searchEntry: 0x64,
  searchDone: 0x65,
  searchReference: 0x73,
  extendedResponse: 0x78,
}

/** RFC 4511 4.2: version 3, simple. */
export const bindRequest = (dn: string, password: string): Buffer =>
  element(0x60, integer(3), text(dn), text(password, 0x80))

/** RFC 4511 4.5.1: the entry itself (baseObject), without its attributes ("1.1"). */
export const entryRequest = (base: string): Buffer =>
  element(
    0x63,
    text(base),
    enumerated(0),
    enumerated(0),
    integer(1),
    integer(0),
    element(tags.boolean, Buffer.of(0xff)),
    text('objectClass', 0x87),
    element(tags.sequence, text('1.1')),
  )

/** RFC 4511 4.3 */
export const unbindRequest = (): Buffer => Buffer.of(0x42, 0)

/** How many bytes of length follow the first one; null: of no length that LDAP allows (5.1). */
export function moreLengthBytes(first: number): number | null {
  if (first < 0x80) return 0
  return first > 0x80 && first <= 0x84 ? first - 0x80 : null
}

/** What stands in a row in `bytes`; null: it does not add up. */
export function elements(bytes: Uint8Array): readonly Element[] | null {
  const rest = Buffer.from(bytes)
  const found: Element[] = []
  for (let at = 0; at < rest.length; ) {
    const tag = rest[at] ?? 0
    const first = rest[at + 1]
    const more = first === undefined ? null : moreLengthBytes(first)
    if (first === undefined || more === null || rest.length < at + 2 + more) return null
    const length = more === 0 ? first : rest.readUIntBE(at + 2, more)
    const start = at + 2 + more
    if (length > rest.length - start) return null
    found.push({ tag, content: rest.subarray(start, start + length) })
    at = start + length
  }
  return found
}

export type LdapMessage = {
  readonly id: number
  readonly operation: number
  /** What most answers hold (RFC 4511 4.1.9); null where they hold none. */
  readonly result: { readonly code: number; readonly text: string } | null
}

/** Of the contents of the outer sequence; null: it is no message of LDAP. */
export function parseMessage(contents: Uint8Array): LdapMessage | null {
  const [id, operation] = elements(contents) ?? []
  if (id?.tag !== tags.integer || id.content.length !== 1 || operation === undefined) return null
  const [code, , diagnostics] = elements(operation.content) ?? []
  const result =
    code?.tag === tags.enumerated && code.content.length === 1
      ? { code: code.content[0] ?? 0, text: diagnostics?.content.toString() ?? '' }
      : null
  return { id: id.content[0] ?? 0, operation: operation.tag, result }
}

/** RFC 4511 A.1, in words that fit behind "the bind: ". */
const codes: Readonly<Record<number, string>> = {
  1: 'operations error',
  2: 'protocol error',
  3: 'time limit exceeded',
  4: 'size limit exceeded',
  7: 'this way to log in is not supported',
  8: 'stronger authentication required',
  10: 'referral to another server',
  11: 'administrative limit exceeded',
  13: 'confidentiality required: use TLS',
  32: 'no such object',
  34: 'invalid DN syntax',
  48: 'inappropriate authentication: anonymous is not allowed',
  49: 'invalid credentials',
  50: 'insufficient access rights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwilling to perform',
  80: 'other error',
}

export const resultWords = (code: number): string => `${codes[code] ?? 'unknown result'} (${code})`

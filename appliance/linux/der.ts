/**
 * Writes ASN.1 in DER (ITU-T X.690), as much of it as a certificate needs. Nothing here reads it:
 * what others send us goes to OpenSSL.
 */

const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** X.690 8.1.3: one octet up to 127, else the number of octets and then the length in them. */
function tagged(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  const length = content.length
  if (length > 0xffff) throw new RangeError(`DER element of ${length} octets; expected <= 65535`)
  const octets =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...octets]), content])
}

export const sequence = (...items: readonly Uint8Array[]) => tagged(tags.sequence, ...items)
export const set = (...items: readonly Uint8Array[]) => tagged(tags.set, ...items)
/** `[n]` around what the structure says, when it is constructed. */
export const explicit = (n: number, item: Uint8Array) => tagged(0xa0 | n, item)
/** `[n]` instead of the tag of a plain string. */
export const implicit = (n: number, content: Uint8Array) => tagged(0x80 | n, content)

export const boolean = (value: boolean) => tagged(tags.boolean, Buffer.from([value ? 0xff : 0]))
/** Big-endian two's complement, as it goes out: the caller sees to its sign and shortness. */
export const integer = (octets: Uint8Array) => tagged(tags.integer, octets)
export const octetString = (content: Uint8Array) => tagged(tags.octetString, content)
export const utf8String = (text: string) => tagged(tags.utf8String, Buffer.from(text, 'utf8'))

export const bitString = (content: Uint8Array, unusedBits = 0) =>
  tagged(tags.bitString, Buffer.from([unusedBits]), content)

/** X.690 8.19: the first two arcs share an octet, each later one goes in base 128. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const octets = [first * 40 + second]
  for (const arc of rest) {
    const digits = [arc & 0x7f]
    for (let more = arc >>> 7; more > 0; more >>>= 7) digits.unshift((more & 0x7f) | 0x80)
    octets.push(...digits)
  }
  return tagged(tags.objectIdentifier, Buffer.from(octets))
}

/** RFC 5280 4.1.2.5: years up to 2049 have two digits, later ones four. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/\.\d+|[-:T]/g, '')
  return date.getUTCFullYear() < 2050
    ? tagged(tags.utcTime, Buffer.from(digits.slice(2)))
    : tagged(tags.generalizedTime, Buffer.from(digits))
}

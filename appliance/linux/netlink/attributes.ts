/**
 * Attributes as in netlink(7) and include/uapi/linux/netlink.h: a length that counts itself, a
 * type, a value, padded to four bytes. Numbers are in the host's order, which is little-endian on
 * every machine that Diarch runs on.
 */

export type Attribute = readonly [type: number, value: Uint8Array | readonly Attribute[]]

const headerSize = 4
const NLA_F_NESTED = 0x8000
const NLA_TYPE_MASK = 0x3fff

const padded = (length: number): number => (length + 3) & ~3

export function encodeAttributes(list: readonly Attribute[]): Uint8Array {
  const values = list.map(([, value]) =>
    value instanceof Uint8Array ? value : encodeAttributes(value),
  )
  const size = values.reduce((sum, value) => sum + headerSize + padded(value.length), 0)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [index, [type, given]] of list.entries()) {
    const value = values[index] ?? new Uint8Array()
    view.setUint16(at, headerSize + value.length, true)
    view.setUint16(at + 2, given instanceof Uint8Array ? type : type | NLA_F_NESTED, true)
    bytes.set(value, at + headerSize)
    at += headerSize + padded(value.length)
  }
  return bytes
}

/** By their types; the values are views. Of a type that comes twice the last one counts. */
export function decodeAttributes(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const view = viewOf(bytes)
  const found = new Map<number, Uint8Array>()
  for (let at = 0; at + headerSize <= bytes.length; ) {
    const length = view.getUint16(at, true)
    if (length < headerSize || at + length > bytes.length) {
      throw new RangeError(
        `a netlink attribute says ${length} bytes where ${bytes.length - at} are left`,
      )
    }
    found.set(view.getUint16(at + 2, true) & NLA_TYPE_MASK, bytes.subarray(at + 4, at + length))
    at += padded(length)
  }
  return found
}

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const uint8 = (value: number): Uint8Array => Uint8Array.of(value)

export const uint32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer)

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** With the zero at its end that the kernel wants. */
export const text = (value: string): Uint8Array => encoder.encode(`${value}\0`)

/** Null where the attribute is missing or too short. */
export const readUint32 = (value: Uint8Array | undefined): number | null =>
  value === undefined || value.length < 4 ? null : viewOf(value).getUint32(0, true)

export const readText = (value: Uint8Array | undefined): string | null =>
  value === undefined ? null : decoder.decode(value).replace(/\0.*$/s, '')

export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/**
 * The blocks of a pcapng file (draft-ietf-opsawg-pcapng) that a flight is made of, little-endian.
 * All interfaces have one link type, or tcpdump refuses the file: see cooked-frame.ts.
 *
 *   section header 0x0a0d0d0a | interface 1, each | enhanced packet 6, each
 *
 *   enhanced packet: type, length, interface, time (2), captured, original,
 *     data, options, length
 */

export const sectionHeader = 0x0a0d0d0a
export const interfaceDescription = 1
export const enhancedPacket = 6

export const option = {
  end: 0,
  comment: 1,
  flags: 2,
  name: 2,
  description: 3,
  resolution: 9,
} as const
/** A custom option that a program may copy. */
export const customOption = 2989
/** RFC 5612: for examples; nobody else's option is meant by what follows it here. */
export const exampleEnterprise = 32473

/** Before the data of an enhanced packet. */
export const packetHeaderSize = 28

const byteOrderMagic = 0x1a2b3c4d
const linkTypeCooked2 = 276
const nanoseconds = 9

export const padded = (length: number): number => (length + 3) & ~3

export type Option = { readonly code: number; readonly value: Uint8Array }

const words = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Of a file of one section: who wrote it and what it is about. */
export function sectionBlock(application: string, comment: string): Uint8Array {
  const fixed = new Uint8Array(16)
  const view = new DataView(fixed.buffer)
  view.setUint32(0, byteOrderMagic, true)
  view.setUint16(4, 1, true)
  // The length of the section is not said.
  view.setBigInt64(8, -1n, true)
  return block(sectionHeader, fixed, [
    { code: option.comment, value: words(comment) },
    { code: 4, value: words(application) },
  ])
}

export function interfaceBlock(name: string, description: string): Uint8Array {
  const fixed = new Uint8Array(8)
  new DataView(fixed.buffer).setUint16(0, linkTypeCooked2, true)
  return block(interfaceDescription, fixed, [
    { code: option.name, value: words(name) },
    { code: option.description, value: words(description) },
    { code: option.resolution, value: Uint8Array.of(nanoseconds) },
  ])
}

function block(type: number, fixed: Uint8Array, options: readonly Option[]): Uint8Array {
  const size = options.reduce((sum, { value }) => sum + 4 + padded(value.length), 4)
  const bytes = new Uint8Array(12 + fixed.length + size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, bytes.length, true)
  bytes.set(fixed, 8)
  let at = 8 + fixed.length
  for (const { code, value } of options) {
    view.setUint16(at, code, true)
    view.setUint16(at + 2, value.length, true)
    bytes.set(value, at + 4)
    at += 4 + padded(value.length)
  }
  view.setUint32(bytes.length - 4, bytes.length, true)
  return bytes
}

export type Block = {
  readonly type: number
  /** Between the two lengths. */
  readonly body: Uint8Array
}

/** Null: it is no pcapng file of our byte order, or is cut off. */
export function readBlocks(bytes: Uint8Array): readonly Block[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const blocks: Block[] = []
  let at = 0
  while (at + 12 <= bytes.length) {
    const type = view.getUint32(at, true)
    const length = view.getUint32(at + 4, true)
    if (length < 12 || length % 4 !== 0 || at + length > bytes.length) return null
    blocks.push({ type, body: bytes.subarray(at + 8, at + length - 4) })
    at += length
  }
  return at === bytes.length && blocks[0]?.type === sectionHeader ? blocks : null
}

export function readOptions(body: Uint8Array, from: number): readonly Option[] {
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  const options: Option[] = []
  let at = from
  while (at + 4 <= body.length) {
    const code = view.getUint16(at, true)
    const length = view.getUint16(at + 2, true)
    if (code === option.end || at + 4 + length > body.length) break
    options.push({ code, value: body.subarray(at + 4, at + 4 + length) })
    at += 4 + padded(length)
  }
  return options
}

import { cookedSize, type Direction, putCooked } from './cooked-frame.ts'
import { enhancedPacket, interfaceBlock, option, packetHeaderSize, padded } from './pcapng.ts'

/** Bytes that blocks are put into, one behind the other. */
export type Page = {
  readonly bytes: Uint8Array
  readonly view: DataView
  used: number
}

export type Packet = {
  readonly on: string
  readonly direction: Direction
  /** As in the type field of Ethernet. */
  readonly protocol: number
  /** Of its data. */
  readonly length: number
  /** Of options beside the direction, which the caller writes. */
  readonly options: number
}

/** Where the caller puts its data and its options. */
export type Put<Where extends Page> = {
  readonly page: Where
  /** Where the block begins. */
  readonly block: number
  readonly data: number
  readonly options: number
}

/** Header, data, direction, the caller's options, their end, the length again. */
export const blockSize = (length: number, options: number): number =>
  packetHeaderSize + padded(cookedSize + length) + 8 + options + 4 + 4

/** Writes enhanced packet blocks, and knows the interfaces that they were of. */
export class PacketBlocks {
  readonly #interfaces = new Map<string, { readonly id: number; readonly index: number }>()
  readonly #indexOf: (name: string) => number

  constructor(indexOf: (name: string) => number) {
    this.#indexOf = indexOf
  }

  /** `unix`: milliseconds since 1970. The page has room for it. */
  put<Where extends Page>(page: Where, packet: Packet, unix: number): Put<Where> {
    const { on, direction, protocol, length, options } = packet
    const { view, bytes, used } = page
    const { id, index } = this.#interfaceOf(on)
    const size = blockSize(length, options)
    const captured = cookedSize + length
    view.setUint32(used, enhancedPacket, true)
    view.setUint32(used + 4, size, true)
    view.setUint32(used + 8, id, true)
    putTime(view, used + 12, unix)
    view.setUint32(used + 20, captured, true)
    view.setUint32(used + 24, captured, true)
    const data = used + packetHeaderSize
    putCooked(bytes, data, protocol, index, direction)
    const behind = data + padded(captured)
    bytes.fill(0, data + captured, behind)
    view.setUint16(behind, option.flags, true)
    view.setUint16(behind + 2, 4, true)
    view.setUint32(behind + 4, direction === 'in' ? 1 : 2, true)
    const end = behind + 8 + options
    view.setUint32(end, 0, true)
    view.setUint32(end + 4, size, true)
    page.used += size
    return { page, block: used, data: data + cookedSize, options: behind + 8 }
  }

  /** One for each interface that a packet was of. */
  descriptions(text: (name: string) => string): readonly Uint8Array[] {
    return [...this.#interfaces.keys()].map(name => interfaceBlock(name, text(name)))
  }

  #interfaceOf(name: string): { readonly id: number; readonly index: number } {
    const known = this.#interfaces.get(name)
    if (known !== undefined) return known
    const made = { id: this.#interfaces.size, index: this.#indexOf(name) }
    this.#interfaces.set(name, made)
    return made
  }
}

export const commentBytes = (words: string): Uint8Array =>
  new TextEncoder().encode(words.slice(0, 500))

/** Of a comment as an option; none for no words. */
export const commentSize = (comment: Uint8Array): number =>
  comment.length === 0 ? 0 : 4 + padded(comment.length)

export function putComment({ bytes, view }: Page, at: number, comment: Uint8Array): void {
  if (comment.length === 0) return
  view.setUint16(at, option.comment, true)
  view.setUint16(at + 2, comment.length, true)
  bytes.fill(0, at + 4 + comment.length, at + 4 + padded(comment.length))
  bytes.set(comment, at + 4)
}

/** Nanoseconds since 1970 in two halves of 32 bits: more than a double holds at once. */
function putTime(view: DataView, at: number, unix: number): void {
  const seconds = Math.floor(unix / 1000)
  const rest = Math.floor((unix - seconds * 1000) * 1e6)
  // 10^9 is 2^9 * 1,953,125: each product here is exact.
  const product = seconds * 1_953_125
  const low = (product % 2 ** 23) * 2 ** 9 + rest
  view.setUint32(at, Math.floor(product / 2 ** 23) + Math.floor(low / 2 ** 32), true)
  view.setUint32(at + 4, low % 2 ** 32, true)
}

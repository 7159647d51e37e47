import type { Oid } from './oid.ts'

/**
 * What SNMP uses of the basic encoding rules (RFC 3417 8): definite lengths, tags of one byte.
 *
 *   tag | length (one byte, or 0x80 + n and n bytes) | content
 */

export const tags = {
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  counter32: 0x41,
  gauge32: 0x42,
  ticks: 0x43,
  counter64: 0x46,
  noSuchObject: 0x80,
  noSuchInstance: 0x81,
  endOfView: 0x82,
} as const

/** More than any name of RFC 3416 may have (128). */
const mostArcs = 128

/**
 * Reads bytes of strangers, and never throws. What does not fit makes the whole packet `failed`:
 * from then on everything is empty or 0, so that loops end.
 */
export class BerReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  readonly #fate: { failed: boolean }
  #at: number

  constructor(bytes: Uint8Array, at = 0, end = bytes.length, fate = { failed: false }) {
    this.#bytes = bytes
    this.#at = at
    this.#end = end
    this.#fate = fate
  }

  get failed(): boolean {
    return this.#fate.failed
  }

  get isEmpty(): boolean {
    return this.failed || this.#at >= this.#end
  }

  get size(): number {
    return this.#end - this.#at
  }

  /** Of the next element; -1: there is none. */
  get tag(): number {
    return this.isEmpty ? -1 : (this.#bytes[this.#at] ?? -1)
  }

  /** What is in the next element. Its content begins at `start` of all bytes. */
  inside(tag: number): { readonly reader: BerReader; readonly start: number } {
    const [start, end] = this.#take(tag)
    return { reader: new BerReader(this.#bytes, start, end, this.#fate), start }
  }

  sequence(tag: number = tags.sequence): BerReader {
    return this.inside(tag).reader
  }

  /** Signed, of at most 32 bits; unsigned ones may have a zero in front. */
  integer(): number {
    const [start, end] = this.#take(tags.integer)
    if (end - start < 1 || end - start > 5) return this.#fail(0)
    const first = this.#bytes[start] ?? 0
    let value = first > 0x7f ? first - 0x100 : first
    for (let at = start + 1; at < end; at += 1) value = value * 0x100 + (this.#bytes[at] ?? 0)
    return value < -0x8000_0000 || value > 0xffff_ffff ? this.#fail(0) : value
  }

  octets(): Uint8Array {
    const [start, end] = this.#take(tags.octets)
    return this.#bytes.subarray(start, end)
  }

  oid(): Oid {
    const [start, end] = this.#take(tags.oid)
    const arcs: number[] = []
    let arc = 0
    for (let at = start; at < end; at += 1) {
      const byte = this.#bytes[at] ?? 0
      arc = arc * 0x80 + (byte & 0x7f)
      if (arc > 0xffff_ffff || arcs.length >= mostArcs) return this.#fail([])
      if (byte > 0x7f) continue
      if (arcs.length === 0) {
        const first = Math.min(2, Math.floor(arc / 40))
        arcs.push(first, arc - first * 40)
      } else arcs.push(arc)
      arc = 0
    }
    const isWhole = end > start && (this.#bytes[end - 1] ?? 0x80) < 0x80
    return isWhole ? arcs : this.#fail([])
  }

  skip(): void {
    this.#take(this.tag)
  }

  /** The next element with its tag and length. */
  whole(): Uint8Array {
    const start = this.#at
    this.skip()
    return this.#bytes.subarray(start, this.#at)
  }

  #take(tag: number): readonly [start: number, end: number] {
    if (this.isEmpty || this.tag !== tag) return this.#nothing()
    let at = this.#at + 1
    let length = this.#bytes[at] ?? 0x80
    at += 1
    if (length > 0x7f) {
      const size = length - 0x80
      if (size < 1 || size > 4) return this.#nothing()
      length = 0
      for (let left = size; left > 0; left -= 1) {
        length = length * 0x100 + (this.#bytes[at] ?? 0)
        at += 1
      }
    }
    if (at + length > this.#end) return this.#nothing()
    this.#at = at + length
    return [at, at + length]
  }

  #nothing(): readonly [number, number] {
    return this.#fail([this.#end, this.#end])
  }

  #fail<T>(value: T): T {
    this.#fate.failed = true
    this.#at = this.#end
    return value
  }
}

export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const head = [tag, ...lengthBytes(length)]
  const all = new Uint8Array(head.length + length)
  all.set(head)
  let at = head.length
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** The shortest form of a whole number; of one without a sign the first bit stays free. */
export function integerElement(value: number, tag: number = tags.integer): Uint8Array {
  const bytes: number[] = []
  let left = value
  do {
    const byte = ((left % 0x100) + 0x100) % 0x100
    bytes.unshift(byte)
    left = (left - byte) / 0x100
  } while (left !== 0 && left !== -1)
  const first = bytes[0] ?? 0
  if (left === 0 && first > 0x7f) bytes.unshift(0)
  if (left === -1 && first < 0x80) bytes.unshift(0xff)
  return element(tag, Uint8Array.from(bytes))
}

export function oidElement(arcs: Oid): Uint8Array {
  const [first = 0, second = 0, ...rest] = arcs
  const bytes = [first * 40 + second, ...rest].flatMap(arcBytes)
  return element(tags.oid, Uint8Array.from(bytes))
}

function arcBytes(arc: number): readonly number[] {
  if (arc < 0x80) return [arc]
  const bytes = [arc % 0x80]
  for (let left = Math.floor(arc / 0x80); left > 0; left = Math.floor(left / 0x80)) {
    bytes.unshift(0x80 + (left % 0x80))
  }
  return bytes
}

function lengthBytes(length: number): readonly number[] {
  if (length < 0x80) return [length]
  if (length < 0x100) return [0x81, length]
  return [0x82, length >> 8, length & 0xff]
}

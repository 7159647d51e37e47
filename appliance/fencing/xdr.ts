/**
 * External Data Representation (RFC 4506), as far as libvirt needs it: everything is big-endian,
 * and what is no multiple of four bytes is filled up with zeros.
 */

const padded = (length: number): number => Math.ceil(length / 4) * 4

export const join = (...parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** 4.2 unsigned integers, one after the other; negative ones are written as 4.1 has them. */
export function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4)
  const view = new DataView(bytes.buffer)
  values.forEach((value, index) => {
    view.setUint32(index * 4, value >>> 0)
  })
  return bytes
}

/** 4.11: its length in bytes, and the bytes. */
export function text(value: string): Uint8Array {
  const bytes = new TextEncoder().encode(value)
  return join(words(bytes.length), bytes, new Uint8Array(padded(bytes.length) - bytes.length))
}

/** 4.19 optional data: it is there. */
export const present = (value: Uint8Array): Uint8Array => join(words(1), value)

/** Reads one value after the other. Once it is `short`, what it gives means nothing. */
export class XdrReader {
  /** There were fewer bytes than asked for, or some that no writer makes. */
  short = false
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** 4.1 */
  integer(): number {
    const at = this.#take(4)
    return at === null ? 0 : this.#view.getInt32(at)
  }

  /** 4.2 */
  word(): number {
    return this.integer() >>> 0
  }

  /** 4.9, of a length that both know. */
  fixed(length: number): Uint8Array {
    const at = this.#take(padded(length))
    return at === null ? new Uint8Array(0) : this.#bytes.slice(at, at + length)
  }

  text(): string {
    return new TextDecoder().decode(this.fixed(this.word()))
  }

  /** 4.19: null when it is not there. */
  optional<T>(read: () => T): T | null {
    const there = this.word()
    if (there > 1) this.short = true
    return there === 1 ? read() : null
  }

  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at)
  }

  #take(length: number): number | null {
    const at = this.#at
    if (this.short || length > this.#bytes.length - at) {
      this.short = true
      return null
    }
    this.#at += length
    return at
  }
}

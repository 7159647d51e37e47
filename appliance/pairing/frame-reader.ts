/** Frames out of a stream of bytes that comes in pieces, cut anywhere. */

import type * as z from 'zod'
import { type Frame, headBytes, linkFrame, longestGreeting, shareFrame } from './frames.ts'
import { keyFrame } from './key-frames.ts'
import { peerFrame } from './peer-frames.ts'

/** Of newer software: it is for whoever knows it. */
export type Unknown = { readonly frame: null; readonly name: string }

export type Read =
  | { readonly kind: 'frame'; readonly frame: Frame | Unknown }
  /** Nothing after it can be told apart. */
  | { readonly kind: 'broken'; readonly why: string }

const schemas: ReadonlyMap<string, z.ZodType<Frame>> = new Map(
  [...linkFrame.options, ...shareFrame.options, ...peerFrame.options, ...keyFrame.options].map(
    option => [option.shape.frame.value, option] as const,
  ),
)

export class FrameReader {
  /** Nobody makes this box keep more than so much. It counts from the next frame on. */
  limit = longestGreeting
  #parts: Uint8Array[] = []
  #held = 0
  /** So many bytes are needed before there is anything to look at. */
  #awaited = headBytes

  add(bytes: Uint8Array): void {
    this.#parts.push(bytes)
    this.#held += bytes.length
  }

  /** One at a time: what the first one says may change who looks at the next. Null: no more. */
  next(): Read | null {
    while (this.#held >= this.#awaited) {
      const whole = this.#joined()
      const length = new DataView(whole.buffer, whole.byteOffset).getUint32(0)
      if (length > this.limit) {
        return { kind: 'broken', why: `a frame of ${length} bytes; at most ${this.limit}` }
      }
      this.#awaited = headBytes + length
      if (this.#held < this.#awaited) break
      const body = whole.subarray(headBytes, this.#awaited)
      this.#parts = [whole.subarray(this.#awaited)]
      this.#held -= this.#awaited
      this.#awaited = headBytes
      return readFrame(body)
    }
    return null
  }

  #joined(): Uint8Array {
    const [only = new Uint8Array(), ...more] = this.#parts
    if (more.length === 0) return only
    const whole = new Uint8Array(this.#held)
    let at = 0
    for (const part of this.#parts) {
      whole.set(part, at)
      at += part.length
    }
    this.#parts = [whole]
    return whole
  }
}

/** As words of a log have it: whoever sends it chooses it. */
const nameOf = (value: unknown): string | null => {
  const name = typeof value === 'object' && value !== null && 'frame' in value && value.frame
  return typeof name === 'string' && /^[a-z][a-z0-9-]{0,39}$/.test(name) ? name : null
}

function readFrame(body: Uint8Array): Read {
  const value = jsonIn(body)
  const name = nameOf(value)
  if (name === null) return { kind: 'broken', why: 'a frame that is none of ours' }
  const schema = schemas.get(name)
  if (schema === undefined) return { kind: 'frame', frame: { frame: null, name } }
  const parsed = schema.safeParse(value)
  if (parsed.success) return { kind: 'frame', frame: parsed.data }
  const place = parsed.error.issues[0]?.path.join('.').slice(0, 100)
  return { kind: 'broken', why: `a frame "${name}" with something wrong at "${place ?? ''}"` }
}

function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return null
  }
}

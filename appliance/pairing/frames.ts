/**
 * What two boxes say to each other: JSON behind its length in 4 bytes, big-endian. All of it comes
 * from the network, also what a paired box says: nothing is used before the schema has seen it.
 */

import * as z from 'zod'
import { peerFrame } from './peer-frames.ts'

/** A document of a thousand services has 2 MiB. */
export const longestFrame = 16 * 1024 * 1024
/** Of somebody who has not proven who he is. */
export const longestGreeting = 4096

const text = z.string().max(1000)
const name = z.string().min(1).max(64)
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))
const id = z.string().min(1).max(64)
const whys = z.array(z.string().max(4000)).min(1).max(50).readonly()
const agreed = z.strictObject({ hash, count: z.int().min(0) })

/** Who speaks. */
export const aboutSchema = z.strictObject({
  name,
  version: text,
  schemaVersion: z.int(),
  /** Where it listens itself. */
  port: z.int().min(1).max(65_535),
})
export type About = z.output<typeof aboutSchema>

/** What is to be in force on both boxes, secrets and all. */
export const contentSchema = z.strictObject({
  cluster: z.record(z.string(), z.unknown()),
  author: text,
  reason: text,
  /** Milliseconds: on trial for so long; null: it stays. */
  trial: z.number().min(0).nullable(),
})
export type Content = z.output<typeof contentSchema>

/** Between paired boxes, about the configuration. */
export const shareFrame = z.discriminatedUnion('frame', [
  z.strictObject({ frame: z.literal('half'), hash, agreed }),
  z.strictObject({ frame: z.literal('propose'), id, base: hash, hash, content: contentSchema }),
  z.strictObject({ frame: z.literal('accept'), id }),
  z.strictObject({ frame: z.literal('refuse'), id, whys }),
  z.strictObject({ frame: z.literal('commit'), id, agreed }),
  z.strictObject({ frame: z.literal('abandon'), id }),
  z.strictObject({
    frame: z.literal('give'),
    id,
    hash,
    agreed,
    /** What the other one had when it was decided. */
    over: hash,
    /** A person has chosen so. */
    chosen: z.boolean(),
    content: contentSchema,
  }),
  z.strictObject({ frame: z.literal('want'), hash, over: hash }),
  /** In a conflict, so that people see what differs. */
  z.strictObject({ frame: z.literal('copy'), hash, content: contentSchema }),
  z.strictObject({ frame: z.literal('end-trial'), hash }),
  z.strictObject({ frame: z.literal('leave'), why: text }),
])
export type ShareFrame = z.output<typeof shareFrame>

/** How a connection begins, and how one sees that it lives. */
export const linkFrame = z.discriminatedUnion('frame', [
  z.strictObject({ frame: z.literal('hello'), about: aboutSchema }),
  z.strictObject({ frame: z.literal('alive') }),
  z.strictObject({ frame: z.literal('join'), session: hex(16), share: hex(32) }),
  z.strictObject({ frame: z.literal('reply'), share: hex(32), proof: hex(64) }),
  z.strictObject({ frame: z.literal('proof'), proof: hex(64), about: aboutSchema }),
  z.strictObject({ frame: z.literal('welcome'), about: aboutSchema }),
  z.strictObject({
    frame: z.literal('refused'),
    reason: z.enum(['no-code', 'wrong-code', 'versions', 'unknown-box']),
    detail: text,
  }),
])
export type LinkFrame = z.output<typeof linkFrame>

/** What is said over a connection that stands. */
export const talkFrame = z.union([shareFrame, peerFrame])
export type TalkFrame = z.output<typeof talkFrame>

export const frameSchema = z.union([linkFrame, shareFrame, peerFrame])
export type Frame = z.output<typeof frameSchema>

export function frameBytes(frame: Frame): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify(frame))
  const whole = new Uint8Array(headBytes + body.length)
  new DataView(whole.buffer).setUint32(0, body.length)
  whole.set(body, headBytes)
  return whole
}

const headBytes = 4

export type Cut =
  | { readonly kind: 'frames'; readonly frames: readonly Frame[] }
  | { readonly kind: 'broken'; readonly why: string }

/** Puts the frames together again that a stream of bytes has cut anywhere. */
export class FrameReader {
  /** Nobody makes this box keep more than so much. */
  limit = longestGreeting
  #parts: Uint8Array[] = []
  #held = 0
  /** So many bytes are needed before there is anything to look at. */
  #awaited = headBytes

  take(bytes: Uint8Array): Cut {
    this.#parts.push(bytes)
    this.#held += bytes.length
    const frames: Frame[] = []
    while (this.#held >= this.#awaited) {
      const whole = this.#joined()
      const length = new DataView(whole.buffer, whole.byteOffset).getUint32(0)
      if (length > this.limit) {
        return { kind: 'broken', why: `a frame of ${length} bytes; at most ${this.limit}` }
      }
      this.#awaited = headBytes + length
      if (this.#held < this.#awaited) break
      const frame = parsedFrame(whole.subarray(headBytes, this.#awaited))
      if (frame === null) return { kind: 'broken', why: 'a frame that is none of ours' }
      frames.push(frame)
      this.#parts = [whole.subarray(this.#awaited)]
      this.#held -= this.#awaited
      this.#awaited = headBytes
    }
    return { kind: 'frames', frames }
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

function parsedFrame(body: Uint8Array): Frame | null {
  try {
    const parsed = frameSchema.safeParse(JSON.parse(new TextDecoder().decode(body)))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/**
 * What two boxes say to each other: JSON behind its length in 4 bytes, big-endian. All of it comes
 * from the network, also what a paired box says: nothing is used before the schema has seen it.
 *
 * While a pair is upgraded one box has newer software for a while. So a frame or a field that this
 * software does not know is no fault of the other one (frame-reader.ts), and whoever adds something
 * adds a field that may be absent, or a frame: what a field means and may be stays (ADR 0030).
 */

import * as z from 'zod'
import { keyFrame } from './key-frames.ts'
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
const [mostWhys, longestWhy] = [50, 4000]
const whys = z.array(z.string().max(longestWhy)).min(1).max(mostWhys).readonly()
const agreed = z.object({ hash, count: z.int().min(0) })

/** Who speaks. */
export const aboutSchema = z.object({
  name,
  version: text,
  schemaVersion: z.int(),
  /** Where it listens itself. */
  port: z.int().min(1).max(65_535),
})
export type About = z.output<typeof aboutSchema>

/** What is to be in force on both boxes, secrets and all. */
export const contentSchema = z.object({
  cluster: z.record(z.string(), z.unknown()),
  author: text,
  reason: text,
  /** Milliseconds: on trial for so long; null: it stays. */
  trial: z.number().min(0).nullable(),
})
export type Content = z.output<typeof contentSchema>

/**
 * As much as a refusal may say: a longer one is no frame, and ends the link; and who proposes
 * something takes the end of the link for consent.
 */
export function sayable(whys: readonly string[]): readonly string[] {
  const short = whys.map(why => why.slice(0, longestWhy))
  if (short.length <= mostWhys) return short
  const first = short.slice(0, mostWhys - 1)
  return [...first, `and ${short.length - first.length} more`]
}

/** Between paired boxes, about the configuration. */
export const shareFrame = z.discriminatedUnion('frame', [
  z.object({ frame: z.literal('half'), hash, agreed }),
  z.object({ frame: z.literal('propose'), id, base: hash, hash, content: contentSchema }),
  z.object({ frame: z.literal('accept'), id }),
  z.object({ frame: z.literal('refuse'), id, whys }),
  z.object({ frame: z.literal('commit'), id, agreed }),
  z.object({ frame: z.literal('abandon'), id }),
  z.object({
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
  z.object({ frame: z.literal('want'), hash, over: hash }),
  /** In a conflict, so that people see what differs. */
  z.object({ frame: z.literal('copy'), hash, content: contentSchema }),
  z.object({ frame: z.literal('end-trial'), hash }),
  z.object({ frame: z.literal('leave'), why: text }),
])
export type ShareFrame = z.output<typeof shareFrame>

/** How a connection begins, and how one sees that it lives. */
export const linkFrame = z.discriminatedUnion('frame', [
  z.object({ frame: z.literal('hello'), about: aboutSchema }),
  z.object({ frame: z.literal('alive') }),
  z.object({ frame: z.literal('join'), session: hex(16), share: hex(32) }),
  z.object({ frame: z.literal('reply'), share: hex(32), proof: hex(64) }),
  z.object({
    frame: z.literal('proof'),
    proof: hex(64),
    about: aboutSchema,
    /** Other software is no reason against it, as long as both write the same schema. */
    anyVersion: z.boolean().optional(),
  }),
  z.object({ frame: z.literal('welcome'), about: aboutSchema }),
  z.object({
    frame: z.literal('refused'),
    reason: z.enum(['no-code', 'wrong-code', 'versions', 'unknown-box']),
    detail: text,
    /** To somebody who has proven that he knows the code. */
    about: aboutSchema.optional(),
  }),
  /** Asks for the software that runs there. What follows the answer are no frames any more. */
  z.object({ frame: z.literal('image') }),
  z.object({ frame: z.literal('image-follows'), bytes: z.int().min(0) }),
  z.object({ frame: z.literal('no-image'), why: text }),
])
export type LinkFrame = z.output<typeof linkFrame>

/** What is said over a connection that stands. */
export const talkFrame = z.union([shareFrame, peerFrame, keyFrame])
export type TalkFrame = z.output<typeof talkFrame>

export type Frame = LinkFrame | TalkFrame

/** The length of what follows. */
export const headBytes = 4

export function frameBytes(frame: Frame): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify(frame))
  const whole = new Uint8Array(headBytes + body.length)
  new DataView(whole.buffer).setUint32(0, body.length)
  whole.set(body, headBytes)
  return whole
}

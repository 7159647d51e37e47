/**
 * How a box finds the one that shows a pairing code: a question to everybody on the segment, and an
 * answer from whoever shows one. Neither proves anything; that is what the code is for.
 *
 * The question is as long as the longest answer: nobody uses us to send somebody else more than he
 * sends us.
 */

import * as z from 'zod'
import { parseIpAddress } from '../values/ip-address.ts'

export const longestDatagram = 1000

const word = 'diarch'
const asks = 'who shows a pairing code?'
const shows = 'this box does'
const id = z.string().regex(/^[0-9a-f]{32}$/)

const question = z.strictObject({ [word]: z.literal(asks), id })

const address = z.string().refine(text => parseIpAddress(text) !== null)

const found = {
  name: z.string().min(1).max(64),
  version: z.string().max(64),
  /** SHA-256 of its certificate: the same box may answer by several ways. */
  fingerprint: z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
  /** On the segment of the one who asks, the best first. */
  addresses: z.array(address).min(1).max(4).readonly(),
  port: z.int().min(1).max(65_535),
}
export const foundBoxSchema = z.strictObject(found)
export type FoundBox = z.output<typeof foundBoxSchema>

const answer = z.strictObject({ [word]: z.literal(shows), id, ...found })

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

/** `id`: 32 hexadecimal digits, of which nobody else knows beforehand. */
export function questionBytes(id: string): Uint8Array {
  const bytes = new Uint8Array(longestDatagram).fill(0x20)
  bytes.set(bytesOf({ [word]: asks, id }))
  return bytes
}

/** The id of a question; null: it is none of ours. */
export function readQuestion(bytes: Uint8Array): string | null {
  if (bytes.length !== longestDatagram) return null
  const read = question.safeParse(jsonIn(bytes))
  return read.success ? String(read.data.id) : null
}

export const answerBytes = (id: string, box: FoundBox): Uint8Array =>
  bytesOf({ [word]: shows, id, ...box })

/** Null: it answers somebody else, or is none. */
export function readAnswer(bytes: Uint8Array, id: string): FoundBox | null {
  if (bytes.length > longestDatagram) return null
  const read = answer.safeParse(jsonIn(bytes))
  if (!read.success || read.data.id !== id) return null
  const { name, version, fingerprint, addresses, port } = read.data
  return { name, version, fingerprint, addresses, port }
}

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
}

/** Answers that came by several ways are of one box. */
export function withFound(boxes: readonly FoundBox[], box: FoundBox): readonly FoundBox[] {
  const known = boxes.find(each => each.fingerprint === box.fingerprint)
  if (known === undefined) return [...boxes, box].slice(0, mostBoxes)
  const addresses = [...new Set([...known.addresses, ...box.addresses])].slice(0, 4)
  return boxes.map(each => (each === known ? { ...known, addresses } : each))
}

/** Nobody fills our memory with boxes. */
const mostBoxes = 16

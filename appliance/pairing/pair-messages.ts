/** What the supervisor and the process `pair` tell each other over the IPC channel. */

import * as z from 'zod'
import { unixTime } from '../values/unix-time.ts'
import { foundBoxSchema } from './discovery.ts'
import { type About, aboutSchema, type TalkFrame, talkFrame } from './frames.ts'
import { fingerprintSchema as fingerprint } from './key-frames.ts'
import type { PinnedKey } from './peer-key.ts'

export type Pin = PinnedKey & {
  readonly address: string
  readonly port: number
}

export type ToPair =
  /** Who we are, and who may connect: the first of them before the others. */
  | {
      readonly kind: 'pair-pins'
      readonly about: Omit<About, 'port'>
      readonly pins: readonly Pin[]
    }
  /** Null: none is shown any more. `virtual`: addresses that are not of this box alone. */
  | {
      readonly kind: 'pair-code'
      readonly code: string | null
      readonly tries: number
      readonly virtual: readonly string[]
    }
  | { readonly kind: 'pair-discover'; readonly id: number }
  | {
      readonly kind: 'pair-join'
      readonly id: number
      readonly address: string
      readonly port: number
      readonly code: string
      /** Also a box with other software, of the same schema. */
      readonly anyVersion: boolean
    }
  /** Its software comes over the socket of the supervisor, under that number. */
  | { readonly kind: 'pair-image'; readonly id: number; readonly pin: Pin }
  /** This box is to have another key, or to use the one that it has made. */
  | { readonly kind: 'pair-make-key' }
  | { readonly kind: 'pair-use-key'; readonly fingerprint: string }
  /** To the peer, if there is a connection. */
  | { readonly kind: 'pair-send'; readonly frame: TalkFrame }

const text = z.string().max(2000)
const address = z.string().max(64)

const box = z.strictObject({ fingerprint, about: aboutSchema, address })
export type PairedBox = z.output<typeof box>

export const joinRefusals = [
  'no-answer',
  'no-code',
  'wrong-code',
  'versions',
  'unknown-box',
] as const

const fromPair = z.discriminatedUnion('kind', [
  /** `yields`: of two proposals at once ours is the one that waits. */
  z.strictObject({ kind: z.literal('pair-linked'), box, yields: z.boolean() }),
  z.strictObject({ kind: z.literal('pair-cut'), why: text }),
  z.strictObject({ kind: z.literal('pair-frame'), frame: talkFrame }),
  /** The peer says something that this software does not know: it is passed over. */
  z.strictObject({ kind: z.literal('pair-unknown'), name: z.string().max(64) }),
  /** Somebody has proven that he knows the code: he waits until he is among the pins. */
  z.strictObject({ kind: z.literal('pair-guest'), box }),
  z.strictObject({ kind: z.literal('pair-tried'), from: address, triesLeft: z.int() }),
  z.strictObject({
    kind: z.literal('pair-discovered'),
    id: z.int(),
    boxes: z.array(foundBoxSchema).max(16).readonly(),
  }),
  z.strictObject({
    kind: z.literal('pair-joined'),
    id: z.int(),
    outcome: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('welcome'), box }),
      z.strictObject({
        kind: z.literal('refused'),
        reason: z.enum(joinRefusals),
        detail: text,
        /** It knows the code, and this box has proven it too. */
        box: box.optional(),
      }),
    ]),
  }),
  z.strictObject({ kind: z.literal('pair-image-lost'), id: z.int(), why: text }),
  /** What is on the disk: at the start, and after each word about keys. */
  z.strictObject({
    kind: z.literal('pair-keys'),
    keys: z.strictObject({
      fingerprint,
      since: z.number().transform(unixTime),
      next: fingerprint.nullable(),
    }),
    trouble: text.nullable(),
  }),
])
export type FromPair = z.output<typeof fromPair>
export type JoinOutcome = Extract<FromPair, { kind: 'pair-joined' }>['outcome']

/** It talks to the network: what it says is checked as what a stranger says. */
export function parseFromPair(value: unknown): FromPair | null {
  const parsed = fromPair.safeParse(value)
  return parsed.success ? parsed.data : null
}

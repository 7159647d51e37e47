/** What paired boxes say to each other beside the configuration: how they are, who took what. */

import * as z from 'zod'
import type { PeerReport } from '../status/pair-status.ts'

const text = z.string().max(1000)
/** Milliseconds of the speaker's monotonic clock: only it knows when that began. */
const moment = z.number().min(0)
const id = z.int().min(0)

/** So many connections are looked up at most: more would only make a handover slower. */
export const mostConnections = 2000
const connection = z.string().max(200)

export const reportSchema = z.object({
  health: z.object({ state: z.enum(['starting', 'ok', 'degraded']), why: text }),
  alarms: z.int().min(0),
  maintenance: z.boolean(),
  routers: z
    .array(
      z.object({
        name: z.string().min(1).max(256),
        state: z.enum(['MASTER', 'BACKUP', 'FAULT', 'INIT']),
        priority: z.int().min(0).max(255),
        why: text,
      }),
    )
    .max(2000)
    .readonly(),
}) satisfies z.ZodType<PeerReport>

export const peerFrame = z.discriminatedUnion('frame', [
  z.object({ frame: z.literal('report'), report: reportSchema }),
  /** What time is it there? Half of the way there and back is how wrong the answer may be. */
  z.object({ frame: z.literal('clock'), id }),
  /** `wall`: milliseconds since 1970. `kept`: by a time server. */
  z.object({
    frame: z.literal('clock-is'),
    id,
    at: moment,
    wall: moment,
    kept: z.boolean().optional(),
  }),
  /** This box has the addresses of that router since then. */
  z.object({ frame: z.literal('took'), router: z.string().min(1).max(256), at: moment }),
  z.object({
    frame: z.literal('connections'),
    id,
    keys: z.array(connection).max(mostConnections).readonly(),
  }),
  z.object({
    frame: z.literal('connections-known'),
    id,
    /** Null: it cannot be said, and why. */
    known: z.int().min(0).nullable(),
    why: text,
  }),
])
export type PeerFrame = z.output<typeof peerFrame>

const names: ReadonlySet<string> = new Set(peerFrame.options.map(({ shape }) => shape.frame.value))

export const isPeerFrame = (frame: { readonly frame: string }): frame is PeerFrame =>
  names.has(frame.frame)

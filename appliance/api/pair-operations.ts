import * as z from 'zod'
import { parseCode } from '../pairing/code.ts'
import { foundBoxSchema } from '../pairing/discovery.ts'
import type { OperationDescription } from './operation.ts'
import { pairSchema } from './status-schema.ts'

const json = <T extends z.ZodType>(schema: T) => ({ kind: 'json', status: 200, schema }) as const

const text = z.string()

export const headSchema = z.strictObject({ author: text, reason: text })

const shownCode = z.strictObject({
  code: text.describe('Eight digits; good for one other box and five tries'),
  expiresAt: text,
})

const code = text
  .refine(typed => parseCode(typed) !== null, { error: 'eight digits such as 1234-5678' })
  .describe('As the other box shows it')

/** The operations on the two boxes as a pair. */
export const pairOperations = {
  showPair: {
    method: 'GET',
    path: '/api/v1/pair',
    summary: 'The other box, how far the two are with each other, and what differs in a conflict',
    role: 'viewer',
    body: null,
    query: {},
    answer: json(
      pairSchema.extend({
        conflict: z
          .strictObject({
            ours: headSchema,
            theirs: headSchema,
            differences: z.array(text).describe('From ours to theirs, without secrets'),
          })
          .nullable(),
      }),
    ),
    problems: [],
  },
  discoverPairs: {
    method: 'GET',
    path: '/api/v1/pair/discovery',
    summary: 'Asks on the networks of this box who shows a pairing code; takes some seconds',
    role: 'admin',
    body: null,
    query: {},
    answer: json(
      z.strictObject({
        boxes: z
          .array(foundBoxSchema)
          .readonly()
          .describe('What they say of themselves: only the code proves anything'),
      }),
    ),
    problems: ['pair-not-running'],
  },
  showPairingCode: {
    method: 'POST',
    path: '/api/v1/pair/code',
    summary: 'Lets another box join for ten minutes: who types this code there. Shown only here',
    role: 'admin',
    body: null,
    query: {},
    answer: json(shownCode),
    problems: ['configuration-in-file', 'pair-not-running'],
  },
  endPairingCode: {
    method: 'DELETE',
    path: '/api/v1/pair/code',
    summary: 'The code is worth nothing any more',
    role: 'admin',
    body: null,
    query: {},
    answer: json(z.strictObject({ ended: z.literal(true) })),
    problems: [],
  },
  joinPair: {
    method: 'POST',
    path: '/api/v1/pair/join',
    summary: 'Becomes the peer of the box at that address, and takes its configuration',
    role: 'admin',
    body: z.strictObject({
      peer: text.describe('Its address; with a port where that is not 4343'),
      code,
      interface: text.optional().describe('The port here of all routers that are not named next'),
      interfaces: z
        .record(text, text)
        .optional()
        .describe('What the ports of routers are called here, by router'),
      anyVersion: z
        .boolean()
        .optional()
        .describe('Also where the other box has other software, of the same schema'),
    }),
    query: {},
    answer: json(pairSchema),
    problems: [
      ...(['bad-request', 'configuration-in-file', 'already-paired', 'no-peer'] as const),
      ...(['no-code', 'wrong-code', 'versions-differ', 'not-taken'] as const),
    ],
  },
  resolvePair: {
    method: 'POST',
    path: '/api/v1/pair/resolution',
    summary: 'Ends a conflict: both boxes get what this one has, or what the other one has',
    role: 'admin',
    body: z.strictObject({ keep: z.enum(['ours', 'theirs']) }),
    query: {},
    answer: json(pairSchema),
    problems: ['no-conflict'],
  },
  renewPairKeys: {
    method: 'POST',
    path: '/api/v1/pair/key',
    summary: 'A new key with which this box connects to the other one; answers when it is in use',
    role: 'admin',
    body: z.strictObject({
      both: z.boolean().optional().describe('The other box gets one too, by itself'),
    }),
    query: {},
    answer: json(pairSchema),
    problems: ['not-paired', 'not-in-sync'],
  },
  leavePair: {
    method: 'DELETE',
    path: '/api/v1/pair',
    summary: 'The two boxes are no pair any more; each keeps its configuration',
    role: 'admin',
    body: null,
    query: {},
    answer: json(pairSchema),
    problems: ['not-paired'],
  },
} as const satisfies Readonly<Record<string, OperationDescription>>

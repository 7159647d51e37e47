import * as z from 'zod'
import type { OperationDescription } from './operation.ts'
import { captureKinds, powerActions } from './system-words.ts'

const json = <T extends z.ZodType>(schema: T) => ({ kind: 'json', status: 200, schema }) as const

const requested = <T extends z.ZodType>(schema: T) =>
  ({ kind: 'json', status: 202, schema }) as const

const wholeNumber = (least: number, most: number) =>
  z
    .int({ error: `a whole number from ${least} to ${most}` })
    .min(least)
    .max(most)

export const pingAnswerSchema = z.strictObject({
  passed: z.boolean(),
  why: z.string().describe('How long it took, or what went wrong'),
})

/** The operations on the box as a machine, and those that find out what its network does. */
export const systemOperations = {
  powerBox: {
    method: 'POST',
    path: '/api/v1/power',
    summary: 'Restarts the box or switches it off, in order: the other box takes over first',
    role: 'admin',
    body: z.strictObject({ action: z.enum(powerActions) }),
    query: {},
    answer: requested(z.strictObject({ action: z.enum(powerActions) })),
    problems: ['not-the-image'],
  },
  resetToFactory: {
    method: 'POST',
    path: '/api/v1/factory-reset',
    summary: 'Forgets configuration, users, keys, pair and records, and restarts the box',
    role: 'admin',
    body: z.strictObject({
      hostname: z.string().describe('Of this box, as a person types it: it is the right one'),
    }),
    query: {},
    answer: requested(z.strictObject({ hostname: z.string() })),
    problems: ['not-the-image', 'wrong-hostname', 'not-written'],
  },
  blinkPort: {
    method: 'POST',
    path: '/api/v1/ports/{port}/blink',
    summary: 'Makes the lamp of a port blink, so that somebody finds it',
    role: 'operator',
    body: z.strictObject({ seconds: wholeNumber(1, 60).default(10) }),
    query: {},
    answer: requested(z.strictObject({ port: z.string(), seconds: z.number() })),
    problems: ['no-such-port', 'cannot-blink'],
  },
  pingAddress: {
    method: 'POST',
    path: '/api/v1/diagnostics/ping',
    summary: 'Asks an address for echoes, one a second',
    role: 'operator',
    body: z.strictObject({ address: z.string(), count: wholeNumber(1, 10).default(4) }),
    query: {},
    answer: json(z.strictObject({ address: z.string(), answers: z.array(pingAnswerSchema) })),
    problems: ['bad-request'],
  },
  captureFrames: {
    method: 'POST',
    path: '/api/v1/diagnostics/capture',
    summary: 'Listens on a port, also to what the box sends there: a line for each frame',
    role: 'operator',
    body: z.strictObject({
      port: z.string(),
      kind: z.enum(captureKinds).default('all'),
      frames: wholeNumber(1, 200).default(20).describe('It ends after so many'),
      seconds: wholeNumber(1, 30).default(10).describe('Or after this time'),
    }),
    query: {},
    answer: json(z.strictObject({ port: z.string(), lines: z.array(z.string()) })),
    problems: ['no-such-port'],
  },
  openShell: {
    method: 'POST',
    path: '/api/v1/console/shell',
    summary: 'Gives a terminal of the box to a shell of root; the stream ends with it',
    role: 'admin',
    body: z.strictObject({ terminal: z.string().regex(/^tty[A-Za-z]*\d+$/) }),
    query: {},
    answer: { kind: 'stream' },
    problems: ['not-the-image', 'not-at-console'],
  },
} as const satisfies Readonly<Record<string, OperationDescription>>

import * as z from 'zod'
import type { OperationDescription } from './operation.ts'

const answer = {
  kind: 'json',
  status: 200,
  schema: z.strictObject({
    device: z.string(),
    text: z.string().describe('What the device says'),
  }),
} as const

/** What switches the other box; the devices stand in the status. */
export const fenceOperations = {
  tryFenceDevice: {
    method: 'POST',
    role: 'operator',
    path: '/api/v1/fencing/{device}/test',
    query: {},
    body: null,
    summary: 'Ask a device of cluster.fencing for the state of the power; nothing is switched',
    answer,
    problems: ['no-such-device', 'device-failed'],
  },
  useFenceDevice: {
    method: 'POST',
    role: 'admin',
    path: '/api/v1/fencing/{device}/use',
    query: {},
    body: z
      .strictObject({
        action: z.enum(['off', 'reset']).describe('`reset`: off, and when that is confirmed, on'),
      })
      .meta({ id: 'FenceUse' }),
    summary: 'Switch the other box off now, whatever it does',
    answer,
    problems: ['no-such-device', 'device-failed'],
  },
  confirmFencing: {
    method: 'POST',
    role: 'admin',
    path: '/api/v1/fencing/confirm',
    query: {},
    body: null,
    summary: 'Say that the silent box is off, so that this one takes its place without a device',
    answer: {
      kind: 'json',
      status: 200,
      schema: z.strictObject({ confirmed: z.literal(true) }),
    },
    problems: ['not-awaited'],
  },
} as const satisfies Record<string, OperationDescription>

import * as z from 'zod'
import type { OperationDescription } from './operation.ts'

/** What `diarch alerts` and the page's button do; the channels stand in the status. */
export const alertOperations = {
  tryAlertChannel: {
    method: 'POST',
    role: 'operator',
    path: '/api/v1/alerts/{channel}/test',
    query: {},
    body: null,
    summary: 'Send a test over a channel of cluster.alerts, and hear whether it was taken',
    answer: {
      kind: 'json',
      status: 200,
      schema: z.strictObject({ channel: z.string(), taken: z.literal(true) }),
    },
    problems: ['no-such-channel', 'channel-failed'],
  },
  showAlertLog: {
    method: 'GET',
    role: 'viewer',
    path: '/api/v1/alerts/{channel}/log',
    query: {},
    body: null,
    summary: 'The last thousand lines that a channel of the kind "file" has written',
    answer: {
      kind: 'json',
      status: 200,
      schema: z.strictObject({ channel: z.string(), lines: z.array(z.string()) }),
    },
    problems: ['no-such-channel'],
  },
} as const satisfies Record<string, OperationDescription>

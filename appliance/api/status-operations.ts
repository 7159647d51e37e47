import * as z from 'zod'
import type { OperationDescription } from './operation.ts'
import {
  eventSchema,
  heardRouterSchema,
  logLineSchema,
  receiptSchema,
  statusSchema,
} from './status-schema.ts'

const json = <T extends z.ZodType>(schema: T) => ({ kind: 'json', status: 200, schema }) as const

const requested = <T extends z.ZodType>(schema: T) =>
  ({ kind: 'json', status: 202, schema }) as const

const looks = { method: 'GET', role: 'viewer', body: null, query: {} } as const
const acts = { role: 'operator', body: null, query: {} } as const

const handover = json(z.strictObject({ routers: z.array(z.string()), receipt: receiptSchema }))

const maintenance = json(
  z.strictObject({
    maintenance: statusSchema.shape.maintenance,
    notKept: z.string().nullable().describe('Why a restart would not find it; null: it is kept'),
  }),
)

/** The operations on the box: what it is, its processes, its virtual routers. */
export const statusOperations = {
  describeApi: {
    ...looks,
    role: 'nobody',
    path: '/api/v1/openapi.json',
    summary: 'This description',
    answer: json(z.looseObject({ openapi: z.string() })),
    problems: [],
  },
  getStatus: {
    ...looks,
    path: '/api/v1/status',
    summary: 'Everything about the box in one document: states, since when, and why',
    answer: json(statusSchema),
    problems: [],
  },
  streamStatus: {
    ...looks,
    path: '/api/v1/status/stream',
    summary: 'The same once, and then what changes',
    answer: { kind: 'stream' },
    problems: [],
  },
  listEvents: {
    ...looks,
    path: '/api/v1/events',
    summary: 'What happened, oldest first',
    answer: json(z.strictObject({ events: z.array(eventSchema) })),
    problems: [],
  },
  showLog: {
    ...looks,
    path: '/api/v1/processes/{process}/log',
    summary: 'The last lines that a process wrote',
    answer: json(
      z.strictObject({
        name: z.string(),
        dropped: z.number().describe('Lines that newer ones have pushed out'),
        lines: z.array(logLineSchema),
      }),
    ),
    problems: ['no-such-process'],
  },
  restartProcess: {
    ...acts,
    role: 'admin',
    method: 'POST',
    path: '/api/v1/processes/{process}/restart',
    summary: 'Ends a process; it is started again',
    answer: requested(z.strictObject({ name: z.string() })),
    problems: ['no-such-process', 'supervisor-stopping'],
  },
  hearRouters: {
    ...acts,
    method: 'GET',
    path: '/api/v1/routers/heard',
    summary: 'Listens for 3 seconds on every port: whose VRRP adverts are there',
    answer: json(z.strictObject({ routers: z.array(heardRouterSchema) })),
    problems: [],
  },
  failover: {
    ...acts,
    method: 'POST',
    path: '/api/v1/failover',
    summary:
      'This box gives up every virtual router that it is master of, and measures what it cost',
    answer: handover,
    problems: ['no-routers', 'not-master'],
  },
  failoverRouter: {
    ...acts,
    method: 'POST',
    path: '/api/v1/routers/{router}/failover',
    summary: 'This box gives up one virtual router',
    answer: handover,
    problems: ['no-routers', 'no-such-router', 'not-master'],
  },
  startMaintenance: {
    ...acts,
    method: 'PUT',
    path: '/api/v1/maintenance',
    summary: 'This box takes no part until maintenance ends, also after a restart',
    answer: maintenance,
    problems: [],
  },
  endMaintenance: {
    ...acts,
    method: 'DELETE',
    path: '/api/v1/maintenance',
    summary: 'This box takes part again',
    answer: maintenance,
    problems: [],
  },
} as const satisfies Readonly<Record<string, OperationDescription>>

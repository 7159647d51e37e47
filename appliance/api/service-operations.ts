import * as z from 'zod'
import type { OperationDescription } from './operation.ts'
import {
  connectionSchema,
  directorSchema,
  explanationSchema,
  overrideSchema,
  serviceSchema,
  serviceTrafficSchema,
} from './service-schema.ts'
import { serviceTrafficHistorySchema, trafficHistorySchema } from './traffic-schema.ts'

const json = <T extends z.ZodType>(schema: T) => ({ kind: 'json', status: 200, schema }) as const

const looks = { method: 'GET', role: 'viewer', body: null, query: {} } as const
const acts = { role: 'operator', body: null, query: {} } as const

const noService = ['no-such-service'] as const
const noServer = [...noService, 'no-such-server'] as const
const noDirector = ['no-services', 'no-answer'] as const

const server = '/api/v1/services/{service}/servers/{server}'

const traffic = json(z.strictObject({ services: z.array(serviceTrafficSchema) }))

const asked = json(z.strictObject({ asked: z.string().describe('`service/server`, or `all`') }))

/** The operations on services and their servers. */
export const serviceOperations = {
  listServices: {
    ...looks,
    path: '/api/v1/services',
    summary: 'All services with their servers and checks, and what the director says',
    answer: json(z.strictObject({ services: z.array(serviceSchema), director: directorSchema })),
    problems: [],
  },
  streamServices: {
    ...looks,
    path: '/api/v1/services/stream',
    summary: 'The same once, and then what changes',
    answer: { kind: 'stream' },
    problems: [],
  },
  showService: {
    ...looks,
    path: '/api/v1/services/{service}',
    summary: 'One service with its servers and checks',
    answer: json(serviceSchema),
    problems: noService,
  },
  showTraffic: {
    ...looks,
    path: '/api/v1/traffic',
    summary: "The kernel's counters of all services and servers",
    answer: traffic,
    problems: noDirector,
  },
  showTrafficHistory: {
    ...looks,
    path: '/api/v1/traffic/history',
    summary: 'The last hour of all services together, and what goes through each of them now',
    answer: json(trafficHistorySchema),
    problems: noDirector,
  },
  showServiceTrafficHistory: {
    ...looks,
    path: '/api/v1/services/{service}/traffic/history',
    summary: 'The last hour of one service and its servers',
    answer: json(serviceTrafficHistorySchema),
    problems: [...noService, ...noDirector],
  },
  showServiceTraffic: {
    ...looks,
    path: '/api/v1/services/{service}/traffic',
    summary: "The kernel's counters of one service and its servers",
    answer: traffic,
    problems: [...noService, ...noDirector],
  },
  listConnections: {
    ...looks,
    path: '/api/v1/services/{service}/connections',
    summary: 'The connections of a service, 10,000 at most',
    answer: json(
      z.strictObject({
        connections: z.array(connectionSchema),
        more: z.boolean().describe('There are more than these'),
      }),
    ),
    problems: [...noService, ...noDirector],
  },
  explainServer: {
    ...looks,
    path: `${server}/explanation`,
    summary: 'Why a server is what it is: its checks, their last results, its weight',
    answer: json(explanationSchema),
    problems: [...noServer, ...noDirector],
  },
  showChecks: {
    ...looks,
    path: '/api/v1/checks',
    summary: 'How many checks there are, and whether they are kept up with',
    answer: json(
      z.strictObject({
        probes: z.number(),
        asking: z.number(),
        waiting: z.number(),
        lateMs: z.strictObject({
          starts: z.number(),
          median: z.number().nullable(),
          p99: z.number().nullable(),
          longest: z.number().nullable(),
        }),
      }),
    ),
    problems: noDirector,
  },
  checkServer: {
    ...acts,
    method: 'POST',
    path: `${server}/check`,
    summary: 'Asks a server now, whenever it would have been its turn',
    answer: asked,
    problems: [...noServer, ...noDirector],
  },
  checkAll: {
    ...acts,
    method: 'POST',
    path: '/api/v1/checks/run',
    summary: 'Asks all servers now',
    answer: asked,
    problems: noDirector,
  },
  overrideServer: {
    ...acts,
    method: 'PUT',
    path: `${server}/override`,
    summary: 'Drains or disables a server, or gives it a weight; what is left out stays',
    body: z
      .strictObject({
        state: z
          .enum(['drain', 'disabled'], { error: 'drain, disabled or null' })
          .nullable()
          .optional()
          .describe('Null: it takes part'),
        weight: z
          .int({ error: 'a whole number from 0 to 65535, or null' })
          .min(0, { error: 'a whole number from 0 to 65535, or null' })
          .max(65_535, { error: 'a whole number from 0 to 65535, or null' })
          .nullable()
          .optional()
          .describe('Null: as configured'),
      })
      .optional(),
    answer: json(overrideSchema),
    problems: [...noServer, 'not-written'],
  },
  endOverride: {
    ...acts,
    method: 'DELETE',
    path: `${server}/override`,
    summary: 'The server is what its configuration and its checks make of it',
    answer: json(overrideSchema),
    problems: [...noServer, 'not-written'],
  },
} as const satisfies Readonly<Record<string, OperationDescription>>

import * as z from 'zod'
import type { Override } from '../health/service-config.ts'
import type { Connection } from '../ipvs/connection.ts'
import type { Traffic } from '../ipvs/service.ts'
import type { ExplainedCheck, Explanation, ServiceTraffic } from '../status/service-answers.ts'
import type {
  CheckStatus,
  DirectorStatus,
  ServerStatus,
  ServiceStatus,
} from '../status/service-status.ts'
import type { IpAddress } from '../values/ip-address.ts'

const text = z.string()
const since = z.string().describe('ISO 8601, UTC')
const number = z.number()
const forwarding = z.enum(['nat', 'direct', 'tunnel'])
const upOrDown = z.enum(['up', 'down', 'unknown'])
const serverState = z.enum(['up', 'down', 'unknown', 'drained', 'disabled', 'draining'])

const checkSchema = z
  .strictObject({ name: text, state: upOrDown, since, why: text })
  .meta({ id: 'Check' }) satisfies z.ZodType<CheckStatus>

const serverSchema = z
  .strictObject({
    name: text,
    address: text,
    port: number,
    forwarding,
    state: serverState,
    since,
    why: text,
    weight: number.nullable().describe("In the kernel's table; null: it is not there"),
    explanation: text,
    checks: z.array(checkSchema),
  })
  .meta({ id: 'Server' }) satisfies z.ZodType<ServerStatus>

export const serviceSchema = z
  .strictObject({
    name: text,
    state: upOrDown,
    since,
    why: text,
    at: z.array(text),
    scheduler: text,
    serving: z.enum(['servers', 'sorry-server', 'all', 'nobody']),
    weight: number,
    quorum: number,
    servers: z.array(serverSchema),
  })
  .meta({ id: 'Service' }) satisfies z.ZodType<ServiceStatus>

export const directorSchema = z
  .strictObject({
    state: z.enum(['ok', 'degraded', 'no-table']),
    since,
    why: text,
    sync: z
      .strictObject({
        role: z.enum(['master', 'backup', 'none']),
        interface: text,
        id: number,
        since,
        why: text,
      })
      .nullable(),
    missing: text.nullable().describe('Why there is no table at all'),
    refused: z.array(text),
    claims: z.array(text),
  })
  .meta({ id: 'Director' }) satisfies z.ZodType<DirectorStatus>

const trafficSchema = z
  .strictObject({
    connections: number,
    packetsIn: number,
    packetsOut: number,
    bytesIn: number,
    bytesOut: number,
    connectionsPerSecond: number,
    packetsInPerSecond: number,
    packetsOutPerSecond: number,
    bytesInPerSecond: number,
    bytesOutPerSecond: number,
  })
  .meta({ id: 'Traffic' }) satisfies z.ZodType<Traffic>

export const serviceTrafficSchema = z
  .strictObject({
    service: text,
    at: text,
    traffic: trafficSchema.nullable(),
    servers: z.array(
      z.strictObject({
        name: text,
        at: text,
        forwarding,
        weight: number,
        active: number,
        inactive: number,
        persistent: number,
        traffic: trafficSchema,
      }),
    ),
  })
  .meta({ id: 'ServiceTraffic' }) satisfies z.ZodType<ServiceTraffic>

export const overrideSchema = z
  .strictObject({
    server: text,
    state: z.enum(['drain', 'disabled']).nullable(),
    weight: number.nullable(),
    since,
    by: text,
  })
  .meta({ id: 'Override' }) satisfies z.ZodType<Override>

const explainedCheckSchema = z.strictObject({
  name: text,
  kind: text,
  says: text,
  usedBy: z.array(text),
  latencyMs: z.strictObject({ last: number, median: number, longest: number }).nullable(),
  history: z.array(
    z.strictObject({
      at: since,
      tookMs: number.nullable(),
      passed: z.boolean(),
      reason: text.nullable(),
      why: text,
    }),
  ),
}) satisfies z.ZodType<ExplainedCheck>

export const explanationSchema = z
  .strictObject({
    server: text,
    at: text,
    scheduler: text,
    state: serverState,
    since,
    why: text,
    weight: number.nullable(),
    explanation: text,
    missing: text.nullable(),
    override: overrideSchema.nullable(),
    checks: z.array(explainedCheckSchema),
  })
  .meta({ id: 'Explanation' }) satisfies z.ZodType<Explanation>

const end = z.strictObject({ address: text as unknown as z.ZodType<IpAddress>, port: number })

export const connectionSchema = z
  .strictObject({
    protocol: text,
    client: end,
    virtual: end,
    server: end,
    state: text,
    expiresInSeconds: number,
    origin: z.enum(['local', 'sync']).nullable(),
    engine: z.strictObject({ name: text, data: text }).nullable(),
  })
  .meta({ id: 'Connection' }) satisfies z.ZodType<Connection>

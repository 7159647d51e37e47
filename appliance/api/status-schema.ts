import * as z from 'zod'
import { channelStatusSchema } from '../alerting/alert-messages.ts'
import { fencingStatusSchema } from '../fencing/fence-messages.ts'
import { snmpStatusSchema } from '../mib/snmp-messages.ts'
import { reportSchema } from '../pairing/peer-frames.ts'
import type {
  Alarm,
  ConfigurationStatus,
  MemoryStatus,
  PortStatus,
  ProcessStatus,
  ServiceSummary,
  SlotStatus,
  Status,
  StorageStatus,
  TrackerStatus,
  UpgradeStatus,
  WatchdogStatus,
  WebStatus,
} from '../status/document.ts'
import type { BoxEvent } from '../status/events.ts'
import type { ShownGuard } from '../status/guard-status.ts'
import type { HeardRouter } from '../status/heard-router.ts'
import type { HandoverReceipt, PairStatus } from '../status/pair-status.ts'
import type { RouterStatus } from '../status/router-status.ts'
import type { TimeStatus } from '../status/time-status.ts'
import type { LogLine } from '../supervision/log-ring.ts'
import { directorSchema, serviceSchema } from './service-schema.ts'

const text = z.string()
const since = z.string().describe('ISO 8601, UTC')
const number = z.number()

export const upgradeSchema = z
  .strictObject({
    state: z.enum(['writing', 'verifying', 'ready', 'failed']),
    slot: z.enum(['a', 'b']),
    version: text,
    commit: text,
    bytes: number,
    of: number,
    since,
    why: text,
  })
  .meta({ id: 'Upgrade' }) satisfies z.ZodType<UpgradeStatus>

const slotSchema = z.strictObject({
  running: z.enum(['a', 'b']),
  state: z.enum(['confirmed', 'trial']),
  since,
  why: text,
  upgrade: upgradeSchema.nullable(),
}) satisfies z.ZodType<SlotStatus>

const storageSchema = z.strictObject({
  state: z.enum(['disk', 'read-only', 'memory']),
  path: text,
  freeMiB: number,
  totalMiB: number,
  since,
  why: text,
}) satisfies z.ZodType<StorageStatus>

const memorySchema = z.strictObject({
  usedMiB: number,
  totalMiB: number,
}) satisfies z.ZodType<MemoryStatus>

const watchdogSchema = z.strictObject({
  device: text,
  identity: text,
  timeoutSeconds: number,
  kind: z.enum(['hardware', 'software']),
  since,
  why: text,
}) satisfies z.ZodType<WatchdogStatus>

const timeSchema = z.strictObject({
  zone: text,
  state: z.enum(['synchronised', 'waiting', 'lost', 'free']),
  since,
  why: text,
  servers: z.array(text),
  serversFrom: z.enum(['configuration', 'DHCP']).nullable(),
  source: text.nullable(),
  offsetMs: number.nullable(),
}) satisfies z.ZodType<TimeStatus>

const processSchema = z
  .strictObject({
    name: text,
    state: z.enum(['waiting', 'starting', 'running', 'stopping', 'backing-off', 'stopped']),
    since,
    why: text,
    pid: number.nullable(),
    restarts: number,
    memoryMiB: number.nullable(),
  })
  .meta({ id: 'Process' }) satisfies z.ZodType<ProcessStatus>

const portSchema = z
  .strictObject({
    name: text,
    mac: text,
    driver: text,
    link: z.enum(['up', 'no-carrier', 'down', 'missing']),
    since,
    why: text,
    speedMbps: number.nullable(),
    addresses: z.array(text),
  })
  .meta({ id: 'Port' }) satisfies z.ZodType<PortStatus>

const webSchema = z.strictObject({
  port: number,
  fingerprint: text.describe('SHA-256 of the certificate'),
}) satisfies z.ZodType<WebStatus>

const routerSchema = z
  .strictObject({
    name: text,
    state: z.enum(['MASTER', 'BACKUP', 'FAULT', 'INIT']),
    since,
    why: text,
    interface: text,
    vrid: number,
    family: z.enum(['inet', 'inet6']),
    version: z.literal([2, 3]),
    intervalSeconds: number,
    preempt: z.boolean(),
    syncGroup: text.nullable(),
    priority: z.strictObject({ effective: number, configured: number, explanation: text }),
    source: text.nullable(),
    master: z.strictObject({ address: text, priority: number, since }).nullable(),
    expectsMasterInSeconds: number.nullable(),
    addresses: z.array(z.strictObject({ address: text, held: z.boolean() })),
    counters: z.strictObject({
      sent: number,
      received: number,
      priorityZeroSent: number,
      priorityZeroReceived: number,
      becameMaster: number,
      sendFailures: number,
      withoutPseudoHeader: number,
      addressesDiffer: number,
      rejected: z.record(text, number),
    }),
  })
  .meta({ id: 'Router' }) satisfies z.ZodType<RouterStatus>

const trackerSchema = z
  .strictObject({
    name: text,
    state: z.enum(['up', 'down', 'unknown']),
    number: number.nullable().describe('Of a tracked file'),
    since,
    why: text,
  })
  .meta({ id: 'Tracker' }) satisfies z.ZodType<TrackerStatus>

const { name, state, why, at, serving } = serviceSchema.shape

const summarySchema = z
  .strictObject({
    ...{ name, state, since: serviceSchema.shape.since, why, at, serving },
    serversUp: number,
    serversTotal: number,
  })
  .meta({ id: 'ServiceSummary' }) satisfies z.ZodType<ServiceSummary>

const alarmSchema = z
  .strictObject({ reason: text, message: text, since })
  .meta({ id: 'Alarm' }) satisfies z.ZodType<Alarm>

const configurationSchema = z
  .strictObject({
    source: text.describe('`store`, or the file that it is read from'),
    revision: number.nullable(),
    author: text,
    since,
    why: text,
    trial: z.strictObject({ fallBackTo: number, secondsLeft: number }).nullable(),
  })
  .meta({ id: 'ConfigurationInForce' }) satisfies z.ZodType<ConfigurationStatus>

export const receiptSchema = z
  .strictObject({
    at: since,
    routers: z.array(text),
    outcome: z.enum(['handed-over', 'not-taken', 'unknown']),
    to: text.nullable(),
    gap: z
      .strictObject({ ms: number, withinMs: number, by: z.enum(['pair-link', 'adverts']) })
      .nullable()
      .describe('How long no box held the addresses'),
    connections: z.strictObject({ kept: number, of: number }).nullable(),
    connectionsWhy: text.nullable(),
    text: text.describe('All of it in a sentence'),
  })
  .meta({ id: 'HandoverReceipt' }) satisfies z.ZodType<HandoverReceipt>

export const pairSchema = z
  .strictObject({
    state: z.enum(['single', 'joining', 'alone', 'in-sync', 'behind', 'conflict']),
    since,
    why: text,
    peer: z
      .strictObject({
        name: text,
        address: text,
        fingerprint: text.describe('SHA-256 of its certificate'),
        keySince: text.nullable().describe('Since when this box knows it by that'),
        version: text.nullable(),
        heardAt: text.nullable().describe('When the connection began or ended last'),
        report: reportSchema.nullable().describe('Null while it is not connected'),
      })
      .nullable(),
    key: z
      .strictObject({
        fingerprint: text.describe('SHA-256 of the certificate that this box shows to the peer'),
        since,
        isChanging: z
          .boolean()
          .describe('Another one is wanted: it comes when both boxes are connected and in sync'),
      })
      .nullable(),
    codeExpiresAt: text.nullable().describe('Not null: a pairing code is shown until then'),
    handover: receiptSchema.nullable(),
  })
  .meta({ id: 'PairStatus' }) satisfies z.ZodType<PairStatus>

const guardSchema = z
  .strictObject({
    policy: z.enum(['availability-first', 'one-owner-first']),
    restraint: text.nullable().describe('Why this box may not lead; null: it may'),
    restrainedSince: text.nullable(),
    peer: z.strictObject({ state: z.enum(['heard', 'silent', 'unknown']), since, why: text }),
    paths: z.array(
      z.strictObject({
        name: text,
        state: z.enum(['up', 'silent', 'unknown']),
        since,
        why: text,
        interface: text.describe('Or the device of a serial line'),
        peer: text.nullable().describe('Null: at the other end of a serial line'),
        baud: number.nullable().describe('Of a serial line'),
        heardAt: text.nullable(),
        counters: z.strictObject({
          sent: number,
          received: number,
          missing: number,
          refused: z.record(text, number),
        }),
      }),
    ),
    splits: z.array(z.strictObject({ router: text, since, why: text })),
    leases: z.array(
      z.strictObject({
        name: text,
        state: z.enum(['unknown', 'silent', 'free', 'starting', 'held', 'taken']),
        since,
        why: text,
        address: text,
        port: number,
      }),
    ),
  })
  .meta({ id: 'GuardStatus' }) satisfies z.ZodType<ShownGuard>

export const statusSchema = z
  .strictObject({
    product: z.literal('Diarch'),
    version: text,
    commit: text,
    hostname: text,
    now: since,
    bootedAt: since,
    uptimeSeconds: number,
    health: z.strictObject({ state: z.enum(['starting', 'ok', 'degraded']), since, why: text }),
    slot: slotSchema.nullable(),
    storage: storageSchema,
    memory: memorySchema.nullable(),
    watchdog: watchdogSchema.nullable(),
    time: timeSchema.nullable(),
    processes: z.array(processSchema),
    ports: z.array(portSchema),
    web: webSchema.nullable(),
    routers: z.array(routerSchema),
    trackers: z.array(trackerSchema),
    services: z.array(summarySchema),
    director: directorSchema,
    configuration: configurationSchema.nullable(),
    pair: pairSchema,
    guard: guardSchema.nullable(),
    fencing: fencingStatusSchema.nullable(),
    alerts: z.array(channelStatusSchema),
    snmp: snmpStatusSchema.nullable(),
    setup: z.strictObject({ state: z.enum(['needed', 'finished']), since, why: text }),
    maintenance: z.strictObject({ since, why: text }).nullable(),
    alarms: z.array(alarmSchema),
  })
  .meta({ id: 'Status' }) satisfies z.ZodType<Status>

export const eventSchema = z
  .strictObject({
    ...{ at: since, about: text, event: text, text, times: number },
    flight: number.optional().describe('A recording of what was seen then'),
  })
  .meta({ id: 'Event' }) satisfies z.ZodType<BoxEvent>

export const logLineSchema = z.strictObject({
  at: since,
  stream: z.enum(['stdout', 'stderr']),
  text,
}) satisfies z.ZodType<LogLine>

export const heardRouterSchema = z
  .strictObject({
    interface: text,
    vrid: number,
    family: z.enum(['inet', 'inet6']),
    source: text.describe('The address that sends the adverts'),
    priority: number,
  })
  .meta({ id: 'HeardRouter' }) satisfies z.ZodType<HeardRouter>

import * as z from 'zod'
import type { AlertsConfig } from '../config/alert-schema.ts'
import { alertStates, topics } from './alert.ts'
import type { AlarmSeen, Happening } from './watch.ts'

/** What the supervisor and the process `alerts` tell each other. */
export type ToAlerts =
  | {
      readonly kind: 'configure-alerts'
      readonly id: number
      /** As messages name it. */
      readonly box: string
      readonly alerts: AlertsConfig
    }
  | { readonly kind: 'alarms'; readonly alarms: readonly AlarmSeen[] }
  | { readonly kind: 'happened'; readonly events: readonly Happening[] }
  | { readonly kind: 'try-channel'; readonly id: number; readonly channel: string }
  /** What became of an `alert-hand`; null: it was taken. */
  | { readonly kind: 'alert-handed'; readonly id: number; readonly failed: string | null }

const text = z.string().max(1000)

export const channelStatusSchema = z.strictObject({
  name: z.string().max(64),
  kind: z.enum(['mail', 'webhook', 'syslog', 'file', 'script', 'fifo']),
  state: z.enum(['unused', 'ok', 'failing']),
  since: z.iso.datetime(),
  why: text,
  waiting: z.int().min(0).describe('Alerts that are still to be sent'),
  lost: z.int().min(0).describe('Too many or too old to be sent'),
})
export type ChannelStatus = z.output<typeof channelStatusSchema>

const fromAlerts = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('alert-channels'),
    channels: z.array(channelStatusSchema).max(1000),
  }),
  z.strictObject({
    kind: z.literal('channel-tried'),
    id: z.int(),
    failed: text.nullable(),
  }),
  /** To a program or a FIFO: which one stands in the configuration alone. */
  z.strictObject({
    kind: z.literal('alert-hand'),
    id: z.int(),
    channel: z.string().max(64),
    alert: z.strictObject({
      id: text,
      at: z.iso.datetime(),
      box: text,
      topic: z.enum(topics),
      state: z.enum(alertStates),
      subject: text,
      lines: z.array(z.string().max(10_000)).max(100),
    }),
  }),
  z.strictObject({
    kind: z.literal('configured'),
    id: z.int(),
    refused: z.array(text).max(100),
  }),
])
export type FromAlerts = z.output<typeof fromAlerts>

/** It talks to servers of others: what it says is checked as what a stranger says. */
export function parseFromAlerts(value: unknown): FromAlerts | null {
  const parsed = fromAlerts.safeParse(value)
  return parsed.success ? parsed.data : null
}

import * as z from 'zod'
import type { SnmpConfig } from '../config/snmp-schema.ts'
import type { Snapshot } from './snapshot.ts'

/** What the supervisor and the process `snmp` tell each other. */
export type ToSnmp =
  | { readonly kind: 'configure-snmp'; readonly id: number; readonly snmp: SnmpConfig }
  /** What was asked for with `want-snapshot`. */
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }

const count = z.int().min(0)

/** Packets since the process has started. */
const refusedSchema = z.record(z.string().max(64), count)

export const snmpStatusSchema = z.strictObject({
  state: z.enum(['listening', 'failing']),
  since: z.iso.datetime(),
  why: z.string().max(1000),
  /** With port, as in `192.0.2.11:161`. */
  at: z.array(z.string().max(100)).max(1000),
  answered: count.describe('Packets that got an answer'),
  refused: refusedSchema.describe('Packets that got none, by the reason'),
})
export type SnmpStatus = z.output<typeof snmpStatusSchema>

const fromSnmp = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('snmp-status'), status: snmpStatusSchema }),
  z.strictObject({ kind: z.literal('want-snapshot') }),
  z.strictObject({
    kind: z.literal('configured'),
    id: z.int(),
    refused: z.array(z.string().max(1000)).max(100),
  }),
])
export type FromSnmp = z.output<typeof fromSnmp>

/** Strangers send packets to it: what it says is checked as what a stranger says. */
export function parseFromSnmp(value: unknown): FromSnmp | null {
  const parsed = fromSnmp.safeParse(value)
  return parsed.success ? parsed.data : null
}

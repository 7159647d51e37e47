import * as z from 'zod'
import type { FencingConfig } from '../config/fencing-schema.ts'
import type { FenceWish } from '../guard/fence-watch.ts'

/** What the supervisor and the process `fence` tell each other. */
export type ToFence =
  | {
      readonly kind: 'configure-fence'
      readonly id: number
      /** With the devices of the other box alone: this one is not to be able to switch itself. */
      readonly fencing: FencingConfig
    }
  | { readonly kind: 'fence'; readonly wish: FenceWish | null }
  /** `read`: the state of the power, and nothing is switched. */
  | {
      readonly kind: 'use-device'
      readonly id: number
      readonly device: string
      readonly what: 'read' | 'off' | 'reset'
    }
  | {
      readonly kind: 'fence-script-ended'
      readonly id: number
      /** Null: it could not be started, or did not end in time; `why` says so. */
      readonly code: number | null
      readonly why: string
    }

const text = z.string().max(1000)
const deviceName = z.string().max(64)

export const fenceDeviceSchema = z
  .strictObject({
    name: deviceName,
    kind: z.enum(['redfish', 'ipmi', 'proxmox', 'libvirt', 'vmware', 'pdu', 'script']),
    box: z.string().max(64).describe('The box that it switches'),
    state: z.enum(['untested', 'ok', 'failing']),
    power: z.enum(['on', 'off']).nullable().describe('What it said last; null: nothing yet'),
    since: z.iso.datetime(),
    testedAt: z.iso.datetime().nullable(),
    why: text,
  })
  .meta({ id: 'FenceDevice' })
export type FenceDevice = z.output<typeof fenceDeviceSchema>

export const fencingStatusSchema = z
  .strictObject({
    policy: z.enum(['off', 'required', 'attempt']),
    action: z.enum(['off', 'reset']),
    held: z
      .string()
      .nullable()
      .describe('Why this box does not take the place of a silent one; null: it may'),
    heldSince: z.iso.datetime().nullable(),
    devices: z.array(fenceDeviceSchema).describe('Those that switch the other box'),
  })
  .meta({ id: 'FencingStatus' })
export type FencingStatus = z.output<typeof fencingStatusSchema>

const fromFence = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('fence-devices'),
    devices: z.array(fenceDeviceSchema).max(1000),
  }),
  z.strictObject({
    kind: z.literal('fence-attempt'),
    device: deviceName,
    action: z.enum(['off', 'on']),
    outcome: z.enum(['confirmed', 'failed']),
    text,
    took: z.number().min(0),
  }),
  z.strictObject({ kind: z.literal('fence-confirmed'), wish: z.string().max(64), how: text }),
  z.strictObject({
    kind: z.literal('device-used'),
    id: z.int(),
    failed: text.nullable(),
    text,
  }),
  /** Of a device of the kind `script`: what is started stands in the configuration alone. */
  z.strictObject({
    kind: z.literal('fence-script'),
    id: z.int(),
    device: deviceName,
    verb: z.enum(['status', 'off', 'on']),
    within: z.number().min(1).max(600_000),
  }),
])
export type FromFence = z.output<typeof fromFence>

/** It talks to devices over the network: what it says is checked as what a stranger says. */
export function parseFromFence(value: unknown): FromFence | null {
  const parsed = fromFence.safeParse(value)
  return parsed.success ? parsed.data : null
}

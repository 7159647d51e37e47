import * as z from 'zod'
import type { OperationDescription } from './operation.ts'
import { upgradeSchema } from './status-schema.ts'

const json = <T extends z.ZodType>(schema: T) => ({ kind: 'json', status: 200, schema }) as const

const text = z.string()

const offeredSchema = z.strictObject({
  version: text,
  commit: text,
  sha256: text.describe('Of its file system'),
  signature: z
    .enum(['good', 'bad', 'missing', 'no-key'])
    .describe('`no-key`: the software that runs was built without one'),
  schema: z.int().describe('Of the configuration, as it writes it'),
  slot: z.enum(['a', 'b']).describe('Where it would go'),
})

export type OfferedUpgrade = z.output<typeof offeredSchema>

const peerOfferedSchema = offeredSchema.extend({
  from: text.describe('The name of the other box'),
  runs: text.describe('The version that runs on this box'),
})

export type PeerUpgrade = z.output<typeof peerOfferedSchema>

const ofPeer = ['not-paired', 'no-peer', 'no-software'] as const

const before = [
  ...(['not-the-image', 'upgrade-under-way', 'slot-on-trial'] as const),
  ...(['not-a-slot', 'not-signed', 'signature-required', 'older-schema'] as const),
] as const

const wishes = {
  unsigned:
    '"yes": also software that those who built the running one have not signed. ' +
    'A box whose software has a key takes that word at the box itself only',
  older: '"yes": also software that knows an older schema of the configuration only',
} as const

/** The operations on the slot that does not run. */
export const upgradeOperations = {
  checkUpgrade: {
    method: 'POST',
    path: '/api/v1/upgrade/check',
    summary: 'Whether this box would take the file whose first 4096 bytes are the body',
    role: 'admin',
    body: 'bytes',
    query: { ...wishes, length: 'Of the whole file, in bytes' },
    answer: json(offeredSchema),
    problems: [...before],
  },
  takeUpgrade: {
    method: 'POST',
    path: '/api/v1/upgrade',
    summary:
      'Writes the software of the body, a file diarch-*.slot, into the slot that does not run',
    role: 'admin',
    body: 'bytes',
    query: wishes,
    answer: json(upgradeSchema),
    problems: [...before, 'upgrade-failed'],
  },
  checkPeerUpgrade: {
    method: 'POST',
    path: '/api/v1/upgrade/peer/check',
    summary: 'Which software runs on the other box of the pair, and whether this one would take it',
    role: 'admin',
    body: null,
    query: wishes,
    answer: json(peerOfferedSchema),
    problems: [...before, ...ofPeer],
  },
  takePeerUpgrade: {
    method: 'POST',
    path: '/api/v1/upgrade/peer',
    summary:
      'Begins to write the software that runs on the other box of the pair into the slot that ' +
      'does not run here; `slot.upgrade` of the status says how far that is, and its end',
    role: 'admin',
    body: null,
    query: wishes,
    answer: { kind: 'json', status: 202, schema: upgradeSchema },
    problems: [...before, ...ofPeer, 'upgrade-failed'],
  },
  dropUpgrade: {
    method: 'DELETE',
    path: '/api/v1/upgrade',
    summary: 'What waits in the other slot for the next start is not started',
    role: 'admin',
    body: null,
    query: {},
    answer: json(z.strictObject({ dropped: z.literal(true) })),
    problems: ['not-the-image', 'upgrade-under-way', 'no-upgrade'],
  },
} as const satisfies Readonly<Record<string, OperationDescription>>

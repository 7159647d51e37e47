import * as z from 'zod'
import { sealedHow } from './backup-words.ts'
import { changeAnswerSchema, changeRequestSchema } from './configuration-schema.ts'
import type { OperationDescription } from './operation.ts'

const text = z.string()

/** In Base64. */
const sealedSchema = z.strictObject({
  how: z.literal(sealedHow),
  salt: text.max(100),
  nonce: text.max(100),
  tag: text.max(100),
  data: text.max(8 * 1024 * 1024),
})
export type Sealed = z.output<typeof sealedSchema>

export const backupSchema = z
  .strictObject({
    diarchBackup: z.literal(1),
    madeAt: text,
    hostname: text,
    version: text.describe('Of the software that has written it'),
    document: z
      .record(text, z.unknown())
      .describe('Both halves of the configuration, with "(not shown)" for each secret'),
    secrets: sealedSchema.nullable().describe('Passwords and keys; null: they are not in it'),
    ports: z.array(z.strictObject({ name: text, mac: text })).describe('Which port had which name'),
  })
  .meta({ id: 'Backup' })
export type Backup = z.output<typeof backupSchema>

const { parent, confirmWithin, reason, dryRun } = changeRequestSchema.shape

/** Short ones are guessed from a file that lies about. */
const passphrase = text.min(12).max(1024)

/** The operations on what a box is made of again, and on what its maker needs to see. */
export const backupOperations = {
  makeBackup: {
    method: 'POST',
    path: '/api/v1/backup',
    summary: 'The configuration of this box as a file; with a passphrase, passwords and keys too',
    role: 'admin',
    body: z
      .strictObject({
        passphrase: passphrase.optional().describe('Of 12 characters or more'),
      })
      .optional(),
    query: {},
    answer: { kind: 'json', status: 200, schema: backupSchema },
    problems: ['no-configuration'],
  },
  restoreBackup: {
    method: 'POST',
    path: '/api/v1/backup/restoration',
    summary: 'Puts the configuration of a backup in force, as a change like any other',
    role: 'admin',
    body: z.strictObject({
      backup: backupSchema,
      passphrase: text.max(1024).optional(),
      parent,
      confirmWithin,
      reason,
      dryRun,
    }),
    query: {},
    answer: {
      kind: 'json',
      status: 200,
      schema: changeAnswerSchema.extend({
        notes: z.array(text).describe('What differs from the box that it is of: ports'),
      }),
    },
    problems: [
      ...(['wrong-passphrase', 'configuration-refused', 'secrets-missing'] as const),
      ...(['stale-revision', 'on-trial', 'nothing-before', 'bad-change'] as const),
      ...(['not-taken', 'not-written', 'configuration-in-file'] as const),
    ],
  },
  makeSupportBundle: {
    method: 'GET',
    path: '/api/v1/support',
    summary: 'Status, events, logs and what the kernel says, without secrets, as a .tar.gz',
    role: 'admin',
    body: null,
    query: {},
    answer: { kind: 'file', type: 'application/gzip' },
    problems: [],
  },
} as const satisfies Readonly<Record<string, OperationDescription>>

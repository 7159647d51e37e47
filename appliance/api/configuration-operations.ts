import * as z from 'zod'
import {
  changeAnswerSchema,
  changeRequestSchema,
  importFindingSchema,
  revisionSchema,
  shownConfigurationSchema,
} from './configuration-schema.ts'
import type { OperationDescription } from './operation.ts'

const json = <T extends z.ZodType>(schema: T) => ({ kind: 'json', status: 200, schema }) as const

const text = z.string()

const ofRevision = json(z.strictObject({ revision: revisionSchema }))

/** The operations on the configuration; what they ask and answer is in configuration.ts. */
export const configurationOperations = {
  showConfiguration: {
    method: 'GET',
    path: '/api/v1/configuration',
    summary: 'The configuration in force, without its secrets',
    role: 'viewer',
    body: null,
    query: {},
    answer: json(shownConfigurationSchema),
    problems: [],
  },
  listRevisions: {
    method: 'GET',
    path: '/api/v1/configuration/revisions',
    summary: 'All revisions that are kept, and which of them are damaged',
    role: 'viewer',
    body: null,
    query: {},
    answer: json(z.strictObject({ revisions: z.array(revisionSchema), damage: z.array(text) })),
    problems: [],
  },
  showRevision: {
    method: 'GET',
    path: '/api/v1/configuration/revisions/{number}',
    summary: 'One revision with its document, without its secrets',
    role: 'viewer',
    body: null,
    query: {},
    answer: json(shownConfigurationSchema),
    problems: ['no-such-revision', 'configuration-in-file'],
  },
  changeConfiguration: {
    method: 'POST',
    path: '/api/v1/configuration/changes',
    summary: 'Another document, a patch, or back to a revision; on trial, or planned only',
    role: 'admin',
    body: changeRequestSchema,
    query: {},
    answer: json(changeAnswerSchema),
    problems: [
      'configuration-refused',
      'bad-change',
      'secrets-missing',
      'stale-revision',
      'on-trial',
      'nothing-before',
      'no-such-revision',
      'not-taken',
      'not-written',
      'configuration-in-file',
    ],
  },
  confirmConfiguration: {
    method: 'POST',
    path: '/api/v1/configuration/confirmation',
    summary: 'The change on trial stays',
    role: 'admin',
    body: null,
    query: {},
    answer: ofRevision,
    problems: ['nothing-on-trial', 'not-written', 'configuration-in-file'],
  },
  endTrial: {
    method: 'DELETE',
    path: '/api/v1/configuration/trial',
    summary: 'The change on trial is taken back now',
    role: 'admin',
    body: null,
    query: {},
    answer: ofRevision,
    problems: ['nothing-on-trial', 'not-taken', 'not-written', 'configuration-in-file'],
  },
  exportConfiguration: {
    method: 'POST',
    path: '/api/v1/configuration/export',
    summary: 'The configuration as text: our JSON, keepalived.conf, or ipvsadm-save lines',
    role: 'admin',
    body: z.strictObject({
      format: z.enum(['json', 'keepalived', 'ipvsadm']),
      secrets: z.boolean().optional().describe('With the passwords and keys'),
    }),
    query: {},
    answer: json(
      z.strictObject({
        text,
        findings: z
          .array(z.strictObject({ path: text, text }))
          .describe('What the format cannot say; comments in the text say it too'),
      }),
    ),
    problems: ['no-configuration', 'too-much-work'],
  },
  importKeepalived: {
    method: 'POST',
    path: '/api/v1/configuration/import',
    summary: 'What a keepalived.conf, or those of both nodes, would be here; nothing is changed',
    role: 'admin',
    body: z.strictObject({
      text: text.describe('A keepalived.conf of 10,000 lines and 3 MiB at most'),
      peer: text.optional().describe('That of the other node'),
      id: text.optional().describe('For lines with @id, as keepalived -i'),
      strict: z.boolean().optional().describe('What is not supported is refused'),
    }),
    query: {},
    answer: json(
      z.strictObject({
        documents: z
          .array(z.unknown())
          .describe('Of one box, or of each of the two; none of a file that is too long'),
        findings: z.array(importFindingSchema),
      }),
    ),
    problems: ['too-much-work'],
  },
  configurationSchema: {
    method: 'GET',
    path: '/api/v1/configuration/schema',
    summary: 'The JSON Schema of the document, for editors',
    role: 'viewer',
    body: null,
    query: {},
    answer: json(z.looseObject({})),
    problems: [],
  },
  reloadConfiguration: {
    method: 'POST',
    path: '/api/v1/configuration/reload',
    summary: 'Reads the configuration again, where it is a file',
    role: 'admin',
    body: null,
    query: {},
    answer: json(z.strictObject({ findings: z.array(text) })),
    problems: ['configuration-refused', 'configuration-in-store'],
  },
} as const satisfies Readonly<Record<string, OperationDescription>>

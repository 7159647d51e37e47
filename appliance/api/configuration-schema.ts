import * as z from 'zod'
import type { ApplyPlan } from '../config/apply-plan.ts'
import type { Finding } from '../config/finding.ts'
import type { Finding as ImportFinding } from '../keepalived/import-finding.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'
import type {
  ChangeAnswer,
  ChangeRequest,
  PatchStep,
  RevisionInfo,
  ShownConfiguration,
  TrialInfo,
} from './configuration.ts'

const texts = z.array(z.string())

/** Over the wire, a value that is not there is a key that is not there. */
type Sent<T, Key extends keyof T> = Omit<T, Key> & { readonly [K in Key]?: T[K] }

export const findingSchema = z
  .strictObject({
    path: z.string().describe('As in `cluster.routers.VI_1.priority`; empty for the whole'),
    place: z.strictObject({ line: z.number(), column: z.number() }).nullable(),
    reason: z.enum([
      'not-json',
      'unknown-key',
      'missing',
      'wrong-name',
      'wrong-value',
      'contradiction',
    ]),
    value: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
    expected: z.string(),
    hint: z.string().nullable(),
  })
  .meta({ id: 'Finding' }) satisfies z.ZodType<Sent<Finding, 'value'>>

export const importFindingSchema = z
  .strictObject({
    place: z.strictObject({ file: z.string(), line: z.number() }),
    keyword: z.string().optional(),
    outcome: z.enum(['applied', 'translated', 'ignored', 'unsupported', 'refused']),
    text: z.string(),
    path: z.string().nullable(),
  })
  .meta({ id: 'LineFinding' }) satisfies z.ZodType<ImportFinding>

export const revisionSchema = z
  .strictObject({
    number: z.number(),
    parent: z.number(),
    author: z.string(),
    time: z.string(),
    reason: z.string(),
    hash: z.string(),
    fallBackTo: z.number().nullable().describe('Not null: it is on trial, or was'),
  })
  .meta({ id: 'Revision' }) satisfies z.ZodType<RevisionInfo>

export const trialSchema = z
  .strictObject({ fallBackTo: z.number(), secondsLeft: z.number() })
  .meta({ id: 'Trial' }) satisfies z.ZodType<TrialInfo>

export const shownConfigurationSchema = z
  .strictObject({
    source: z.string().describe('`store`, or the file that it is read from'),
    revision: revisionSchema.nullable(),
    trial: trialSchema.nullable(),
    document: z.unknown().describe('Without its secrets; null: there is none yet'),
  })
  .meta({ id: 'Configuration' }) satisfies z.ZodType<ShownConfiguration>

const revisionNumber = z
  .int({ error: 'a whole number from 0 on' })
  .min(0, { error: 'a whole number from 0 on' })

const path = z.string().describe('RFC 6901: `/cluster/services/web/scheduler`')

export const patchStepSchema = z.union([
  z.strictObject({ op: z.enum(['add', 'replace']), path, value: z.unknown() }),
  z.strictObject({ op: z.literal('remove'), path }),
  z.strictObject({ op: z.literal('test'), path, value: z.unknown() }),
]) satisfies z.ZodType<PatchStep>

/** Each makes the way to its place anew; more is a document. */
const mostSteps = 1000
const stepsText = `at most ${mostSteps} steps`

export const changeRequestSchema = z
  .strictObject({
    parent: revisionNumber.optional().describe('The revision that it is made on top of'),
    document: z.unknown().optional().describe('The whole, with `(not shown)` where a secret stays'),
    patch: z.array(patchStepSchema).max(mostSteps, { error: stepsText }).optional(),
    revision: revisionNumber.optional().describe('Back to what that one was'),
    reason: z.string().optional(),
    confirmWithin: z.string().optional().describe('As `2m`: goes back unless confirmed'),
    dryRun: z.boolean().optional(),
  })
  .meta({ id: 'ChangeRequest' }) satisfies z.ZodType<ChangeRequest>

const names = z.strictObject({ added: texts, changed: texts, removed: texts })

const planSchema = z
  .strictObject({
    routers: z.strictObject({
      untouched: texts,
      changed: z.array(
        z.strictObject({
          name: z.string(),
          was: z.string().nullable(),
          keys: z.array(z.string() as z.ZodType<keyof RouterConfig>),
          mastership: z.enum(['stays', 'may-move', 'needs-both']),
          preemptDelay: z.string().nullable(),
        }),
      ),
      added: texts,
      removed: texts,
    }),
    addresses: z.strictObject({ come: texts, go: texts }),
    services: names,
    servers: names,
    ipvs: z.strictObject({ operations: z.number(), of: z.record(z.string(), z.number()) }),
    checks: names,
    trackers: names,
    others: texts,
  })
  .meta({ id: 'Plan' }) satisfies z.ZodType<ApplyPlan>

export const changeAnswerSchema = z
  .strictObject({
    outcome: z.enum(['applied', 'planned', 'same']),
    revision: revisionSchema.nullable(),
    trial: trialSchema.nullable(),
    plan: planSchema,
    planText: texts,
    differences: texts,
  })
  .meta({ id: 'ChangeAnswer' }) satisfies z.ZodType<ChangeAnswer>

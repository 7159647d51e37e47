import * as z from 'zod'
import type { Finding } from '../config/finding.ts'
import type { RevisionInfo } from './configuration.ts'
import { findingSchema, revisionSchema } from './configuration-schema.ts'
import { type ProblemReason, problemReasons } from './reasons.ts'

/** RFC 9457; `reason` is a token for scripts, `detail` says to people what to do. */
export type Problem = {
  readonly status: ProblemStatus
  readonly reason: ProblemReason
  readonly title: string
  readonly detail: string
} & ProblemExtensions

/** What some refusals say beside that, for programs. */
export type ProblemExtensions = {
  readonly findings?: readonly Finding[] | undefined
  readonly places?: readonly string[] | undefined
  readonly differences?: readonly string[] | undefined
  readonly newest?: RevisionInfo | null | undefined
}

export const problemStatuses = [
  400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 501, 503, 507,
] as const

export type ProblemStatus = (typeof problemStatuses)[number]

const reasons = Object.keys(problemReasons) as [ProblemReason, ...ProblemReason[]]

export const problemSchema = z.strictObject({
  status: z.literal([...problemStatuses]),
  reason: z.enum(reasons),
  title: z.string(),
  detail: z.string(),
  findings: z.array(findingSchema).optional(),
  places: z.array(z.string()).optional(),
  differences: z.array(z.string()).optional(),
  newest: revisionSchema.nullable().optional(),
})

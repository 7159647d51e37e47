import * as z from 'zod'
import { chosenPassword, expiry } from '../config/user-schema.ts'
import { revisionSchema } from './configuration-schema.ts'
import { type ProblemReason, problemReasons } from './reasons.ts'
import { roles } from './role.ts'

const role = z.enum(roles)

/** Names and passwords that are tried may be anything: they are refused like wrong ones. */
const tried = z.string().max(256)

export const loginSchema = z.strictObject({ user: tried, password: tried })

export const passwordChangeSchema = z.strictObject({ old: tried, new: chosenPassword })

export const sessionSchema = z.strictObject({
  user: z.string(),
  role,
  via: z.enum(['socket', 'session', 'token']),
  csrf: z.string().nullable().describe('For X-CSRF-Token; null without a session'),
  expiresAt: z
    .string()
    .nullable()
    .describe('Of a session, unless it is used before; of a token; null where nothing ends'),
})

export const userSchema = z.strictObject({ user: z.string(), role })

const revision = revisionSchema.nullable().describe('What it is in force with')

export const changedUserSchema = z.strictObject({ ...userSchema.shape, revision })

export const userChangeSchema = z.strictObject({
  role,
  password: chosenPassword.optional().describe('8 to 128 characters; left out, it stays'),
})

const expires = z.string().nullable().describe('ISO 8601, UTC; null: never')

export const tokenSchema = z.strictObject({ token: z.string(), role, expires })

export const changedTokenSchema = z.strictObject({ ...tokenSchema.shape, revision })

export const newTokenSchema = z.strictObject({
  token: z.string().describe('Its name'),
  role,
  expires: expiry.optional().describe('Such as "2027-01-31T00:00:00Z"'),
})

export const madeTokenSchema = z.strictObject({
  ...changedTokenSchema.shape,
  secret: z.string().describe('For the header "Authorization: Bearer ..."'),
})

const reasons = Object.keys(problemReasons) as [ProblemReason, ...ProblemReason[]]

export const auditEntrySchema = z.strictObject({
  at: z.string().describe('ISO 8601, UTC'),
  who: z.string().nullable().describe('Null: nobody was logged in'),
  via: z.enum(['socket', 'session', 'token']).nullable(),
  from: z.string().nullable().describe('The address of the client; null on the box itself'),
  operation: z.string(),
  names: z.record(z.string(), z.string()).describe('What stood in the path'),
  outcome: z.union([z.literal('done'), z.enum(reasons)]),
  revision: z.number().nullable(),
  tried: z.string().nullable().describe('At a login: the name that was given'),
  notWritten: z.number().describe('Refusals before this one that were too many to write down'),
})

export type AuditEntry = z.output<typeof auditEntrySchema>

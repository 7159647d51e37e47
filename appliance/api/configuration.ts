/** What is asked and answered about the configuration. */

import type { ApplyPlan } from '../config/apply-plan.ts'
import type { Finding } from '../config/finding.ts'

/** Of RFC 6902, as much as is needed: `/cluster/services/web/servers/0/weight`. */
export type PatchStep =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  /** Refused as a whole unless this is what stands there. */
  | { readonly op: 'test'; readonly path: string; readonly value: unknown }

/** Exactly one of `document`, `patch` and `revision`. */
export type ChangeRequest = {
  /** What it is made on top of. Without it: on top of whatever there is; not with `document`. */
  readonly parent?: number | undefined
  /** The whole, with `(not shown)` where a secret stays as it is. */
  readonly document?: unknown
  readonly patch?: readonly PatchStep[] | undefined
  /** Back to what that one was, under a new number. */
  readonly revision?: number | undefined
  readonly reason?: string | undefined
  /** A time such as `2m`: it goes back by itself unless it is confirmed until then. */
  readonly confirmWithin?: string | undefined
  /** Nothing is changed; the answer says what would happen. */
  readonly dryRun?: boolean | undefined
}

export type RevisionInfo = {
  readonly number: number
  readonly parent: number
  readonly author: string
  readonly time: string
  readonly reason: string
  readonly hash: string
  /** Not null: it is on trial, or was. */
  readonly fallBackTo: number | null
}

export type TrialInfo = { readonly fallBackTo: number; readonly secondsLeft: number }

/** What is in force, or was. */
export type ShownConfiguration = {
  /** `store`: changed over the API. Else the file that it is read from, which is changed itself. */
  readonly source: string
  /** Null: there is none yet. */
  readonly revision: RevisionInfo | null
  readonly trial: TrialInfo | null
  /** As it was written, without its secrets; null: there is none yet. */
  readonly document: unknown
}

export type ChangeAnswer = {
  /** `same`: there is nothing to change. `planned`: a dry run. */
  readonly outcome: 'applied' | 'planned' | 'same'
  /** What is in force now. */
  readonly revision: RevisionInfo | null
  readonly trial: TrialInfo | null
  /** What will happen, or has happened, on this box. */
  readonly plan: ApplyPlan
  /** The same in lines for people. */
  readonly planText: readonly string[]
  /** Each a line: `cluster.services.web.scheduler: "rr" -> "wrr"`. */
  readonly differences: readonly string[]
}

/** Every refusal leaves everything as it was. */
export type ChangeRefusal =
  | { readonly kind: 'invalid'; readonly findings: readonly Finding[] }
  | { readonly kind: 'bad-request'; readonly why: string }
  /** Others were before him, and when it was his turn he had been logged out. */
  | { readonly kind: 'author-gone' }
  /** A secret should stay as it was, and there is none at these places. */
  | { readonly kind: 'secrets-missing'; readonly places: readonly string[] }
  /** Somebody was faster: `differences` is what has changed since `parent`. */
  | {
      readonly kind: 'stale'
      readonly newest: RevisionInfo | null
      readonly differences: readonly string[]
    }
  | { readonly kind: 'on-trial'; readonly newest: RevisionInfo }
  | { readonly kind: 'nothing-before' }
  | { readonly kind: 'nothing-on-trial' }
  | { readonly kind: 'no-such-revision'; readonly number: number; readonly why: string }
  /** A process refused it, and all have the one before again: `director: ...`. */
  | { readonly kind: 'not-taken'; readonly whys: readonly string[] }
  | { readonly kind: 'not-written'; readonly why: string }
  | { readonly kind: 'in-file'; readonly path: string }

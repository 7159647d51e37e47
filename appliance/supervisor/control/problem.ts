import type { OutgoingHttpHeaders } from 'node:http'
import type { Problem, ProblemExtensions, ProblemStatus } from '../../api/problem.ts'
import type { ProblemReason } from '../../api/reasons.ts'

export type Refusal = {
  readonly kind: 'problem'
  readonly problem: Problem
  readonly headers?: OutgoingHttpHeaders
}

export const problem = (
  status: ProblemStatus,
  reason: ProblemReason,
  title: string,
  detail: string,
  more: ProblemExtensions = {},
): Refusal => ({
  kind: 'problem',
  problem: { status, reason, title, detail, ...more },
})

import type { Response } from 'express'
import type { ProblemReason } from '../api/reasons.ts'

/** RFC 9457: an error that scripts can read. `type` is absent, so it means about:blank. */
export function sendProblem(
  response: Response,
  status: number,
  reason: ProblemReason,
  title: string,
  detail: string,
): void {
  response
    .status(status)
    .type('application/problem+json')
    .set('Cache-Control', 'no-store')
    .send(JSON.stringify({ status, reason, title, detail }))
}

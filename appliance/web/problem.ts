import type { Response } from 'express'

/** RFC 9457: an error that scripts can read. `type` is absent, so it means about:blank. */
export function sendProblem(response: Response, status: number, title: string, detail: string) {
  response
    .status(status)
    .type('application/problem+json')
    .set('Cache-Control', 'no-store')
    .send(JSON.stringify({ title, status, detail }))
}

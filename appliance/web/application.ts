import express, { type Express, type Request, type Response } from 'express'
import helmet from 'helmet'
import type { LatestStatus } from './latest-status.ts'
import { sendProblem } from './problem.ts'
import type { StaticFile } from './static-files.ts'
import type { Streams } from './streams.ts'

/** What the box shows before a password exists: everything here is for everybody, to read only. */
export function application(
  files: ReadonlyMap<string, StaticFile>,
  latest: LatestStatus,
  streams: Streams,
): Express {
  const app = express()
  app.disable('x-powered-by')
  // Express would hash every answer for an ETag; the files bring theirs, the rest is never stored.
  app.disable('etag')
  // "?a[b]=c" would be parsed into objects; nothing here takes a query.
  app.set('query parser', false)
  app.use(headers)
  app.use(onlyReading)

  app.get('/health', (_request, response) => {
    response.set('Cache-Control', 'no-store').type('text/plain').send('ok')
  })
  app.get('/api/v1/public', (_request, response) => {
    const known = latest.get()
    if (known.kind === 'unknown') sendProblem(response, 503, 'State unknown', known.why)
    else response.set('Cache-Control', 'no-store').json(known.status)
  })
  app.get('/api/v1/public/stream', (request, response) => {
    if (request.method === 'HEAD') {
      response.type('text/event-stream').end()
      return
    }
    const known = latest.get()
    const first = known.kind === 'status' ? known.status : null
    if (!streams.add(response, request.socket.remoteAddress ?? '', first)) {
      response.set('Retry-After', '10')
      sendProblem(response, 503, 'Too many streams', 'Close other pages of this box, or wait.')
    }
  })
  app.use((request, response) => {
    const file = files.get(request.path)
    if (file !== undefined) sendFile(request, response, file)
    else notFound(request, response)
  })
  app.use(failed)
  return app
}

const headers = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
    },
  },
  xFrameOptions: { action: 'deny' },
  // RFC 6797 8.1: browsers ignore it over a certificate they do not trust. Where somebody has made
  // his browser trust it, it would forbid him to go on when the box must make a new certificate.
  strictTransportSecurity: false,
})

function onlyReading(request: Request, response: Response, next: () => void): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.set('Allow', 'GET, HEAD').set('Connection', 'close')
    sendProblem(
      response,
      405,
      'Method not allowed',
      'Nothing can be changed over the network before a password exists. ' +
        'The setup wizard, which asks for one, comes with a later version.',
    )
    return
  }
  // No answer here depends on a body, so nobody gets to send one. Closing ends the upload.
  if (
    request.headers['transfer-encoding'] !== undefined ||
    (request.headers['content-length'] ?? '0') !== '0'
  ) {
    response.set('Connection', 'close')
    sendProblem(response, 413, 'Content too large', 'A GET or HEAD takes no content here.')
    return
  }
  next()
}

function sendFile(request: Request, response: Response, file: StaticFile): void {
  response.set({
    'Content-Type': file.type,
    'Cache-Control': file.cacheControl,
    ETag: file.etag,
  })
  if (request.fresh) response.status(304).end()
  else response.send(file.body)
}

function notFound(request: Request, response: Response): void {
  if (request.path === '/api' || request.path.startsWith('/api/')) {
    sendProblem(response, 404, 'Not found', `There is no ${request.path} in this version.`)
    return
  }
  response
    .status(404)
    .set('Cache-Control', 'no-store')
    .type('text/html')
    .send(
      '<!doctype html><html lang="en"><meta charset="utf-8"><title>Not found · Diarch</title>' +
        '<h1>Not found</h1><p>There is no such page on this box. <a href="/">Its first page</a>',
    )
}

/** Express knows an error handler by its four parameters. */
function failed(error: unknown, _request: Request, response: Response, _next: () => void): void {
  const status = (error as { status?: unknown }).status
  if (typeof status === 'number' && status >= 400 && status < 500) {
    sendProblem(response, status, 'Bad request', 'The request could not be understood.')
    return
  }
  console.error('a request failed:', error)
  if (response.headersSent) response.destroy()
  else sendProblem(response, 500, 'Internal error', 'The log of the web process says more.')
}

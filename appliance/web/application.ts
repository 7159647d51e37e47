import express, { type Express, type Request, type Response } from 'express'
import helmet from 'helmet'
import type { LatestStatus } from './latest-status.ts'
import { sendProblem } from './problem.ts'
import type { StaticFile } from './static-files.ts'
import type { Streams } from './streams.ts'

export type Site = {
  readonly files: ReadonlyMap<string, StaticFile>
  readonly latest: LatestStatus
  readonly streams: Streams
  /** Where the supervisor takes what is asked of it. */
  readonly supervisor: (request: Request, response: Response) => void
}

/** What is served here itself is for everybody, to read only; the rest is the supervisor's. */
export function application({ files, latest, streams, supervisor }: Site): Express {
  const app = express()
  app.disable('x-powered-by')
  // Express would hash every answer for an ETag; the files bring theirs, the rest is never stored.
  app.disable('etag')
  // "?a[b]=c" would be parsed into objects; only the supervisor takes a query.
  app.set('query parser', false)
  app.use(headers)
  app.use((request, _response, next) => {
    // Where Prometheus looks unless it is told otherwise.
    if (request.path === '/metrics') {
      request.originalUrl = `/api/v1${request.originalUrl}`
      request.url = request.originalUrl
    }
    next()
  })
  app.use((request, response, next) => {
    if (changing.includes(request.method) && isForSupervisor(request)) supervisor(request, response)
    else onlyReading(request, response, next)
  })
  app.use((request, response, next) => {
    if (isForSupervisor(request)) supervisor(request, response)
    else next()
  })

  app.get('/health', (_request, response) => {
    response.set('Cache-Control', 'no-store').type('text/plain').send('ok')
  })
  app.get('/api/v1/public', (_request, response) => {
    const known = latest.get()
    if (known.kind === 'unknown') {
      sendProblem(response, 503, 'state-unknown', 'State unknown', known.why)
    } else response.set('Cache-Control', 'no-store').json(known.status)
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
      const detail = 'Close other pages of this box, or wait.'
      sendProblem(response, 503, 'too-many-streams', 'Too many streams', detail)
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

const changing: readonly string[] = ['POST', 'PUT', 'DELETE']

const isForSupervisor = ({ path }: Request): boolean =>
  path.startsWith('/api/v1/') && !/^\/api\/v1\/public(\/|$)/.test(path)

function onlyReading(request: Request, response: Response, next: () => void): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.set('Allow', 'GET, HEAD').set('Connection', 'close')
    const detail = 'This can only be read: use GET or HEAD.'
    sendProblem(response, 405, 'method-not-allowed', 'Method not allowed', detail)
    return
  }
  // No answer here depends on a body, so nobody gets to send one. Closing ends the upload.
  if (
    request.headers['transfer-encoding'] !== undefined ||
    (request.headers['content-length'] ?? '0') !== '0'
  ) {
    response.set('Connection', 'close')
    const detail = 'A GET or HEAD takes no content here.'
    sendProblem(response, 413, 'body-too-large', 'Content too large', detail)
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
    const detail = `There is no ${request.path} in this version.`
    sendProblem(response, 404, 'no-such-path', 'Not found', detail)
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
    const detail = 'The request could not be understood.'
    sendProblem(response, status, 'bad-request', 'Bad request', detail)
    return
  }
  console.error('a request failed:', error)
  if (response.headersSent) response.destroy()
  else {
    const detail = 'The log of the web process says more.'
    sendProblem(response, 500, 'failed', 'Internal error', detail)
  }
}

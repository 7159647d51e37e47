import { request as ask, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { finished, Transform } from 'node:stream'
import type { Request, Response } from 'express'
import { clientNetwork } from '../access/client-network.ts'
import { type BodyLimits, bodyLimits } from './long-bodies.ts'
import { sendProblem } from './problem.ts'

/** What the supervisor may see of a request; who it is from is said by us. */
const asked = [
  'accept',
  'authorization',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'last-event-id',
  'origin',
  'sec-fetch-site',
  'x-csrf-token',
]

const answered = [
  'allow',
  'cache-control',
  'content-disposition',
  'content-length',
  'content-type',
  'retry-after',
  'set-cookie',
  'www-authenticate',
]

/** Streams count among them. */
const mostAtOnce = { all: 48, perNetwork: 16 }
/** For a client that was answered before it had sent everything. */
const sendsOnForMs = 15_000

/**
 * Hands a request to the supervisor and its answer back, both as they come. Nothing is read here
 * and nobody is recognised: the supervisor decides what is done and for whom.
 */
export function passOn(socketPath: string) {
  const open = new Map<Response, string>()
  return (request: Request, response: Response): void => {
    const address = request.socket.remoteAddress ?? ''
    const network = clientNetwork(address)
    const same = [...open.values()].filter(other => other === network).length
    if (open.size >= mostAtOnce.all || same >= mostAtOnce.perNetwork) {
      response.set('Retry-After', '5').set('Connection', 'close')
      const detail = 'Wait for the answers that are under way, or close other pages of this box.'
      sendProblem(response, 429, 'too-many-requests', 'Too much at once', detail)
      return
    }
    // Node would throw at it, and nothing of ours is called so.
    if (!/^[\x21-\x7e]+$/.test(request.originalUrl)) {
      const detail = 'A path is written in ASCII, everything else of it as %xx.'
      sendProblem(response, 400, 'bad-request', 'Bad request', detail)
      return
    }
    const limits = bodyLimits(request)
    if (Number(request.headers['content-length'] ?? 0) > limits.mostBytes) {
      tooLarge(response, limits)
      return
    }
    open.set(response, network)
    response.on('close', () => open.delete(response))
    hand(socketPath, address, request, response, limits)
  }
}

function hand(
  socketPath: string,
  address: string,
  request: Request,
  response: Response,
  limits: BodyLimits,
): void {
  const { socket } = request
  socket.setTimeout(limits.idleMs)
  // Both sides are silent while it is worked on; then whoever reads is idle or is not.
  request.on('end', () => socket.setTimeout(limits.answeredWithinMs))
  // Kept open, so that an answer which comes before the whole body does not get lost in the end.
  const connection = 'keep-alive'
  const said = picked(request, asked)
  const headers = { ...said, ...framing(request), 'x-diarch-client': address, connection }
  const { method, originalUrl: path } = request
  const passed = ask({ socketPath, method, path, headers, agent: false })
  const late = setTimeout(() => passed.destroy(new Error('no answer')), limits.answeredWithinMs)
  response.on('close', () => {
    clearTimeout(late)
    passed.destroy()
  })
  const body = limited(limits.mostBytes, () => {
    passed.destroy()
    if (!response.headersSent) tooLarge(response, limits)
  })
  passed.on('response', answer => {
    clearTimeout(late)
    socket.setTimeout(limits.idleMs)
    const early = !request.complete
    if (early) response.set('Connection', 'close')
    response.writeHead(answer.statusCode ?? 500, picked(answer, answered))
    answer.on('error', () => response.destroy())
    answer.pipe(response, { end: !early })
    if (!early) return
    // A client that is cut off while it sends may never see what it was answered.
    request.unpipe(body).resume()
    const enough = setTimeout(() => response.destroy(), sendsOnForMs)
    response.on('close', () => clearTimeout(enough))
    answer.on('end', () => finished(request, () => response.end()))
  })
  passed.on('error', () => {
    clearTimeout(late)
    if (response.headersSent) response.destroy()
    else unreachable(response)
  })
  request.pipe(body).pipe(passed)
}

function limited(mostBytes: number, tooMany: () => void): Transform {
  let bytes = 0
  return new Transform({
    transform(part: Buffer, _encoding, done) {
      bytes += part.length
      if (bytes > mostBytes) tooMany()
      else done(null, part)
    },
  })
}

/**
 * Said by us: with some methods Node writes content that nothing announces as it is, and the
 * supervisor would take it for the next request, with headers that are not ours.
 */
const framing = ({ headers }: IncomingMessage): OutgoingHttpHeaders =>
  headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }

const picked = ({ headers }: IncomingMessage, names: readonly string[]) =>
  Object.fromEntries(
    names.flatMap(name => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  )

function tooLarge(response: Response, { mostBytes }: BodyLimits): void {
  response.set('Connection', 'close')
  const detail = `This takes no more than ${mostBytes / 1024 / 1024} MiB.`
  sendProblem(response, 413, 'body-too-large', 'The body is too large', detail)
}

function unreachable(response: Response): void {
  response.set('Retry-After', '5').set('Connection', 'close')
  const detail = 'The supervisor of this box does not answer; it is starting, stopping or busy.'
  sendProblem(response, 503, 'no-supervisor', 'No answer from the supervisor', detail)
}

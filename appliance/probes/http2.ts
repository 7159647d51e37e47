import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { HttpQuestion, HttpRequest } from '../health/question.ts'
import { ProbeFailure } from './asking.ts'
import type { Conversation } from './conversation.ts'
import { HttpBody } from './http-body.ts'
import { judgeBody, judgeStatus } from './http-verdict.ts'

/** All requests one after the other in one session (RFC 9113). Throws ProbeFailure. */
export async function askHttp2(
  conversation: Conversation,
  question: HttpQuestion,
  host: string,
  signal: AbortSignal,
): Promise<string> {
  const { stream, whom } = conversation
  const scheme = question.tls === null ? 'http' : 'https'
  if (question.tls !== null && (stream as TLSSocket).alpnProtocol !== 'h2') {
    throw new ProbeFailure('wrong-answer', `${whom} does not speak HTTP/2 (it is not in its ALPN)`)
  }
  const session = connect(`${scheme}://${whom}`, { createConnection: () => stream })
  // Every request hears of it as well.
  session.on('error', () => {})
  try {
    let words = ''
    for (const request of question.requests) {
      words = await askPath(session, question, request, { host, scheme, whom, signal })
    }
    return words
  } finally {
    session.destroy()
  }
}

type Surroundings = {
  readonly host: string
  readonly scheme: string
  readonly whom: string
  readonly signal: AbortSignal
}

async function askPath(
  session: ClientHttp2Session,
  question: HttpQuestion,
  request: HttpRequest,
  { host, scheme, whom, signal }: Surroundings,
): Promise<string> {
  const { method, headers, body } = question
  const broken = (why: string): ProbeFailure =>
    signal.aborted
      ? new ProbeFailure('timeout', `${whom} did not answer ${request.path} over HTTP/2 in time`)
      : new ProbeFailure('wrong-answer', `${whom} broke off HTTP/2 at ${request.path}: ${why}`)
  if (session.destroyed || session.closed) throw broken('the session has ended')
  const stream = session.request({
    'user-agent': 'diarch',
    ...lowered(headers),
    ':method': method,
    ':path': request.path,
    ':authority': host,
    ':scheme': scheme,
  })
  try {
    stream.end(body ?? undefined)
    const status = await statusOf(stream, broken)
    judgeStatus(request, status, String(status))
    const kept = new HttpBody(request)
    await bodyInto(stream, kept, broken)
    judgeBody(request, kept)
    return String(status)
  } finally {
    stream.destroy()
  }
}

const lowered = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

const statusOf = (stream: ClientHttp2Stream, broken: (why: string) => ProbeFailure) =>
  new Promise<number>((resolve, reject) => {
    stream.on('response', headers => resolve(Number(headers[':status'])))
    stream.on('error', error => reject(broken(error.message)))
    stream.on('close', () => reject(broken('no answer')))
  })

const bodyInto = (
  stream: ClientHttp2Stream,
  body: HttpBody,
  broken: (why: string) => ProbeFailure,
): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      try {
        if (!body.take(chunk)) resolve()
      } catch (error) {
        reject(error)
      }
    })
    stream.on('end', resolve)
    stream.on('error', error => reject(broken(error.message)))
    stream.on('close', () => reject(broken('half an answer')))
  })

import { type ClientHttp2Session, connect, constants } from 'node:http2'
import type { Finding } from '../health/check.ts'
import type { GrpcQuestion } from '../health/question.ts'
import { endpointText } from '../values/endpoint-text.ts'
import { type Ask, failed, findingOf, ProbeFailure, passed, quoted } from './asking.ts'
import { type Conversation, converse } from './conversation.ts'

/**
 * grpc.health.v1.Health/Check, https://github.com/grpc/grpc/blob/master/doc/health-checking.md,
 * over HTTP/2: in plain text, or TLS with ALPN `h2`.
 */
export const askGrpc: Ask<GrpcQuestion> = async (question, target, signal) => {
  const { port } = target
  if (port === null) return failed('cannot-ask', 'a gRPC check needs a port')
  const { tls, service } = question
  const wish = { port, tls, alpn: ['h2'], signal }
  return converse(target, wish, async conversation => {
    const host = tls?.serverName ?? endpointText(target.address, port)
    const authority = `${tls === null ? 'http' : 'https'}://${host}`
    const session = connect(authority, { createConnection: () => conversation.stream })
    try {
      return verdict(await call(session, service, conversation, signal), conversation)
    } catch (error) {
      if (signal.aborted) {
        return failed('timeout', `${conversation.whom} took the connection and did not answer`)
      }
      return findingOf(error)
    } finally {
      session.destroy()
    }
  })
}

/** A message with one small number in it. */
const longestBody = 1024
const flagAndLength = 5

type Answer = {
  readonly httpStatus: number
  readonly grpcStatus: string | null
  readonly grpcMessage: string
  readonly body: Buffer
}

function call(
  session: ClientHttp2Session,
  service: string,
  { whom }: Conversation,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const closed = () => reject(new ProbeFailure('closed', `${whom} closed the connection`))
    // Bytes that are no HTTP/2 end the session with an error of nghttp2.
    session.on('error', error => reject(http2Failure(error, whom)))
    session.on('close', closed)
    signal.addEventListener('abort', () => session.destroy(), { once: true })
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'diarch',
    })
    let head: Readonly<Record<string, unknown>> = {}
    let trailers: Readonly<Record<string, unknown>> = {}
    let body = Buffer.alloc(0)
    stream.on('response', headers => {
      head = headers
    })
    stream.on('trailers', headers => {
      trailers = headers
    })
    stream.on('data', (chunk: Buffer) => {
      body = Buffer.concat([body, chunk])
      if (body.length <= longestBody) return
      reject(new ProbeFailure('wrong-answer', `${whom} sent too long an answer: ${quoted(body)}`))
      session.destroy()
    })
    stream.on('error', error => reject(http2Failure(error, whom)))
    stream.on('close', closed)
    stream.on('end', () => {
      // Cut off: 'close' says so.
      if (stream.aborted || session.destroyed || Object.keys(head).length === 0) return
      const word = (name: string) => trailers[name] ?? head[name]
      const grpcStatus = word('grpc-status')
      resolve({
        httpStatus: Number(head[constants.HTTP2_HEADER_STATUS]),
        grpcStatus: typeof grpcStatus === 'string' ? grpcStatus : null,
        grpcMessage: unescaped(String(word('grpc-message') ?? '')),
        body,
      })
    })
    stream.end(healthCheckRequest(service))
  })
}

const http2Failure = (error: unknown, whom: string): unknown => {
  const { code, message } = error as NodeJS.ErrnoException
  if (typeof code !== 'string' || !code.startsWith('ERR_HTTP2')) return error
  return new ProbeFailure('wrong-answer', `${whom} speaks no HTTP/2: ${message}`)
}

/** Percent-encoded (grpc's PROTOCOL-HTTP2.md). */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** `message HealthCheckRequest { string service = 1; }` behind "not compressed" and its length. */
export function healthCheckRequest(service: string): Buffer {
  const name = Buffer.from(service)
  const body =
    name.length === 0 ? name : Buffer.concat([Buffer.of(0x0a), variableLength(name.length), name])
  const head = Buffer.alloc(flagAndLength)
  head.writeUInt32BE(body.length, 1)
  return Buffer.concat([head, body])
}

const variableLength = (value: number): Buffer =>
  value < 0x80
    ? Buffer.of(value)
    : Buffer.concat([Buffer.of((value & 0x7f) | 0x80), variableLength(value >>> 7)])

/** `message HealthCheckResponse { ServingStatus status = 1; }`; null: it is none. */
export function servingStatus(bytes: Uint8Array): number | null {
  const body = Buffer.from(bytes)
  if (body.length < flagAndLength || body[0] !== 0) return null
  if (body.readUInt32BE(1) !== body.length - flagAndLength) return null
  // Protobuf leaves out what is 0.
  if (body.length === flagAndLength) return 0
  const [tag, value] = body.subarray(flagAndLength)
  return tag === 0x08 && value !== undefined && value < 0x80 ? value : null
}

const servingWords = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN']

/** grpc/doc/statuscodes.md */
const statusWords: Readonly<Record<string, string>> = {
  '1': 'CANCELLED',
  '2': 'UNKNOWN',
  '3': 'INVALID_ARGUMENT',
  '4': 'DEADLINE_EXCEEDED',
  '5': 'NOT_FOUND: the server knows no service of this name',
  '7': 'PERMISSION_DENIED',
  '8': 'RESOURCE_EXHAUSTED',
  '12': 'UNIMPLEMENTED: the server does not offer grpc.health.v1',
  '13': 'INTERNAL',
  '14': 'UNAVAILABLE',
  '16': 'UNAUTHENTICATED',
}

function verdict(answer: Answer, { whom }: Conversation): Finding {
  const { httpStatus, grpcStatus, grpcMessage, body } = answer
  if (grpcStatus === null) {
    const what = `HTTP status ${httpStatus} and no grpc-status`
    return failed('wrong-answer', `${whom} speaks HTTP/2, but no gRPC: ${what}`)
  }
  if (grpcStatus !== '0') {
    const reason = grpcStatus === '7' || grpcStatus === '16' ? 'denied' : 'wrong-answer'
    const more = grpcMessage === '' ? '' : `, ${quoted(grpcMessage)}`
    return failed(reason, `gRPC status ${statusWords[grpcStatus] ?? quoted(grpcStatus)}${more}`)
  }
  const status = servingStatus(body)
  if (status === null) {
    return failed('wrong-answer', `${whom} sent no HealthCheckResponse: ${quoted(body)}`)
  }
  const word = servingWords[status] ?? `status ${status}`
  return status === 1 ? passed(word) : failed('wrong-answer', `it says ${word}`)
}

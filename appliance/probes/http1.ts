import type { HttpQuestion, HttpRequest } from '../health/question.ts'
import { ProbeFailure, quoted } from './asking.ts'
import type { Conversation } from './conversation.ts'
import type { HttpBody } from './http-body.ts'

const mostHeaders = 128
const longestLine = 8 * 1024
const mostInterim = 8

/** `200 OK` */
export type Status = { readonly status: number; readonly words: string }

/** One request on a connection of its own. */
export function writeRequest(
  conversation: Conversation,
  question: HttpQuestion,
  { path }: HttpRequest,
  host: string,
): void {
  const { method, version, headers, body } = question
  const given = new Set(Object.keys(headers).map(name => name.toLowerCase()))
  const usual: readonly (readonly [string, string])[] = [
    ['Host', host],
    ['User-Agent', 'diarch'],
    ['Accept', '*/*'],
    ['Connection', 'close'],
    ...(body === null ? [] : [['Content-Length', String(Buffer.byteLength(body))] as const]),
  ]
  const all = [
    ...usual.filter(([name]) => !given.has(name.toLowerCase())),
    ...Object.entries(headers),
  ].map(([name, value]) => `${name}: ${value}`)
  conversation.write(
    `${[`${method} ${path} HTTP/${version}`, ...all].join('\r\n')}\r\n\r\n${body ?? ''}`,
  )
}

type Headers = ReadonlyMap<string, string>

/** Up to the body, which `readBody` reads. RFC 9112; answers of 1xx go before the real one. */
export async function readHead(
  conversation: Conversation,
): Promise<Status & { readonly headers: Headers }> {
  for (let interim = 0; interim < mostInterim; interim++) {
    const line = await conversation.readLine(longestLine)
    const parts = /^HTTP\/1\.\d (\d{3})(?: (.*))?$/.exec(line)
    if (parts === null) {
      const words = `${conversation.whom} said ${quoted(line)}, which is no answer of HTTP/1`
      throw new ProbeFailure('wrong-answer', words)
    }
    const status = Number(parts[1])
    const headers = await readHeaders(conversation)
    if (status >= 200 || status === 101) {
      return { status, words: `${status} ${plain(parts[2] ?? '')}`.trim(), headers }
    }
  }
  throw new ProbeFailure('wrong-answer', `${conversation.whom} only says 1xx`)
}

const plain = (reason: string): string => quoted(reason).slice(1, -1)

async function readHeaders(conversation: Conversation): Promise<Headers> {
  const headers = new Map<string, string>()
  for (let count = 0; count < mostHeaders; count++) {
    const line = await conversation.readLine(longestLine)
    if (line === '') return headers
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  throw new ProbeFailure('wrong-answer', `${conversation.whom} sent over ${mostHeaders} headers`)
}

/** RFC 9112 6.3 */
export async function readBody(
  conversation: Conversation,
  method: string,
  status: number,
  headers: Headers,
  body: HttpBody,
): Promise<void> {
  if (method === 'HEAD' || status === 101 || status === 204 || status === 304) return
  if (/\bchunked\s*$/i.test(headers.get('transfer-encoding') ?? '')) {
    return readChunks(conversation, body)
  }
  const length = headers.get('content-length')
  if (length === undefined) return readToEnd(conversation, body)
  if (!/^\d{1,15}$/.test(length)) {
    throw new ProbeFailure('wrong-answer', `Content-Length is ${quoted(length)}`)
  }
  await readLength(conversation, Number(length), body)
}

async function readToEnd(conversation: Conversation, body: HttpBody): Promise<void> {
  for (;;) {
    const some = await conversation.readSome()
    if (some === null || !body.take(some)) return
  }
}

/** False when the body needs no more. */
async function readLength(
  conversation: Conversation,
  length: number,
  body: HttpBody,
): Promise<boolean> {
  let left = length
  while (left > 0) {
    const part = await conversation.read(Math.min(left, 16 * 1024))
    left -= part.length
    if (!body.take(part)) return false
  }
  return true
}

/** RFC 9112 7.1 */
async function readChunks(conversation: Conversation, body: HttpBody): Promise<void> {
  for (;;) {
    const line = await conversation.readLine(longestLine)
    const size = /^([\da-f]{1,8})\s*(;.*)?$/i.exec(line)?.[1]
    if (size === undefined) {
      throw new ProbeFailure('wrong-answer', `a chunk of the body begins with ${quoted(line)}`)
    }
    if (/^0+$/.test(size)) return
    if (!(await readLength(conversation, Number.parseInt(size, 16), body))) return
    if ((await conversation.readLine(longestLine)) !== '') {
      throw new ProbeFailure('wrong-answer', 'a chunk of the body is longer than it says')
    }
  }
}

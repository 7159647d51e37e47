import type { Finding } from '../health/check.ts'
import type { HttpQuestion, HttpRequest, Target } from '../health/question.ts'
import { endpointText } from '../values/endpoint-text.ts'
import { type Ask, findingOf, ProbeFailure, passed, portOf } from './asking.ts'
import { converse } from './conversation.ts'
import { HttpBody } from './http-body.ts'
import { judgeBody, judgeStatus } from './http-verdict.ts'
import { readBody, readHead, writeRequest } from './http1.ts'
import { askHttp2 } from './http2.ts'
import { stopwatch } from './stopwatch.ts'

/** Each path has to pass: one after the other, and the first that does not ends it. */
export const askHttp: Ask<HttpQuestion> = async (question, target, signal) => {
  const { tls, version, requests } = question
  const time = stopwatch()
  try {
    refuseTwoLines(question)
    const port = portOf(target, tls === null ? 80 : 443)
    const host = question.host ?? endpointText(target.address, port)
    if (version === '2') {
      const wish = { port, tls, alpn: ['h2'], signal }
      return await converse(target, wish, async conversation => {
        const words = await askHttp2(conversation, question, host, signal)
        return passed(`${words}${counted(requests)} in ${time()}`)
      })
    }
    let words = ''
    for (const request of requests) {
      const finding = await askPath(question, request, { target, port, host, signal })
      if (finding.kind === 'failed') return finding
      words = finding.why
    }
    return passed(`${words}${counted(requests)} in ${time()}`)
  } catch (error) {
    return findingOf(error)
  }
}

type Surroundings = {
  readonly target: Target
  readonly port: number
  readonly host: string
  readonly signal: AbortSignal
}

const askPath = (
  question: HttpQuestion,
  request: HttpRequest,
  { target, port, host, signal }: Surroundings,
): Promise<Finding> =>
  converse(target, { port, tls: question.tls, signal }, async conversation => {
    writeRequest(conversation, question, request, host)
    const { status, words, headers } = await readHead(conversation)
    judgeStatus(request, status, words)
    const body = new HttpBody(request)
    await readBody(conversation, question.method, status, headers, body)
    judgeBody(request, body)
    return passed(words)
  })

const counted = (requests: readonly HttpRequest[]): string =>
  requests.length === 1 ? '' : ` at the last of ${requests.length} paths`

/** Whoever could write a line end into a path could write a request of his own. */
function refuseTwoLines({ method, host, headers, requests }: HttpQuestion): void {
  const words = [method, ...requests.map(request => request.path), ...Object.keys(headers)]
  const lines = [host ?? '', ...Object.values(headers)]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  const bad = words.find(word => /[\u0000-\u0020\u007f]/.test(word)) ?? lines.find(hasBreak)
  if (bad === undefined) return
  const text = JSON.stringify(bad.slice(0, 80))
  throw new ProbeFailure('cannot-ask', `${text} cannot stand in a request: encode it (%20)`)
}

const hasBreak = (line: string): boolean => /[\r\n\0]/.test(line)

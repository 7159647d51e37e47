import { isDeepStrictEqual } from 'node:util'
import type { HttpRequest } from '../health/question.ts'
import { ProbeFailure, quoted } from './asking.ts'
import type { HttpBody } from './http-body.ts'
import { Pattern } from './pattern.ts'

/** Throws ProbeFailure for a status that is not wanted: nobody needs the body then. */
export function judgeStatus({ path, statuses }: HttpRequest, status: number, words: string): void {
  if (statuses.length === 0) return
  if (statuses.some(([from, to]) => status >= from && status <= to)) return
  const wanted = statuses.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(', ')
  throw new ProbeFailure('wrong-answer', `${path}: ${words}, expected ${wanted}`)
}

/** Throws ProbeFailure. */
export function judgeBody(request: HttpRequest, body: HttpBody): void {
  const { path, digest, matches, matchesNot, json } = request
  if (digest !== null) {
    const found = body.digest()
    if (found !== digest.toLowerCase()) {
      throw new ProbeFailure('wrong-answer', `${path}: the digest is ${found}, not ${digest}`)
    }
  }
  if (matches === null && matchesNot === null && json === null) return
  const { text } = body
  if (matches !== null && !new Pattern(matches).isIn(text)) {
    const words = `${path}: the body ${quoted(text)} does not match /${matches}/`
    throw new ProbeFailure('wrong-answer', words)
  }
  if (matchesNot !== null && new Pattern(matchesNot).isIn(text)) {
    throw new ProbeFailure('wrong-answer', `${path}: the body matches /${matchesNot}/`)
  }
  if (json !== null) judgeJson(path, json, text)
}

function judgeJson(path: string, json: NonNullable<HttpRequest['json']>, text: string): void {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw new ProbeFailure('wrong-answer', `${path}: the body ${quoted(text)} is no JSON`)
  }
  const found = at(document, json.pointer)
  if (isDeepStrictEqual(found, json.equals)) return
  const had = found === undefined ? 'nothing' : quoted(JSON.stringify(found))
  const wanted = quoted(JSON.stringify(json.equals) ?? 'nothing')
  const words = `${path}: at ${json.pointer || 'the top'} is ${had}, expected ${wanted}`
  throw new ProbeFailure('wrong-answer', words)
}

/** RFC 6901 */
function at(document: unknown, pointer: string): unknown {
  let here = document
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined
    here = (here as Record<string, unknown>)[key]
  }
  return here
}

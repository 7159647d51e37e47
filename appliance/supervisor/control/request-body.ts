import type { IncomingMessage } from 'node:http'
import type * as z from 'zod'
import type { OperationId } from '../../api/operations.ts'
import { findingOf, findingText } from '../../config/finding.ts'
import { expectation, problemsOf } from '../../config/issues.ts'
import { problem, type Refusal } from './problem.ts'

const mostBytes = 64 * 1024

/**
 * Whole keepalived.conf files, and whole documents. What arrives is in the supervisor's heap of
 * 64 MB, twice as large with one letter outside of Latin-1. 1,000 services of 10 servers are less
 * than 1 MiB as a document, and 2.2 MB as a keepalived.conf.
 */
const mostBytesOf: Readonly<Partial<Record<OperationId, number>>> = {
  changeConfiguration: 4 * 1024 * 1024,
  importKeepalived: 3 * 1024 * 1024,
  restoreBackup: 4 * 1024 * 1024,
}

export type Body = { readonly kind: 'body'; readonly value: unknown } | Refusal

/** The body as the schema makes it; without a schema, it is not looked at; bytes, as they come. */
export async function bodyOf(
  request: IncomingMessage,
  id: OperationId,
  schema: z.ZodType | 'bytes' | null,
): Promise<Body> {
  if (schema === null) return { kind: 'body', value: undefined }
  if (schema === 'bytes') return { kind: 'body', value: request }
  const most = mostBytesOf[id] ?? mostBytes
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    bytes += part.length
    if (bytes > most) return tooLarge(id, most)
    parts.push(part)
  }
  return checked(Buffer.concat(parts).toString('utf8'), schema)
}

function checked(text: string, schema: z.ZodType): Body {
  let value: unknown
  try {
    value = text === '' ? undefined : JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return problem(400, 'not-json', 'The body is not JSON', why)
  }
  const result = schema.safeParse(value, { error: expectation })
  if (result.success) return { kind: 'body', value: result.data }
  const findings = problemsOf(result.error.issues, value).map(each => findingOf(each, value, null))
  const detail = findings.map(bodyFindingText).join('\n')
  const title = 'The body is not what this operation takes'
  return problem(422, 'body-refused', title, detail, { findings })
}

const bodyFindingText = (finding: Parameters<typeof findingText>[0]): string =>
  findingText(finding).replace(/^the document/, 'the body')

function tooLarge(id: OperationId, most: number): Refusal {
  const kib = most / 1024
  const advice = id === 'importKeepalived' ? ' `diarch import` reads it on any machine.' : ''
  const detail = `This operation takes ${kib} KiB at most.${advice}`
  return problem(413, 'body-too-large', 'The body is too large', detail)
}

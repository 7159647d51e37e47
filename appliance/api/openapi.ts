/** OpenAPI 3.1 of the operations: what programs that talk to a box are made with. */

import * as z from 'zod'
import type { OperationDescription } from './operation.ts'
import { problemSchema } from './problem.ts'

type Json = Readonly<Record<string, unknown>>

type Operations = Readonly<Record<string, OperationDescription>>

export function openApi(operations: Operations): Json {
  const schemas = new Map<string, unknown>()
  const paths = new Map<string, Json>()
  for (const [id, operation] of Object.entries(operations)) {
    const method = operation.method.toLowerCase()
    const others = paths.get(operation.path) ?? {}
    paths.set(operation.path, { ...others, [method]: described(id, operation, schemas) })
  }
  const problem = schemaOf(problemSchema, 'output', schemas)
  return {
    openapi: '3.1.1',
    info: {
      title: 'Diarch',
      version: 'v1',
      description: 'The control API of one box. Errors are problem+json (RFC 9457).',
    },
    servers: [{ url: '/' }],
    security: [{ session: [] }, { token: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-diarch' },
        token: { type: 'http', scheme: 'bearer' },
      },
      schemas: { ...Object.fromEntries([...schemas].sort(byName)), Problem: problem },
    },
  }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1

function described(
  id: string,
  { path, summary, role, body, query, answer, problems }: OperationDescription,
  schemas: Map<string, unknown>,
): Json {
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
      return { name, in: 'path', required: true, schema: { type: 'string' } }
    }),
    ...Object.entries(query).map(([name, description]) => {
      return { name, in: 'query', description, schema: { type: 'string' } }
    }),
  ]
  return {
    operationId: id,
    summary,
    description: role === 'nobody' ? 'Needs no login.' : `Needs the role ${role}.`,
    ...(role === 'nobody' ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === null ? {} : { requestBody: bodyOf(body, schemas) }),
    responses: {
      ...answered(answer, schemas),
      default: {
        description: ['A refusal', ...problems.map(reason => `\`${reason}\``)].join(', '),
        content: content('application/problem+json', { $ref: '#/components/schemas/Problem' }),
      },
    },
  }
}

const content = (type: string, schema: unknown): Json => ({ [type]: { schema } })

const bodyOf = (body: z.ZodType | 'bytes', schemas: Map<string, unknown>): Json =>
  body === 'bytes'
    ? { required: true, content: { 'application/octet-stream': {} } }
    : {
        required: !body.safeParse(undefined).success,
        content: content('application/json', schemaOf(body, 'input', schemas)),
      }

function answered(answer: OperationDescription['answer'], schemas: Map<string, unknown>): Json {
  if (answer.kind === 'stream') {
    const description = 'Server-sent events: the whole document once, then its changes'
    return { 200: { description, content: content('text/event-stream', { type: 'string' }) } }
  }
  if (answer.kind === 'file') {
    return { 200: { description: 'A file', content: { [answer.type]: {} } } }
  }
  const { status, schema } = answer
  const description = status === 202 ? 'Accepted: it happens now' : 'Done'
  return {
    [status]: {
      description,
      content: content('application/json', schemaOf(schema, 'output', schemas)),
    },
  }
}

/** Schemas that have an id are named once for all operations. */
function schemaOf(
  schema: z.ZodType,
  io: 'input' | 'output',
  schemas: Map<string, unknown>,
): unknown {
  const text = JSON.stringify(z.toJSONSchema(schema, { io }))
  const { $schema, $defs, ...own } = JSON.parse(
    text.replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as Json
  for (const [id, { id: _, ...definition }] of Object.entries(
    ($defs ?? {}) as Record<string, Json>,
  )) {
    schemas.set(id, definition)
  }
  return own
}

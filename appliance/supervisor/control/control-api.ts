import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Caller } from '../../api/caller.ts'
import type { OperationDescription } from '../../api/operation.ts'
import type { OperationId } from '../../api/operations.ts'
import { mayAct } from '../../api/role.ts'
import { notLoggedIn } from '../access/gate.ts'
import type { Control } from './control.ts'
import { streamEvents } from './event-stream.ts'
import type { Answer, Perform } from './operation.ts'
import { performers } from './operations.ts'
import { problem, type Refusal } from './problem.ts'
import { bodyOf } from './request-body.ts'
import { allPaths, type Route, routesOf } from './routes.ts'

/**
 * Who asks. For an operation that needs no login it may also be somebody unknown; a refusal is what
 * the client gets instead of an answer.
 */
export type Authenticate = (
  request: IncomingMessage,
  operation: { readonly id: OperationId; readonly description: OperationDescription },
) => Caller | Refusal | Promise<Caller | Refusal>

/** The control API over HTTP: finds the operation, checks what is asked, and says the answer. */
export function controlApi(control: Control, authenticate: Authenticate) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    void answerTo(control, authenticate, request, response).then(answer => {
      // Its reader has gone.
      if (response.destroyed) return
      if ('headers' in answer) setHeaders(response, answer.headers)
      switch (answer.kind) {
        case 'json':
          send(response, answer.status, 'application/json', JSON.stringify(answer.value))
          break
        case 'text':
          send(response, 200, 'application/json', answer.text)
          break
        case 'pieces':
          sendPieces(response, answer.pieces)
          break
        case 'file':
          sendFile(response, answer)
          break
        case 'problem': {
          const { problem: said } = answer
          send(response, said.status, 'application/problem+json', JSON.stringify(said))
          break
        }
        case 'stream':
          streamEvents(response, answer.open)
          break
      }
    })
  }
}

/** What cannot be done is said to the one who asked; the supervisor goes on. */
async function answerTo(
  control: Control,
  authenticate: Authenticate,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer> {
  try {
    const [path = '', query = ''] = (request.url ?? '').split('?', 2)
    const route = routeOf(path, request.method ?? '', response)
    if ('kind' in route) return route
    const caller = await authenticate(request, route)
    if ('kind' in caller) {
      await control.audit.record(route, null, caller, request.headers)
      return caller
    }
    const answer =
      notAllowed(route.description, caller) ??
      (await performed(control, route, caller, request, new URLSearchParams(query)).catch(failed))
    await control.audit.record(route, caller, answer)
    return answer
  } catch (error) {
    return failed(error)
  }
}

function failed(error: unknown): Refusal {
  const why = error instanceof Error ? error.message : String(error)
  return problem(500, 'failed', 'The supervisor could not do it', why)
}

async function performed(
  control: Control,
  { id, description, names }: Route,
  caller: Caller,
  request: IncomingMessage,
  asked: URLSearchParams,
): Promise<Answer> {
  const query = Object.fromEntries(asked)
  const unknown = Object.keys(query).find(key => !Object.hasOwn(description.query, key))
  if (unknown !== undefined) return unknownQuery(unknown, description)
  const body = await bodyOf(request, id, description.body)
  if (body.kind === 'problem') return body
  // A body may take its time, and a session end meanwhile.
  if (!control.gate.stillStands(caller)) return notLoggedIn
  const { headers } = request
  // The body has passed the schema that belongs to this performer: `PerformersOf` pairs them.
  const perform = performers[id] as Perform<unknown>
  return perform(control, { names, query, body: body.value, caller, headers })
}

function routeOf(path: string, method: string, response: ServerResponse): Route | Refusal {
  const there = routesOf(path)
  const found = there.find(({ description }) => description.method === method)
  if (found !== undefined) return found
  if (there.length === 0) {
    const title = `${path} is not served here`
    return problem(404, 'no-such-path', title, `There are ${allPaths().join(', ')}.`)
  }
  const methods = there.map(({ description }) => description.method).join(', ')
  response.setHeader('Allow', methods)
  const title = `${path} does not understand ${method}`
  return problem(405, 'method-not-allowed', title, `Use ${methods}.`)
}

function notAllowed({ role, summary }: OperationDescription, caller: Caller): Refusal | null {
  if (role === 'nobody' || mayAct(caller.role, role)) return null
  const title = `This needs the role ${role}, and ${caller.name} has the role ${caller.role}`
  return problem(403, 'not-allowed', title, `Ask an admin for it: ${summary}.`)
}

function unknownQuery(key: string, { query, path }: OperationDescription): Refusal {
  const known = Object.keys(query)
  const detail = known.length === 0 ? 'It takes none.' : `There are ${known.join(', ')}.`
  return problem(400, 'unknown-query', `${path} has no parameter "${key}"`, detail)
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' })
  response.end(`${text.trimEnd()}\n`)
}

/** All in one go, and none of it is copied. */
function sendPieces(response: ServerResponse, pieces: readonly Uint8Array[]): void {
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'Content-Length': pieces.reduce((sum, { length }) => sum + length, 0),
  })
  response.cork()
  for (const piece of pieces) response.write(piece)
  response.uncork()
  response.end()
}

function sendFile(
  response: ServerResponse,
  { type, name, bytes }: Extract<Answer, { kind: 'file' }>,
): void {
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': bytes.length,
    'Content-Disposition': `attachment; filename="${name}"`,
    'Cache-Control': 'no-store',
  })
  response.end(bytes)
}

function setHeaders(response: ServerResponse, headers: OutgoingHttpHeaders = {}): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) response.setHeader(name, value)
  }
}

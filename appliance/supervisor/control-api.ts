import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Status } from '../status/document.ts'
import type { Control } from './control.ts'
import type { Answer } from './operation.ts'
import { operations } from './operations.ts'
import { type Problem, problem } from './problem.ts'

/** A reader that does not keep up is let go; it can come again. */
const mostHeldBytes = 512 * 1024

/** More than any request of ours has. */
const mostBodyBytes = 64 * 1024

/** The control API over HTTP: finds the operation, and says what it answered. */
export function controlApi(control: Control) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    void answerTo(control, request, response).then(answer => {
      switch (answer.kind) {
        case 'json':
          send(response, answer.status, 'application/json', answer.value)
          break
        case 'problem':
          send(response, answer.problem.status, 'application/problem+json', answer.problem)
          break
        case 'stream':
          stream(control, response)
          break
      }
    })
  }
}

async function answerTo(
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer> {
  const path = (request.url ?? '').split('?')[0] ?? ''
  const there = operations.flatMap(operation => {
    const match = operation.path.exec(path)
    if (match === null) return []
    return [{ operation, names: match.slice(1).map(name => name.replaceAll('%3A', ':')) }]
  })
  const found = there.find(({ operation }) => operation.method === request.method)
  if (found !== undefined) {
    return attempt(async () => {
      return found.operation.perform(control, found.names, await bodyOf(request))
    })
  }
  if (there.length === 0) {
    const shown = [...new Set(operations.map(operation => operation.shown))]
    return problem(
      404,
      'no-such-path',
      `${path} is not served here`,
      `There are ${shown.join(', ')}.`,
    )
  }
  const methods = there.map(({ operation }) => operation.method).join(', ')
  response.setHeader('Allow', methods)
  const title = `${path} does not understand ${request.method}`
  return problem(405, 'method-not-allowed', title, `Use ${methods}.`)
}

/** Undefined when there is none. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  if (request.method === 'GET') return undefined
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    bytes += part.length
    if (bytes > mostBodyBytes) throw new Error(`a body of more than ${mostBodyBytes} bytes`)
    parts.push(part)
  }
  return bytes === 0 ? undefined : JSON.parse(Buffer.concat(parts).toString('utf8'))
}

/** What cannot be done is said to the one who asked; the supervisor goes on. */
async function attempt(perform: () => Promise<Answer>): Promise<Answer> {
  try {
    return await perform()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if (error instanceof SyntaxError) {
      return problem(400, 'not-json', 'The body is not JSON', why)
    }
    return problem(500, 'failed', 'The supervisor could not do it', why)
  }
}

function stream(control: Control, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  const tell = (status: Status): void => {
    if (response.writableLength > mostHeldBytes) response.destroy()
    else response.write(`event: status\ndata: ${JSON.stringify(status)}\n\n`)
  }
  tell(control.status())
  response.on('close', control.subscribe(tell))
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  value: Problem | unknown,
): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' })
  response.end(`${JSON.stringify(value)}\n`)
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Status } from '../status/document.ts'
import type { Control } from './control.ts'
import { type Answer, operations } from './operations.ts'
import { type Problem, problem } from './problem.ts'

/** A reader that does not keep up is let go; it can come again. */
const mostHeldBytes = 512 * 1024

/** The control API over HTTP: finds the operation, and says what it answered. */
export function controlApi(control: Control) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const answer = answerTo(control, request, response)
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
  }
}

function answerTo(control: Control, request: IncomingMessage, response: ServerResponse): Answer {
  const path = (request.url ?? '').split('?')[0] ?? ''
  const there = operations.flatMap(operation => {
    const match = operation.path.exec(path)
    return match === null ? [] : [{ operation, name: (match[1] ?? '').replaceAll('%3A', ':') }]
  })
  const found = there.find(({ operation }) => operation.method === request.method)
  if (found !== undefined) return attempt(() => found.operation.perform(control, found.name))
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

/** What cannot be done is said to the one who asked; the supervisor goes on. */
function attempt(perform: () => Answer): Answer {
  try {
    return perform()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
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

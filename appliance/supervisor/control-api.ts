import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Status } from '../status/document.ts'
import type { LogRing } from '../supervision/log-ring.ts'
import { type Problem, problem } from './problem.ts'

/** What the control socket can ask of the supervisor. */
export type Control = {
  readonly status: () => Status
  readonly subscribe: (onStatus: (status: Status) => void) => () => void
  readonly log: (name: string) => LogRing | null
  readonly restart: (name: string) => 'requested' | 'unknown' | 'stopping'
}

type Reply =
  | { readonly kind: 'json'; readonly status: 200 | 202; readonly value: unknown }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'stream' }

/** A reader that does not keep up is let go; it can come again. */
const mostHeldBytes = 512 * 1024

export function controlApi(control: Control) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const reply = answer(control, request, response)
    switch (reply.kind) {
      case 'json':
        send(response, reply.status, 'application/json', reply.value)
        break
      case 'problem':
        send(response, reply.problem.status, 'application/problem+json', reply.problem)
        break
      case 'stream':
        stream(control, response)
        break
    }
  }
}

function answer(control: Control, request: IncomingMessage, response: ServerResponse): Reply {
  const path = (request.url ?? '').split('?')[0] ?? ''
  const [, name, action] = /^\/api\/v1\/processes\/([\w.-]+)\/(log|restart)$/.exec(path) ?? []
  if (name === undefined && !/^\/api\/v1\/status(\/stream)?$/.test(path)) {
    const detail = 'There are /api/v1/status, /api/v1/status/stream and /api/v1/processes/NAME/log.'
    return problem(404, 'no-such-path', `${path} is not served here`, detail)
  }
  const method = action === 'restart' ? 'POST' : 'GET'
  if (request.method !== method) {
    response.setHeader('Allow', method)
    const title = `${path} does not understand ${request.method}`
    return problem(405, 'method-not-allowed', title, `Use ${method}.`)
  }
  if (name === undefined) {
    if (path.endsWith('/stream')) return { kind: 'stream' }
    return { kind: 'json', status: 200, value: control.status() }
  }
  return action === 'log' ? log(control, name) : restart(control, name)
}

function log(control: Control, name: string): Reply {
  const ring = control.log(name)
  if (ring === null) return unknown(control, name)
  const value = { name, dropped: ring.dropped(), lines: ring.lines() }
  return { kind: 'json', status: 200, value }
}

function restart(control: Control, name: string): Reply {
  switch (control.restart(name)) {
    case 'requested':
      return { kind: 'json', status: 202, value: { name } }
    case 'unknown':
      return unknown(control, name)
    case 'stopping': {
      const detail = 'Nothing is started any more; ask again when it is back.'
      return problem(503, 'supervisor-stopping', 'The supervisor is stopping', detail)
    }
  }
}

function unknown(control: Control, name: string): Reply {
  const names = control.status().processes.map(each => each.name)
  const title = `There is no process "${name}"`
  return problem(404, 'no-such-process', title, `There are: ${names.join(', ')}.`)
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

function send(response: ServerResponse, status: number, type: string, value: unknown): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' })
  response.end(`${JSON.stringify(value)}\n`)
}

import { join } from 'node:path'
import type { Problem } from '../api/problem.ts'
import { author } from './author.ts'
import { exitCode, Failure } from './exit-code.ts'

export const pathOfProcess = (name: string, action: 'log' | 'restart'): string =>
  `/api/v1/processes/${encodeURIComponent(name)}/${action}`

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** All processes take a new configuration before it is answered, on slow machines too. */
const longestSilence = { GET: 20_000, POST: 90_000, PUT: 90_000, DELETE: 90_000 } as const

/** The supervisor said no, and why; somebody may know better words for it. */
export class Refused extends Failure {
  readonly problem: Problem

  constructor(problem: Problem) {
    const { title, detail } = problem
    const joint = /^[a-z]/.test(detail) ? ':' : '.'
    super(detail ? `${title}${joint} ${detail}` : title)
    this.problem = problem
  }
}

/** One request over the control socket; a refusal becomes a `Failure` in the supervisor's words. */
export function ask(
  runDir: string,
  method: Method,
  path: string,
  body?: unknown,
): Promise<unknown> {
  // An import would cost each command 30 ms, also those that ask nobody.
  const { request } = process.getBuiltinModule('node:http')
  const socketPath = join(runDir, 'control.sock')
  const text = body === undefined ? '' : JSON.stringify(body)
  const timeout = longestSilence[method]
  return new Promise((resolve, reject) => {
    const headers = { 'X-Diarch-User': author(process.env), ...contentHeaders(text) }
    const asking = request({ socketPath, method, path, headers, timeout }, response => {
      const parts: Buffer[] = []
      response.on('data', part => parts.push(part))
      response.on('error', error => reject(noAnswer(socketPath, error)))
      response.on('end', () => {
        const value = parse(Buffer.concat(parts).toString('utf8'))
        if ((response.statusCode ?? 500) < 300) resolve(value)
        else reject(refusal(value, response.statusCode))
      })
    })
    asking.on('timeout', () => asking.destroy(new Error(`no answer within ${timeout / 1000} s`)))
    asking.on('error', error => reject(noAnswer(socketPath, error)))
    asking.end(text)
  })
}

const contentHeaders = (text: string): Readonly<Record<string, string | number>> =>
  text === ''
    ? {}
    : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }

function noAnswer(socketPath: string, error: NodeJS.ErrnoException): Failure {
  if (error.code === 'EACCES') {
    const advice = 'be root or a member of the group diarch'
    return new Failure(`no access to ${socketPath}: ${advice}`, exitCode.noSupervisor)
  }
  const absent = error.code === 'ENOENT' || error.code === 'ECONNREFUSED'
  const why = absent ? 'none runs there' : error.message
  const advice = absent
    ? 'Start one with "diarch run", or name its folder with --run DIR.'
    : '"diarch status" says whether it lives, "diarch config history" what is in force.'
  return new Failure(
    `no supervisor answers on ${socketPath}: ${why}. ${advice}`,
    exitCode.noSupervisor,
  )
}

function refusal(value: unknown, status: number | undefined): Failure {
  const known = typeof value === 'object' && value !== null && 'title' in value
  if (known) return new Refused(value as Problem)
  return new Failure(`the supervisor answered with status ${status}`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

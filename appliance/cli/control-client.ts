import { request } from 'node:http'
import { join } from 'node:path'
import { exitCode, Failure } from './exit-code.ts'

export const pathOfProcess = (name: string, action: 'log' | 'restart'): string =>
  `/api/v1/processes/${encodeURIComponent(name)}/${action}`

/** One request over the control socket; a refusal becomes a `Failure` in the supervisor's words. */
export function ask(
  runDir: string,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const socketPath = join(runDir, 'control.sock')
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, method, path, timeout: 10_000 }, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', part => {
        text += part
      })
      response.on('error', reject)
      response.on('end', () => {
        const value = parse(text)
        if ((response.statusCode ?? 500) < 300) resolve(value)
        else reject(refusal(value, response.statusCode))
      })
    })
    asking.on('timeout', () => asking.destroy(new Error('no answer within 10 s')))
    asking.on('error', error => reject(noAnswer(socketPath, error)))
    if (body === undefined) asking.end()
    else asking.end(JSON.stringify(body))
  })
}

function noAnswer(socketPath: string, error: NodeJS.ErrnoException): Failure {
  if (error.code === 'EACCES') {
    const advice = 'be root or a member of the group diarch'
    return new Failure(`no access to ${socketPath}: ${advice}`, exitCode.noSupervisor)
  }
  const absent = error.code === 'ENOENT' || error.code === 'ECONNREFUSED'
  const why = absent ? 'none runs there' : error.message
  const advice = 'Start one with "diarch run", or name its folder with --run DIR.'
  return new Failure(
    `no supervisor answers on ${socketPath}: ${why}. ${advice}`,
    exitCode.noSupervisor,
  )
}

function refusal(value: unknown, status: number | undefined): Failure {
  const { title, detail } = (value ?? {}) as { title?: string; detail?: string }
  if (title === undefined) return new Failure(`the supervisor answered with status ${status}`)
  return new Failure(detail === undefined ? title : `${title}. ${detail}`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

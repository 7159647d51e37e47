import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Status } from '../../appliance/status/document.ts'
import { tree, until } from './supervisor-lab.ts'

export const cli = join(tree, 'appliance/cli/main.ts')

export type Answer = {
  readonly status: number
  readonly type: string | undefined
  readonly body: { readonly [key: string]: unknown }
}

/** One request over the control socket. */
export function ask(runDir: string, method: string, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socketPath = join(runDir, 'control.sock')
    const asking = request({ socketPath, method, path }, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', part => {
        text += part
      })
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response
        resolve({ status, type: headers['content-type'], body: JSON.parse(text) })
      })
    })
    asking.on('error', reject)
    asking.end()
  })
}

export const statusOf = async (runDir: string): Promise<Status | null> =>
  ask(runDir, 'GET', '/api/v1/status').then(
    answer => answer.body as unknown as Status,
    () => null,
  )

export type Run = {
  readonly process: ChildProcess
  readonly runDir: string
  readonly stateDir: string
  readonly output: () => string
  readonly exited: Promise<readonly [number | null, string | null]>
}

export type RunOptions = {
  readonly uid?: number
  readonly stdout?: 'pipe' | number
  readonly webPort?: number
  readonly pairPort?: number
  readonly config?: string
  readonly runDir?: string
}

/** `diarch run` in a folder of its own; killed after the test if it is still there. */
export function startRun(t: TestContext, folder: string, options: RunOptions = {}): Run {
  const runDir = options.runDir ?? join(folder, 'run')
  const stateDir = join(folder, 'state')
  const { uid, stdout = 'pipe', webPort = 0, pairPort = 0, config } = options
  const args = [cli, 'run', '--state', stateDir, '--run', runDir, '--web-port', String(webPort)]
  args.push('--pair-port', String(pairPort))
  if (config !== undefined) args.push('--config', config)
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', stdout, 'pipe'],
    cwd: tree,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', part => {
      output += part
    })
  }
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>
  t.after(async () => {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await exited
    clearTimeout(late)
  })
  return { process: child, runDir, stateDir, output: () => output, exited }
}

export const whenOk = (run: Run): Promise<Status> =>
  until(
    'the status is ok',
    () => statusOf(run.runDir),
    seen => seen?.health.state === 'ok',
    60_000,
  ).catch(error => {
    throw new Error(`${error.message}; it said: ${run.output()}`)
  }) as Promise<Status>

import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { newestVersion } from '../../appliance/config/migrations.ts'
import { temporaryFolder, tree, until } from './supervisor-lab.ts'
import { cli, startRun, statusOf } from './supervisor-run.ts'

export type Said = {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

type How = { readonly input?: string; readonly env?: NodeJS.ProcessEnv }

/** A supervisor, and the command line that asks it. */
export type Box = {
  readonly folder: string
  readonly diarch: (args: readonly string[], how?: How) => Promise<Said>
  /** With somebody at the keyboard who types once a text is on the screen. */
  readonly atTerminal: (args: readonly string[], typed: readonly Typed[]) => Promise<Said>
  readonly file: (name: string, content: unknown) => string
  readonly lastNumber: () => Promise<number>
}

export type Typed = {
  readonly after: RegExp
  readonly keys: string | (() => Promise<string>)
}

/** Inside of a network of its own: there is an interface `wan`, at whose far end is nobody. */
export async function startBox(t: TestContext, config?: string): Promise<Box> {
  const folder = temporaryFolder()
  const run = startRun(t, folder, config === undefined ? {} : { config })
  const answers = (): Promise<unknown> => statusOf(run.runDir)
  await until('the supervisor answers', answers, seen => seen !== null, 60_000).catch(error => {
    throw new Error(`${error.message}\n${run.output()}`)
  })
  const env = { ...process.env, DIARCH_RUN: run.runDir, SUDO_USER: 'ada', EDITOR: 'false' }
  const diarch: Box['diarch'] = (args, how = {}) =>
    said(process.execPath, [cli, ...args], { ...how, env: { ...env, ...how.env } }, [])
  return {
    folder,
    diarch,
    atTerminal: (args, typed) => {
      // script(1) of util-linux gives it a terminal.
      const command = [process.execPath, cli, ...args].map(word => `'${word}'`).join(' ')
      return said('script', ['-qec', command, '/dev/null'], { env }, typed)
    },
    file: (name, content) => {
      const path = join(folder, name)
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
      return path
    },
    lastNumber: async () => {
      const { stdout } = await diarch(['config', 'show', '--json'])
      return JSON.parse(stdout).revision?.number ?? 0
    },
  }
}

export function addInterface(): void {
  execFileSync('ip', ['link', 'add', 'wan', 'type', 'veth', 'peer', 'far'])
  execFileSync('ip', ['address', 'add', '192.0.2.11/24', 'dev', 'wan'])
  for (const name of ['wan', 'far']) execFileSync('ip', ['link', 'set', name, 'up'])
}

/** One router on `wan`, which nobody else wants. */
export const pair = (router: object = {}, cluster: object = {}) => ({
  schemaVersion: newestVersion,
  cluster: {
    routers: {
      VI_1: {
        interface: 'wan',
        virtualRouterId: 51,
        priority: 150,
        virtualAddresses: ['192.0.2.100/24'],
        ...router,
      },
    },
    ...cluster,
  },
})

const longest = 60_000

function said(
  program: string,
  args: readonly string[],
  { input, env }: How,
  typed: readonly Typed[],
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: tree, env, timeout: longest })
    const [left, out, err] = [[...typed], [] as string[], [] as string[]]
    child.stdout.setEncoding('utf8').on('data', part => {
      out.push(part)
      const [next] = left
      if (next === undefined || !next.after.test(out.join(''))) return
      left.shift()
      const keys = typeof next.keys === 'string' ? next.keys : next.keys()
      Promise.resolve(keys).then(text => child.stdin.write(text), reject)
    })
    child.stderr.setEncoding('utf8').on('data', part => err.push(part))
    child.on('error', reject)
    child.on('close', status => resolve({ status, stdout: out.join(''), stderr: err.join('') }))
    // Somebody at a terminal stays there.
    if (typed.length === 0) child.stdin.end(input ?? '')
    child.stdin.on('error', () => {})
  })
}

import { type ChildProcess, spawn } from 'node:child_process'
import { homedir, userInfo } from 'node:os'
import { accountOf } from '../linux/accounts.ts'
import { noexecMountOf } from '../linux/noexec-mount.ts'
import type { OutputPipe } from './output-pipe.ts'
import { problemOf } from './script-file.ts'

export type ScriptOrder = {
  readonly command: readonly [string, ...string[]]
  /** A name in /etc/passwd; null, and for everybody but root: our own. */
  readonly user: string | null
  /** Null: the output is thrown away. */
  readonly output: OutputPipe | null
  /** What it leaves running: a check has no business to; a hook may have started a service. */
  readonly leftovers: 'end' | 'stay'
  /** For its standard input; null, and where nothing is said: it has none. */
  readonly input?: string | null
  /** Beside what every script gets. */
  readonly environment?: Readonly<Record<string, string>>
}

export type ScriptEnding =
  | { readonly how: 'exited'; readonly code: number }
  | { readonly how: 'killed'; readonly signal: string }
  /** It never ran. */
  | { readonly how: 'refused'; readonly why: string }

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * One run of a program that an operator wrote: no shell, a session of its own, its own user with
 * that user's group and no other, and an environment that is always the same.
 */
export class ScriptRun {
  readonly #order: ScriptOrder
  readonly #onEnd: (ending: ScriptEnding) => void
  #child: ChildProcess | null = null
  /** It is to end before it has begun. */
  #cancelled: ScriptEnding | null = null
  #ended = false

  constructor(order: ScriptOrder, onEnd: (ending: ScriptEnding) => void) {
    this.#order = order
    this.#onEnd = onEnd
    this.#begin().catch((error: unknown) => {
      this.#end({ how: 'refused', why: error instanceof Error ? error.message : String(error) })
    })
  }

  /** To the script and everything that it has started in its session. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.#ended) return
    if (this.#child === null) this.#cancelled = { how: 'killed', signal }
    else signalGroup(this.#child.pid, signal)
  }

  async #begin(): Promise<void> {
    const { command, user, leftovers } = this.#order
    const [program, ...args] = command
    const runner = runnerOf(user)
    // On a file server that is gone this may take for ever, and it holds a thread: so this run has
    // not ended before it comes back, and no other one begins.
    const problem = await problemOf(program, runner.uid === 0)
    if (this.#cancelled !== null) return this.#end(this.#cancelled)
    if (problem !== null) throw new Error(problem)
    const child = spawnScript(program, args, runner, this.#order)
    this.#child = child
    child.on('error', error => {
      if (child.pid !== undefined) return
      this.#end({ how: 'refused', why: spawnWords(error, program, runner.name) })
    })
    child.on('exit', (code, signal) => {
      if (leftovers === 'end') signalGroup(child.pid, 'SIGKILL')
      this.#end(signal === null ? { how: 'exited', code: code ?? 0 } : { how: 'killed', signal })
    })
  }

  #end(ending: ScriptEnding): void {
    if (this.#ended) return
    this.#ended = true
    this.#onEnd(ending)
  }
}

type Runner = {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly changes: boolean
}

function runnerOf(user: string | null): Runner {
  const uid = process.getuid?.() ?? 0
  if (user !== null && uid === 0) return { name: user, ...accountOf(user), changes: true }
  const gid = process.getgid?.() ?? 0
  return { name: ownName(uid), uid, gid, home: homedir(), changes: false }
}

/** In a container a user may have no name. */
function ownName(uid: number): string {
  try {
    return userInfo().username
  } catch {
    return String(uid)
  }
}

/** Some refusals are thrown, others come as an event: both end in the same words. */
function spawnScript(
  program: string,
  args: readonly string[],
  runner: Runner,
  { output, input = null, environment = {} }: ScriptOrder,
): ChildProcess {
  const end = output?.writeEnd ?? 'ignore'
  try {
    const child = spawn(program, args, {
      cwd: '/',
      detached: true,
      env: { ...usualEnvironment(runner), ...environment },
      stdio: [input === null ? 'ignore' : 'pipe', end, end],
      ...(runner.changes ? { uid: runner.uid, gid: runner.gid } : {}),
    })
    // One that ends without having read it is no trouble of ours: its exit code counts.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
    return child
  } catch (error) {
    throw new Error(spawnWords(error as NodeJS.ErrnoException, program, runner.name))
  }
}

const usualEnvironment = ({ name, home }: Runner): NodeJS.ProcessEnv => ({
  PATH: path,
  HOME: home,
  USER: name,
  LOGNAME: name,
  LANG: 'C.UTF-8',
})

/** The group outlives its leader while anybody is in it, and nobody else gets its number. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return
    console.error(`${signal} to the processes of ${pid}: ${(error as Error).message}`)
  }
}

function notAllowed(program: string, user: string): string {
  const mount = noexecMountOf(program)
  if (mount === null) {
    return `${program} cannot be run: user ${user} has no right to (its mode, or a folder's)`
  }
  const example = `["/bin/sh", ${JSON.stringify(program)}]`
  return (
    `${program} cannot be run: on ${mount} nothing is executed by itself (it is mounted noexec). ` +
    `Name what runs it first: ${example} for a shell script`
  )
}

function spawnWords(error: NodeJS.ErrnoException, program: string, user: string): string {
  switch (error.code) {
    case 'EACCES':
      return notAllowed(program, user)
    case 'EPERM':
      return `${program} cannot be run as user ${user}: it takes CAP_SETUID and CAP_SETGID`
    case 'ENOENT':
      return `${program} cannot be run: the interpreter in its first line is missing`
    default:
      return `${program} cannot be run: ${error.message}`
  }
}

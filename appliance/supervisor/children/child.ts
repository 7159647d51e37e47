import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { pageVariable } from '../../linux/shared-page.ts'
import type { FromChild, ToChild } from '../../status/messages.ts'
import { parseFromChild } from '../../status/parse-message.ts'
import { type LogLine, lineCutter } from '../../supervision/log-ring.ts'

/** Beyond this in a second the child waits for its pipe: a flood costs bounded time and memory. */
const bytesPerSecond = 256 * 1024

export type ChildEvents = {
  readonly onExit: (code: number | null, signal: NodeJS.Signals | null) => void
  readonly onSpawnFailed: (why: string) => void
  readonly onMessage: (message: FromChild) => void
  readonly onLine: (stream: LogLine['stream'], text: string) => void
}

export type ChildTraits = {
  readonly speaks: boolean
  readonly trusted: boolean
  /** What it writes for us without a word: the descriptor of a `SharedPage`. */
  readonly page: number | null
}

const ipc = ['ipc'] as const

/** One run of a child process: from its start to its exit. */
export class Child {
  readonly pid: number | null
  readonly #process: ChildProcess
  readonly #speaks: boolean
  #sending = false

  /** In a session of its own: a Ctrl-C on our terminal is ours, and what it starts dies with it. */
  constructor(
    command: readonly [string, readonly string[]],
    { speaks, trusted, page }: ChildTraits,
    env: NodeJS.ProcessEnv,
    on: ChildEvents,
  ) {
    const child = spawn(command[0], command[1], {
      // The page at the descriptor after the channel's: see `pageDescriptor`.
      stdio: ['ignore', 'pipe', 'pipe', ...(speaks ? ipc : []), ...(page === null ? [] : [page])],
      detached: true,
      cwd: '/',
      env: page === null ? env : { ...env, [pageVariable]: 'yes' },
    })
    this.#process = child
    this.#speaks = speaks
    this.pid = child.pid ?? null
    child.on('error', error => {
      if (child.pid === undefined) on.onSpawnFailed(error.message)
      else on.onLine('stderr', `(supervisor: ${error.message})`)
    })
    child.on('exit', on.onExit)
    child.on('message', value => {
      const message = parseFromChild(value, trusted)
      if (message !== null) on.onMessage(message)
      else on.onLine('stderr', '(supervisor: it sent a message that is none of ours)')
    })
    if (child.stdout !== null) readLines(child.stdout, text => on.onLine('stdout', text))
    if (child.stderr !== null) readLines(child.stderr, text => on.onLine('stderr', text))
  }

  /**
   * A child that does not read keeps us from sending more than one status: what would be behind it
   * is older than what comes next, and the child is about to be found silent.
   */
  send(message: ToChild): void {
    if (!this.#speaks || !this.#process.connected) return
    if (this.#sending && message.kind === 'status') return
    this.#sending = true
    this.#process.send(message, () => {
      this.#sending = false
    })
  }

  terminate(): void {
    this.#process.kill('SIGTERM')
  }

  /** The whole session: a grandchild must not go on as if nothing had happened. */
  kill(): void {
    const { exitCode, signalCode } = this.#process
    if (this.pid === null || exitCode !== null || signalCode !== null) return
    try {
      process.kill(-this.pid, 'SIGKILL')
    } catch {
      this.#process.kill('SIGKILL')
    }
  }
}

function readLines(stream: Readable, onLine: (text: string) => void): void {
  const cutter = lineCutter()
  let read = 0
  let pause: NodeJS.Timeout | null = null
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    for (const line of cutter.take(text)) onLine(line)
    read += text.length
    if (read < bytesPerSecond || pause !== null) return
    stream.pause()
    pause = setTimeout(() => {
      read = 0
      pause = null
      stream.resume()
    }, 1000)
    pause.unref()
  })
  stream.on('error', () => {})
  stream.on('close', () => {
    for (const line of cutter.rest()) onLine(line)
  })
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { type Duration, seconds } from '../../../appliance/values/duration.ts'
import { enterProgram } from './programs.ts'

export type StartOptions = {
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Written to its standard input, which is then closed. Without it the input is empty. */
  readonly input?: string
  /** Takes standard output as bytes; it is then not collected as text. */
  readonly onBytes?: (bytes: Buffer) => void
}

export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

type Waiting = { readonly check: () => void; readonly ended: () => void }

/** A process that runs in a host of the lab, and all it has said. */
export class Program {
  readonly title: string
  /** As seen from outside the lab, so that the test can signal it and read its /proc. */
  pid = 0
  stdout = ''
  stderr = ''
  /** Both, in the order in which they came. */
  output = ''
  ending: Ending | null = null
  /** The process is gone. */
  readonly ended: Promise<Ending>
  /** It is gone, and so is everybody else who could still write to its output. */
  readonly closed: Promise<Ending>
  readonly #waiting = new Set<Waiting>()

  constructor(title: string, child: ChildProcess, onBytes: StartOptions['onBytes']) {
    this.title = title
    const ending = ([code, signal]: unknown[]): Ending => ({ code, signal }) as Ending
    this.closed = once(child, 'close').then(ending)
    this.ended = once(child, 'exit').then(ending)
    void this.ended.then(end => {
      this.ending = end
      for (const waiting of this.#waiting) waiting.ended()
    })
    if (onBytes) child.stdout?.on('data', onBytes)
    else child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#said('stdout', text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#said('stderr', text))
  }

  #said(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text
    this.output += text
    for (const waiting of this.#waiting) waiting.check()
  }

  /** Waits until the output, from position `from` on, matches. Fails when the program ends. */
  until(
    pattern: RegExp,
    { within = seconds(60), from = 0 }: { within?: Duration; from?: number } = {},
  ): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        this.#waiting.delete(waiting)
        clearTimeout(timer)
        finish()
      }
      const fail = (why: string) => {
        const said = this.output.slice(from).slice(-3000) || '(nothing)'
        const error = new Error(`${this.title} ${why} before it said ${pattern}. It said:\n${said}`)
        settle(() => reject(error))
      }
      const check = () => {
        const match = pattern.exec(this.output.slice(from))
        if (match) settle(() => resolve(match))
        return match !== null
      }
      const ended = () => {
        // What it wrote last may still be in the pipe.
        void this.closed.then(() => check() || fail(`ended (${describe(this.ending)})`))
      }
      const waiting = { check, ended }
      const timer = setTimeout(() => fail(`was waited for ${within / 1000} s`), within)
      this.#waiting.add(waiting)
      if (!check() && this.ending) ended()
    })
  }

  /** Sends a signal; to a program that is gone this does nothing. */
  signal(signal: NodeJS.Signals): void {
    if (this.ending) return
    try {
      process.kill(this.pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  /** SIGKILL, and waits until it is gone. */
  async kill(): Promise<Ending> {
    this.signal('SIGKILL')
    return await this.ended
  }

  /** SIGTERM, and waits until it is gone; after `within` SIGKILL. */
  async stop(within: Duration = seconds(10)): Promise<Ending> {
    this.signal('SIGTERM')
    const timer = setTimeout(() => this.signal('SIGKILL'), within)
    const ending = await this.ended
    clearTimeout(timer)
    return ending
  }
}

const describe = (ending: Ending | null): string =>
  ending?.signal ? `by ${ending.signal}` : `with code ${ending?.code}`

/** Starts a program in the namespaces of process `place`. */
export const startIn = async (
  place: { readonly name: string; readonly pid: number },
  command: string,
  args: readonly string[],
  { env, cwd = process.cwd(), input, onBytes }: StartOptions = {},
): Promise<Program> => {
  const child = spawn(await enterProgram(), [String(place.pid), cwd, command, ...args], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  })
  const program = new Program(`${command} on ${place.name}`, child, onBytes)
  // A program may end without reading its input.
  child.stdin?.on('error', () => {})
  child.stdin?.end(input ?? '')
  const pid = once(child.stdio[3] as Readable, 'data').then(String)
  program.pid = Number(await Promise.race([pid, program.closed.then(() => '0')]))
  if (program.pid > 0) return program
  throw new Error(`cannot start ${program.title}: ${program.stderr.trim()}`)
}

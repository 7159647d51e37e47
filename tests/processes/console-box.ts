import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Status } from '../../appliance/status/document.ts'
import { Terminal } from '../../image/run/terminal.ts'
import { tree, until } from './supervisor-lab.ts'
import { statusOf } from './supervisor-run.ts'

let lines = 0

/** The real console of a real supervisor, on a line that a test reads and types on. */
export class ConsoleLine {
  readonly terminal = new Terminal()
  readonly #socat: ChildProcess
  sent = 0

  private constructor(socat: ChildProcess) {
    this.#socat = socat
    socat.stdout?.on('data', (bytes: Buffer) => {
      this.sent += bytes.length
      this.terminal.write(bytes)
    })
  }

  /** `seen`: what is shown of the status where a namespace is no box. */
  static async open(
    t: TestContext,
    folder: string,
    runDir: string,
    seen = (status: Status): Status => status,
  ): Promise<ConsoleLine> {
    const device = join(folder, `tty${lines++}`)
    const socat = spawn('socat', [`PTY,link=${device},rawer`, '-'], { stdio: 'pipe' })
    const line = new ConsoleLine(socat)
    await until(
      'the line is there',
      () => existsSync(device),
      there => there,
    )
    const env = { ...process.env, DIARCH_RUN: runDir }
    const console = fork(join(tree, 'appliance/console/main.ts'), [device], { env, silent: true })
    // As the supervisor does on a box.
    const tell = setInterval(() => {
      void statusOf(runDir).then(status => {
        if (status !== null && console.connected)
          console.send({ kind: 'status', status: seen(status) })
      })
    }, 200)
    t.after(async () => {
      clearInterval(tell)
      for (const child of [console, socat]) {
        child.kill('SIGKILL')
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      }
    })
    return line
  }

  get screen(): string {
    return this.terminal.text()
  }

  type(keys: string): void {
    this.#socat.stdin?.write(keys)
  }

  async shows(pattern: RegExp): Promise<string> {
    await until(
      `${pattern}`,
      () => this.screen,
      screen => pattern.test(screen),
    )
    return this.screen
  }

  /** Waits for what is asked before it answers. */
  async talk(conversation: readonly (readonly [RegExp, string])[]): Promise<void> {
    for (const [question, answer] of conversation) {
      await this.shows(question)
      this.type(answer)
    }
  }
}

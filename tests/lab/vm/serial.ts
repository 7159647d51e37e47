import type { Socket } from 'node:net'
import { join } from 'node:path'
import { type Duration, seconds } from '../../../appliance/values/duration.ts'
import { connectWhenThere } from '../../../image/run/qmp.ts'
import { Terminal, unfinishedEscape, withoutEscapes } from '../../../image/run/terminal.ts'
import { News } from './news.ts'

/** Generous: a box without hardware virtualisation on a busy machine boots in a minute. */
export const patience = seconds(150)

/** One serial line of a running VM: everything it said, and the screen of a terminal on it. */
export class Serial {
  readonly #socket: Socket
  readonly #terminal = new Terminal()
  readonly #decoder = new TextDecoder()
  readonly #news = new News()
  #said = ''
  #plain = ''
  /** `until` looks behind what it has found before. */
  #seen = 0
  #closed = false

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#terminal.onReply = text => socket.write(text)
    socket.on('data', bytes => this.#take(bytes))
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#closed = true
      this.#news.tell()
    })
  }

  static async connect(folder: string, line: number): Promise<Serial> {
    return new Serial(await connectWhenThere(join(folder, `serial${line}.sock`), seconds(20)))
  }

  /** All it has said since power-on, without escape sequences. */
  get transcript(): string {
    return this.#plain
  }

  /** What a terminal of 80 x 24 characters shows now. */
  screen(): string {
    return this.#terminal.text()
  }

  type(text: string): void {
    this.#socket.write(text)
  }

  /** Waits for text that comes after what the last call found. */
  async until(pattern: RegExp, within: Duration = patience): Promise<RegExpExecArray> {
    const search = () => pattern.exec(this.#plain.slice(this.#seen))
    const found = await this.#wait(search, `said ${pattern}`, within)
    this.#seen += found.index + found[0].length
    return found
  }

  /** Waits until the screen shows it. */
  untilScreen(pattern: RegExp, within: Duration = patience): Promise<RegExpExecArray> {
    return this.#wait(() => pattern.exec(this.screen()), `showed ${pattern}`, within)
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(bytes: Buffer): void {
    this.#terminal.write(bytes)
    this.#said += this.#decoder.decode(bytes, { stream: true })
    // An escape sequence may be cut in two by the end of a chunk: it waits for the rest.
    const whole = unfinishedEscape.exec(this.#said)?.index ?? this.#said.length
    this.#plain += withoutEscapes(this.#said.slice(0, whole))
    this.#said = this.#said.slice(whole)
    this.#news.tell()
  }

  #wait<T>(find: () => T | null, wish: string, within: Duration): Promise<T> {
    const failure = (why: string) => {
      const last = this.#plain.slice(-2500)
      const screen = `the box ${why} before it ${wish}. Its screen:\n${this.screen()}`
      return new Error(`${screen}\n--- the last it said:\n${last}`)
    }
    const look = () => {
      const found = find()
      if (found === null && this.#closed) throw failure('was switched off')
      return found
    }
    return this.#news.until(look, within, () => failure(`was waited for ${within / 1000} s`))
  }
}

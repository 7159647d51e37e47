import { execFile } from 'node:child_process'
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { clearScreen, paintAll, paintChanges, paintFarewell } from '../terminal/paint.ts'
import type { ScreenLine, ScreenSize } from '../terminal/screen-line.ts'

/** The `stty` program: a path and first arguments. */
export type Stty = readonly [string, ...string[]]

/** The box's own, with a keyboard; all others are lines. */
export const isScreen = (device: string): boolean => /^\/dev\/tty\d+$/.test(device)

const usualSize: ScreenSize = { columns: 80, rows: 24 }
const retryMs = 5000
/** How often keys are read, and a line that takes no more bytes is tried again. */
const pollMs = 200

/**
 * Raw mode and the size, by a program with a time limit: setting a serial line that is stopped by
 * its flow control waits until it flows again, and this process must never wait for a terminal.
 */
const prepare = async (stty: Stty, device: string): Promise<ScreenSize> => {
  const [program, ...first] = stty
  const run = (...words: string[]) =>
    promisify(execFile)(program, [...first, '-F', device, ...words], {
      timeout: 5000,
      killSignal: 'SIGKILL',
    })
  await run('raw', '-echo', 'clocal')
  const { stdout } = await run('size')
  const [rows = 0, columns = 0] = stdout.trim().split(' ').map(Number)
  // A serial line does not know the size of the terminal at its other end: 0 0.
  return rows > 0 && columns > 0 ? { columns, rows } : usualSize
}

/**
 * One terminal. It shows the newest screen that it is given and skips those between: a line that is
 * slow, stopped or hung up costs nothing but its own picture.
 */
export class TerminalDevice {
  readonly path: string
  readonly #stty: Stty
  readonly #draw: (size: ScreenSize) => readonly ScreenLine[]
  readonly #onKeys: (sent: string) => void
  #descriptor: number | null = null
  #poll: NodeJS.Timeout | null = null
  #size: ScreenSize = usualSize
  /** On the terminal once `#unsent` is; null when that is not known. */
  #shown: readonly ScreenLine[] | null = null
  #unsent: Buffer = Buffer.alloc(0)
  #complained = false
  #openings = 0

  /**
   * `draw` is asked for the present screen whenever the terminal can take one. `onKeys` hears what
   * was typed, and an empty text when nothing was for a while.
   */
  constructor(
    path: string,
    stty: Stty,
    draw: (size: ScreenSize) => readonly ScreenLine[],
    onKeys: (sent: string) => void,
  ) {
    this.path = path
    this.#stty = stty
    this.#draw = draw
    this.#onKeys = onKeys
  }

  /** Never fails: a terminal that is not there is tried again. */
  async open(): Promise<void> {
    const opening = ++this.#openings
    try {
      const descriptor = await this.#opened()
      // It was closed, or lent to somebody, meanwhile.
      if (opening !== this.#openings) return closeSync(descriptor)
      this.#descriptor = descriptor
      this.#poll = setInterval(() => this.#tick(), pollMs)
      this.#complained = false
      this.#send(clearScreen)
      this.refresh()
    } catch (error) {
      if (opening === this.#openings) this.#hangUp(error)
    }
  }

  /** Open before it is set: the screen of a box forgets its mode when nobody has it open. */
  async #opened(): Promise<number> {
    // NOCTTY: a Ctrl-C or a hang-up there must not be a signal to this process.
    const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK
    const descriptor = openSync(this.path, flags)
    try {
      this.#size = await prepare(this.#stty, this.path)
      return descriptor
    } catch (error) {
      closeSync(descriptor)
      throw error
    }
  }

  /** Sends what changed since the last time. */
  update(): void {
    if (this.#descriptor === null || this.#unsent.length > 0) return
    const lines = this.#draw(this.#size)
    const painted = this.#shown ? paintChanges(this.#shown, lines) : paintAll(lines)
    this.#shown = lines
    this.#send(painted)
  }

  /** Sends everything, because something else may have written there. */
  refresh(): void {
    this.#shown = null
    this.update()
  }

  /** Leaves the terminal to somebody else until that has ended. */
  async lend(use: () => Promise<void>): Promise<void> {
    this.#release()
    try {
      await use()
    } finally {
      await this.open()
    }
  }

  /** The last words; what the line does not take at once is lost. */
  close(text: string): void {
    this.#unsent = Buffer.alloc(0)
    this.#send(paintFarewell(text))
    this.#release()
  }

  /**
   * Keys are polled, because a TTY of Node opens the device anew and keeps a descriptor that cannot
   * be closed: too many of them on a line that hangs up again and again.
   */
  #tick(): void {
    if (this.#descriptor === null) return
    const keys = Buffer.alloc(64)
    const count = this.#unlessBusy(descriptor => readSync(descriptor, keys))
    if (count === 0) this.#hangUp(new Error('the line was hung up'))
    if (this.#unsent.length > 0) {
      this.#write()
      this.update()
    }
    this.#onKeys(keys.toString('latin1', 0, count ?? 0))
  }

  #send(text: string): void {
    this.#unsent = Buffer.concat([this.#unsent, Buffer.from(text, 'latin1')])
    this.#write()
  }

  #write(): void {
    if (this.#unsent.length === 0) return
    const sent = this.#unlessBusy(descriptor => writeSync(descriptor, this.#unsent))
    this.#unsent = this.#unsent.subarray(sent ?? 0)
  }

  /** Null when the line is busy or gone. */
  #unlessBusy(operation: (descriptor: number) => number): number | null {
    if (this.#descriptor === null) return null
    try {
      return operation(this.#descriptor)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') this.#hangUp(error)
      return null
    }
  }

  #hangUp(error: unknown): void {
    if (!this.#complained) {
      const reason = error instanceof Error ? error.message : error
      console.error(`console ${this.path}: ${reason}; trying again every ${retryMs / 1000} s`)
    }
    this.#complained = true
    this.#release()
    setTimeout(() => void this.open(), retryMs)
  }

  #release(): void {
    this.#openings++
    if (this.#poll) clearInterval(this.#poll)
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#poll = null
    this.#descriptor = null
    this.#shown = null
    this.#unsent = Buffer.alloc(0)
  }
}

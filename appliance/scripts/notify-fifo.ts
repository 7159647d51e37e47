import { closeSync, constants, fstatSync, openSync, statSync, writeSync } from 'node:fs'
import { makeFifo } from '../linux/make-fifo.ts'

const tryAgainMs = 250

/**
 * keepalived's notify_fifo. As keepalived does, both ends are held open: nothing ever waits for a
 * reader, and one that comes late or is started again finds what the pipe holds (64 KiB, some 2000
 * lines). When it is full, the latest line of each kind is kept back until there is room, and those
 * before it are lost and counted: a reader that comes back ends up with the right states.
 */
export class NotifyFifo {
  readonly path: string
  readonly #onTrouble: (lines: number, why: string) => void
  #fd: number | null = null
  readonly #kept = new Map<string, string>()
  #timer: NodeJS.Timeout | null = null
  #trouble = ''

  constructor(path: string, onTrouble: (lines: number, why: string) => void) {
    this.path = path
    this.#onTrouble = onTrouble
    if (!this.#isOpen()) onTrouble(0, this.#trouble)
  }

  write(kind: string, line: string): void {
    // Behind those that were kept back: a line may not overtake.
    if (this.#kept.delete(kind)) this.#onTrouble(1, this.#trouble)
    this.#kept.set(kind, line)
    this.#flush()
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#kept.size > 0) this.#onTrouble(this.#kept.size, this.#trouble)
    this.#kept.clear()
    this.#letGo()
  }

  #flush(): void {
    for (const [kind, line] of this.#kept) {
      if (!this.#isOpen() || !this.#put(line)) break
      this.#kept.delete(kind)
    }
    if (this.#kept.size === 0) return
    this.#onTrouble(0, this.#trouble)
    if (this.#timer !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#flush()
    }, tryAgainMs)
  }

  #put(line: string): boolean {
    try {
      // Less than PIPE_BUF goes in as a whole or not at all, pipe(7).
      writeSync(this.#fd ?? -1, line)
      return true
    } catch (error) {
      const full = (error as NodeJS.ErrnoException).code === 'EAGAIN'
      this.#trouble = full ? 'it is full: nobody reads it' : (error as Error).message
      if (!full) this.#letGo()
      return false
    }
  }

  /** Opens it, makes it where it is missing, and takes note when it was replaced by another. */
  #isOpen(): boolean {
    try {
      if (this.#fd !== null && !isAt(this.#fd, this.path)) this.#letGo()
      this.#fd ??= open(this.path)
      return true
    } catch (error) {
      const { stderr, message } = error as Error & { stderr?: Buffer }
      this.#trouble = stderr?.toString().trim() || message
      return false
    }
  }

  #letGo(): void {
    if (this.#fd !== null) closeSync(this.#fd)
    this.#fd = null
  }
}

function open(path: string): number {
  const both = constants.O_RDWR | constants.O_NONBLOCK
  let fd: number
  try {
    fd = openSync(path, both)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    makeFifo(path, '600')
    fd = openSync(path, both)
  }
  if (fstatSync(fd).isFIFO()) return fd
  closeSync(fd)
  throw new Error(`${path} is not a FIFO: remove it, or name another path`)
}

function isAt(fd: number, path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  const held = fstatSync(fd)
  return found?.ino === held.ino && found.dev === held.dev
}

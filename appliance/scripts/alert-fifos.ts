import { closeSync, constants, fstatSync, openSync, statSync, writeSync } from 'node:fs'
import { makeFifo } from '../linux/make-fifo.ts'

/**
 * FIFOs that get alerts. Only a line that somebody is there to read counts as told: so it is the
 * write end alone that is held open, from the first reader on, and nothing here ever waits.
 */
export class AlertFifos {
  readonly #open = new Map<string, number>()

  /** Null: a reader has it, or will. */
  write(path: string, line: string): string | null {
    try {
      // Not more than PIPE_BUF: as a whole or not at all, pipe(7).
      writeSync(this.#end(path), line)
      return null
    } catch (error) {
      return this.#failure(path, error as NodeJS.ErrnoException & { readonly stderr?: Buffer })
    }
  }

  /** Whoever reads another one sees its end. */
  keep(paths: readonly string[]): void {
    for (const path of this.#open.keys()) if (!paths.includes(path)) this.#letGo(path)
  }

  #end(path: string): number {
    const held = this.#open.get(path)
    // Whoever reads may have made it anew.
    if (held !== undefined && isAt(held, path)) return held
    this.#letGo(path)
    const fd = open(path)
    this.#open.set(path, fd)
    return fd
  }

  #failure(path: string, error: NodeJS.ErrnoException & { readonly stderr?: Buffer }): string {
    switch (error.code) {
      case 'EAGAIN':
        return `${path} is full: its reader does not read`
      case 'ENXIO':
      case 'EPIPE':
        this.#letGo(path)
        return `nobody reads ${path}`
      default:
        this.#letGo(path)
        return error.stderr?.toString().trim() || error.message
    }
  }

  #letGo(path: string): void {
    const fd = this.#open.get(path)
    if (fd !== undefined) closeSync(fd)
    this.#open.delete(path)
  }
}

/** ENXIO without a reader, fifo(7). To open a device may do something: it is looked at before. */
function open(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) makeFifo(path, '600')
  else if (!found.isFIFO()) throw notFifo(path)
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  if (fstatSync(fd).isFIFO()) return fd
  closeSync(fd)
  throw notFifo(path)
}

const notFifo = (path: string): Error =>
  new Error(`${path} is not a FIFO: remove it, or name another path`)

function isAt(fd: number, path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  const held = fstatSync(fd)
  return found?.ino === held.ino && found.dev === held.dev
}

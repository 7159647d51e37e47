import {
  closeSync,
  mkdtempSync,
  openSync,
  readSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

/** Where Node puts what comes after its channel in `stdio`, and what the child is told of it. */
export const pageDescriptor = 4
export const pageVariable = 'DIARCH_PAGE'

const mostBytes = 64 * 1024

/**
 * Memory that a child writes and its parent reads when it likes: a note costs one system call and
 * wakes nobody, nothing queues up behind a parent that hangs, and what a child that hangs has said
 * last is there. It is a file without a name.
 */
export class SharedPage {
  readonly descriptor: number
  readonly #bytes = new Uint8Array(mostBytes)

  private constructor(descriptor: number) {
    this.descriptor = descriptor
  }

  /** Throws where there is no memory for it. On a disk a note would wait for the disk. */
  static make(): SharedPage {
    const descriptor = nameless('/dev/shm')
    try {
      // All of it at once: a note that fits in a page that is full finds its place later too.
      const zeros = new Uint8Array(mostBytes)
      if (writeSync(descriptor, zeros, 0, mostBytes, 0) < mostBytes) throw new Error(tooSmall)
      return new SharedPage(descriptor)
    } catch (error) {
      closeSync(descriptor)
      throw error
    }
  }

  /** Until the next call. */
  read(): Uint8Array {
    const length = readSync(this.descriptor, this.#bytes, 0, mostBytes, 0)
    return this.#bytes.subarray(0, length)
  }

  write(bytes: Uint8Array): void {
    writeSync(this.descriptor, bytes, 0, bytes.length, 0)
  }
}

/** Writes the page from its begin on. Null: the parent has given us none. */
export function pageOfParent(): ((bytes: Uint8Array) => void) | null {
  if (process.env[pageVariable] === undefined) return null
  return bytes => void writeSync(pageDescriptor, bytes, 0, bytes.length, 0)
}

const tooSmall = 'write on /dev/shm: there is not enough space left. Make some, or make it larger.'

function nameless(where: string): number {
  const folder = mkdtempSync(join(where, 'diarch-'))
  const path = join(folder, 'page')
  try {
    const descriptor = openSync(path, 'wx+', 0o600)
    unlinkSync(path)
    return descriptor
  } finally {
    rmdirSync(folder)
  }
}

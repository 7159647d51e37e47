import { constants, type FSWatcher, watch } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { FileSeen } from '../vrrp/tracked-file.ts'

/** A number is short. */
const mostBytes = 256
/** What inotify does not tell: folders that come and go, links, file servers. */
const lookAgainMs = 2000

/**
 * Tells what stands in a file, at once and whenever that may have changed. The folder is watched
 * and not the file, because many programs write a new one and rename it to the old one's name.
 */
export class FileWatch {
  readonly #path: string
  readonly #onSeen: (seen: FileSeen) => void
  readonly #timer: NodeJS.Timeout
  #watcher: FSWatcher | null = null
  #watched: number | null = null
  #reading = false
  #again = false
  #closed = false

  constructor(path: string, onSeen: (seen: FileSeen) => void) {
    this.#path = path
    this.#onSeen = onSeen
    this.#timer = setInterval(() => this.#look(), lookAgainMs)
    this.#look()
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    this.#unwatch()
  }

  #look(): void {
    if (this.#reading) {
      this.#again = true
      return
    }
    this.#reading = true
    this.#again = false
    void this.#watchFolder()
      .then(() => readSeen(this.#path))
      .then(seen => {
        this.#reading = false
        if (this.#closed) return
        this.#onSeen(seen)
        if (this.#again) this.#look()
      })
  }

  /** Watches the folder that is there now; the one of before may have been removed. */
  async #watchFolder(): Promise<void> {
    const folder = dirname(this.#path)
    const inode = await stat(folder).then(
      found => found.ino,
      () => null,
    )
    if (this.#closed || (inode !== null && inode === this.#watched)) return
    this.#unwatch()
    if (inode === null) return
    try {
      const watcher = watch(folder, (_, name) => {
        if (name === null || name === basename(this.#path)) this.#look()
      })
      watcher.on('error', () => this.#unwatch())
      this.#watcher = watcher
      this.#watched = inode
    } catch {
      // Gone again, or no more watches (fs.inotify.max_user_watches): the slow look remains.
    }
  }

  #unwatch(): void {
    this.#watcher?.close()
    this.#watcher = null
    this.#watched = null
  }
}

/** Never rejects. */
export async function readSeen(path: string): Promise<FileSeen> {
  try {
    // Not to wait for ever, should it be a pipe.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, 0)
      return { seen: 'text', text: buffer.toString('utf8', 0, bytesRead) }
    } finally {
      await file.close()
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return { seen: 'nothing' }
    if (code === 'ESPIPE') return { seen: 'unreadable', why: 'it is a pipe, not a file' }
    return { seen: 'unreadable', why: message }
  }
}

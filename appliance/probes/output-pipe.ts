import { closeSync, constants, openSync, readSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import { makeFifoInBackground } from '../linux/make-fifo.ts'
import { lineCutter } from '../supervision/log-ring.ts'

/** Beyond this the writer waits for a moment: a flood costs bounded time. */
const floodBytes = 1024 * 1024
const floodPauseMs = 100

/** Folders in which a pipe is being made: an end of this process leaves none behind. */
const folders = new Set<string>()
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/**
 * Where a script's output goes, of which the last line is kept. It is a real pipe, made as a FIFO
 * that loses its name at once, because the sockets that Node makes cannot be opened again: of a
 * script that says `echo ... >/dev/stderr` or `tee /dev/stderr`, that command would fail.
 */
export class OutputPipe {
  /** For the standard output and error of the script. */
  readonly writeEnd: number
  readonly #readEnd: number
  readonly #socket: Socket
  #decoder = new StringDecoder('utf8')
  #cutter = lineCutter()
  #last: string | null = null
  #released = false

  static async open(): Promise<OutputPipe> {
    const folder = await mkdtemp(join(tmpdir(), 'diarch-output-'))
    folders.add(folder)
    try {
      const path = join(folder, 'pipe')
      // Whoever runs the script may open it as /dev/stderr; nobody else can reach it.
      await makeFifoInBackground(path, '622')
      const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
      return new OutputPipe(readEnd, openSync(path, constants.O_WRONLY))
    } finally {
      await rm(folder, { recursive: true, force: true })
      folders.delete(folder)
    }
  }

  constructor(readEnd: number, writeEnd: number) {
    this.#readEnd = readEnd
    this.writeEnd = writeEnd
    this.#socket = new Socket({ fd: readEnd, readable: true, writable: false })
    let read = 0
    this.#socket.on('error', () => {})
    this.#socket.on('data', (bytes: Buffer) => {
      this.#take(bytes)
      read += bytes.length
      if (read < floodBytes) return
      read = 0
      this.#socket.pause()
      setTimeout(() => this.#socket.resume(), floodPauseMs).unref()
    })
    this.#socket.unref()
  }

  /** The last line that says something since this was asked before; null for none. */
  lastLine(): string | null {
    if (!this.#socket.destroyed) this.#readWaiting()
    for (const line of this.#cutter.rest()) this.#keep(line)
    const last = this.#last
    this.#last = null
    this.#decoder = new StringDecoder('utf8')
    this.#cutter = lineCutter()
    return last
  }

  /** A program that goes on writing is not stopped by this; what it says is thrown away. */
  release(): void {
    if (this.#released) return
    this.#released = true
    closeSync(this.writeEnd)
  }

  close(): void {
    this.release()
    this.#socket.destroy()
  }

  /** What was written before the script ended may still be in the pipe; it holds 64 KiB. */
  #readWaiting(): void {
    // First what was held back by a pause; to read it is to be told of it.
    this.#socket.read()
    const bytes = Buffer.alloc(64 * 1024)
    try {
      const count = readSync(this.#readEnd, bytes)
      this.#take(bytes.subarray(0, count))
    } catch {
      // EAGAIN: nothing waits.
    }
  }

  #take(bytes: Buffer): void {
    for (const line of this.#cutter.take(this.#decoder.write(bytes))) this.#keep(line)
  }

  #keep(line: string): void {
    const text = line.trim()
    if (text !== '') this.#last = Buffer.from(text.slice(0, 200)).toString()
  }
}

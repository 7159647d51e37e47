import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { Terminal } from './terminal.ts'

/** Follows the record of a serial line: what a terminal on it would show. */
export class SerialScreen {
  readonly #path: string
  #terminal = new Terminal()
  #position = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Reads what is new, and returns it. */
  read(): string {
    if (!existsSync(this.#path)) return ''
    const file = openSync(this.#path, 'r')
    const piece = Buffer.alloc(65536)
    let said = ''
    for (;;) {
      const length = readSync(file, piece, 0, piece.length, this.#position)
      if (length === 0) break
      this.#position += length
      this.#terminal.write(piece.subarray(0, length))
      said += piece.toString('latin1', 0, length)
    }
    closeSync(file)
    return said
  }

  /** As a terminal that is switched on now: what was said before is not shown. */
  clear(): void {
    this.#terminal = new Terminal()
    this.#position = existsSync(this.#path) ? statSync(this.#path).size : 0
  }

  text(): string {
    return this.#terminal.text()
  }
}

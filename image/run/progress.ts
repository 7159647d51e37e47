import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { Terminal, withoutEscapes } from './terminal.ts'

/** What a person is told while a box boots, by what appears on its serial line. */
const phases: readonly { readonly sign: RegExp; readonly text: string }[] = [
  { sign: /BdsDxe: starting/, text: 'UEFI has found the boot loader' },
  { sign: /Booting|GRUB/, text: 'GRUB chooses a slot' },
  { sign: /Diarch: /, text: 'early boot has something to say' },
  { sign: /Starting \.\.\./, text: 'the supervisor has started the console' },
  { sign: /https:\/\//, text: 'the screen shows an address' },
]

/** Follows the record of a serial line: its screen, and the phases that were reached. */
export class SerialRecord {
  readonly #path: string
  readonly #terminal = new Terminal()
  #position = 0
  #said = ''
  #reached = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Reads what is new and returns the phases that it shows. */
  read(): string[] {
    if (!existsSync(this.#path)) return []
    const file = openSync(this.#path, 'r')
    const piece = Buffer.alloc(65536)
    for (;;) {
      const length = readSync(file, piece, 0, piece.length, this.#position)
      if (length === 0) break
      this.#position += length
      this.#terminal.write(piece.subarray(0, length))
      this.#said += piece.toString('latin1', 0, length)
    }
    closeSync(file)
    const text = withoutEscapes(this.#said)
    const last = phases.findLastIndex(({ sign }) => sign.test(text)) + 1
    const reached = phases.slice(this.#reached, last).filter(({ sign }) => sign.test(text))
    this.#reached = Math.max(this.#reached, last)
    return reached.map(phase => phase.text)
  }

  screen(): string {
    return this.#terminal.text()
  }
}

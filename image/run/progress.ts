import { SerialScreen } from './serial-screen.ts'
import { withoutEscapes } from './terminal.ts'

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
  readonly #serial: SerialScreen
  #said = ''
  #reached = 0

  constructor(path: string) {
    this.#serial = new SerialScreen(path)
  }

  /** Reads what is new and returns the phases that it shows. */
  read(): string[] {
    const news = this.#serial.read()
    // A screen that is drawn again and again would be kept for ever.
    if (this.#reached === phases.length) return []
    this.#said += news
    const text = withoutEscapes(this.#said)
    const last = phases.findLastIndex(({ sign }) => sign.test(text)) + 1
    const reached = phases.slice(this.#reached, last).filter(({ sign }) => sign.test(text))
    this.#reached = Math.max(this.#reached, last)
    return reached.map(phase => phase.text)
  }

  /** The box starts again. */
  clear(): void {
    this.#serial.clear()
    this.#said = ''
    this.#reached = 0
  }

  screen(): string {
    return this.#serial.text()
  }
}

import type { KeyboardLayout } from '../config/console-schema.ts'
import { loadKeymap } from '../linux/keymap.ts'
import type { Settings } from './settings.ts'

/** Of the image: rootfs/keymaps.sh makes them. */
const folder = '/usr/lib/keymaps'

/** The layout of the keyboard at the screen. Only on the image: a host has its own. */
export class Keyboard {
  readonly #settings: Settings
  readonly #note: (text: string) => void
  #wanted: KeyboardLayout | null = null
  /** One after the other: the last one holds. */
  #loading: Promise<void> = Promise.resolve()

  constructor(settings: Settings, note: (text: string) => void) {
    this.#settings = settings
    this.#note = note
  }

  take(layout: KeyboardLayout): void {
    if (!this.#settings.appliance || layout === this.#wanted) return
    this.#wanted = layout
    this.#loading = this.#loading.then(() => this.#load(layout))
  }

  async #load(layout: KeyboardLayout): Promise<void> {
    const why = await loadKeymap(`${folder}/${layout}.bmap`)
    // A machine without a screen has the kernel's own layout, which is that one.
    if (why !== null && layout !== 'us') this.#note(`the layout ${layout} is not in force: ${why}`)
  }
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Duration } from '../../../appliance/values/duration.ts'
import type { Qmp } from '../../../image/run/qmp.ts'
import { patience } from './serial.ts'

const [columns, rows] = [80, 25]
const memory = { start: 0xb8000, size: 0x8000 }

/** The screen of a box that BIOS has started: text in the memory of the graphics card. */
export class TextScreen {
  readonly #qmp: Qmp
  readonly #folder: string

  constructor(qmp: Qmp, folder: string) {
    this.#qmp = qmp
    this.#folder = folder
  }

  async text(): Promise<string> {
    // The box writes to the same registers: it stands still while they are asked.
    await this.#qmp.execute('stop')
    try {
      const first = await this.#firstCell()
      const filename = join(this.#folder, 'text-screen')
      await this.#qmp.execute('pmemsave', { val: memory.start, size: memory.size, filename })
      return shown(readFileSync(filename), first)
    } finally {
      await this.#qmp.execute('cont')
    }
  }

  async untilScreen(pattern: RegExp, within: Duration = patience): Promise<RegExpExecArray> {
    for (const end = performance.now() + within; ; await wait(300)) {
      const text = await this.text()
      const found = pattern.exec(text)
      if (found) return found
      if (performance.now() > end) {
        throw new Error(`not within ${within / 1000} s: ${pattern}. The screen:\n${text}`)
      }
    }
  }

  /** As somebody at an American keyboard. */
  async type(text: string): Promise<void> {
    for (const letter of text) await this.#qmp.press(...keysOf(letter))
  }

  /** The kernel scrolls by moving the place where the screen begins: registers 0x0c and 0x0d. */
  async #firstCell(): Promise<number> {
    const chosen = await this.#monitor('i /b 0x3d4')
    const [high, low] = [await this.#register(0x0c), await this.#register(0x0d)]
    await this.#monitor(`o /b 0x3d4 ${chosen}`)
    return high * 256 + low
  }

  async #register(number: number): Promise<number> {
    await this.#monitor(`o /b 0x3d4 ${number}`)
    return this.#monitor('i /b 0x3d5')
  }

  /** `portb[0x3d5] = 0x0` is what it says of a port. */
  async #monitor(line: string): Promise<number> {
    const said = String(await this.#qmp.execute('human-monitor-command', { 'command-line': line }))
    return Number(said.split('=')[1]?.trim() ?? 0)
  }
}

/** Each cell is a character and its colours. */
function shown(bytes: Buffer, first: number): string {
  const cell = (n: number) => bytes[(2 * n) % memory.size] ?? 0
  const row = (n: number) =>
    Array.from({ length: columns }, (_, column) =>
      String.fromCharCode(cell(first + n * columns + column) || 32),
    )
  return Array.from({ length: rows }, (_, n) => row(n).join('').trimEnd()).join('\n')
}

const named: Readonly<Record<string, readonly string[]>> = {
  '\r': ['ret'],
  ' ': ['spc'],
  '.': ['dot'],
  '/': ['slash'],
  '-': ['minus'],
  '\x15': ['ctrl', 'u'],
}

function keysOf(letter: string): readonly string[] {
  const keys = named[letter] ?? (/[a-z0-9]/.test(letter) ? [letter] : null)
  if (!keys) throw new Error(`no key is known for ${JSON.stringify(letter)}`)
  return keys
}

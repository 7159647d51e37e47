import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Override } from '../health/service-config.ts'
import { writeDurably } from '../linux/durable-file.ts'
import { notWritten } from '../store/not-written.ts'

/**
 * What operators have said about single servers: drain, disable, another weight. It lies beside the
 * configuration and not in it: it is about now, and neither reload nor reboot may end it.
 */
export class Overrides {
  readonly #path: string
  #all: ReadonlyMap<string, Override>

  /** `onDamage` hears of a file that cannot be read: servers may serve that should not. */
  constructor(stateDir: string, onDamage: (why: string) => void) {
    this.#path = join(stateDir, 'overrides.json')
    this.#all = read(this.#path, onDamage)
  }

  all(): readonly Override[] {
    return [...this.#all.values()]
  }

  of(server: string): Override | null {
    return this.#all.get(server) ?? null
  }

  /** Throws when it cannot be kept: what is said to survive a reboot has to. */
  set(override: Override): void {
    const next = new Map(this.#all)
    const says = override.state !== null || override.weight !== null
    if (says) next.set(override.server, override)
    else next.delete(override.server)
    try {
      if (next.size === 0) rmSync(this.#path, { force: true })
      else writeDurably(this.#path, `${JSON.stringify([...next.values()], null, 1)}\n`)
    } catch (error) {
      const about = { op: 'write overrides.json', outcome: 'The servers are as they were.' }
      throw notWritten(dirname(this.#path), error, about)
    }
    this.#all = next
  }
}

function read(path: string, onDamage: (why: string) => void): ReadonlyMap<string, Override> {
  try {
    const all = JSON.parse(readFileSync(path, 'utf8')) as readonly Override[]
    return new Map(all.map(override => [override.server, override]))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map()
    onDamage(`${path}: ${error instanceof Error ? error.message : error}`)
    return new Map()
  }
}

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '../linux/durable-file.ts'

export type Maintenance = { readonly since: string }

/**
 * Whether an operator has taken this box out of service. It lies beside the configuration and not
 * in it: it is about this box, now, and a reboot must not end it.
 */
export class MaintenanceSwitch {
  readonly #path: string
  #state: Maintenance | null

  constructor(stateDir: string) {
    this.#path = join(stateDir, 'maintenance.json')
    this.#state = read(this.#path)
  }

  get state(): Maintenance | null {
    return this.#state
  }

  /** Why the routers of this box are in FAULT; null when it takes part. */
  get why(): string | null {
    return this.#state === null ? null : `maintenance since ${this.#state.since}`
  }

  /** Throws when it cannot be kept: what is said to survive a reboot has to. */
  set(on: boolean): void {
    if (on === (this.#state !== null)) return
    if (on) {
      const state = { since: new Date().toISOString() }
      writeDurably(this.#path, `${JSON.stringify(state)}\n`)
      this.#state = state
    } else {
      rmSync(this.#path, { force: true })
      this.#state = null
    }
  }
}

/** A file that cannot be read still says that somebody wanted maintenance. */
function read(path: string): Maintenance | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return null
  }
  try {
    const { since } = JSON.parse(text) as { since?: unknown }
    if (typeof since === 'string') return { since }
  } catch {
    // Damaged: on, since nobody knows when.
  }
  return { since: 'an unknown time' }
}

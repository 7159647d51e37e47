import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeDurably } from '../linux/durable-file.ts'
import type { Alarm } from '../status/document.ts'
import { notWritten } from '../store/not-written.ts'

export type Maintenance = { readonly since: string; readonly why: string }

/**
 * Whether an operator has taken this box out of service. It lies beside the configuration and not
 * in it: it is about this box, now, and a reboot must not end it.
 */
export class MaintenanceSwitch {
  readonly #path: string
  #state: Maintenance | null
  /** That a restart would not find what holds now. */
  alarms: readonly Alarm[] = []

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

  /** Holds also when it cannot be kept: a box with a full disk is one to take out of service. */
  set(on: boolean, by: string): void {
    if (on === (this.#state !== null) && this.alarms.length === 0) return
    const now = new Date().toISOString()
    this.#state = on ? (this.#state ?? { since: now, why: `by ${by}` }) : null
    try {
      if (on) writeDurably(this.#path, `${JSON.stringify(this.#state)}\n`)
      else rmSync(this.#path, { force: true })
      this.alarms = []
    } catch (error) {
      const word = on ? 'on' : 'off'
      const restart = on ? 'would forget it' : 'would bring it back'
      const outcome = `Maintenance is ${word}, and a restart ${restart}.`
      const about = { op: 'write maintenance.json', outcome }
      const { message } = notWritten(dirname(this.#path), error, about)
      const again = `Then say "diarch maintenance ${word}" again`
      const since = this.alarms[0]?.since ?? now
      this.alarms = [{ reason: notKept, message: `${message} ${again}`, since }]
    }
  }
}

export const notKept = 'maintenance-not-kept'

const unknown = 'somebody has taken it out of service'

/** A file that cannot be read still says that somebody wanted maintenance. */
function read(path: string): Maintenance | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return null
  }
  try {
    const { since, why } = JSON.parse(text) as { since?: unknown; why?: unknown }
    if (typeof since === 'string') return { since, why: typeof why === 'string' ? why : unknown }
  } catch {
    // Damaged: on, since nobody knows when.
  }
  return { since: 'an unknown time', why: unknown }
}

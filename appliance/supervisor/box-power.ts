import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { powerActions } from '../api/system-words.ts'
import { writeDurably } from '../linux/durable-file.ts'
import { notWritten } from '../store/not-written.ts'

export type PowerAction = (typeof powerActions)[number]

/** Who has asked is to get the answer. */
const answeredWithin = 500

const programs = { restart: '/usr/bin/reboot', off: '/usr/bin/poweroff' } as const

/** The box as a machine. `init` ends everything in order, the supervisor first of all. */
export class BoxPower {
  /** False: it is somebody's computer, which we do not switch off. */
  readonly isOurs: boolean
  readonly #stateDir: string

  constructor({ appliance, stateDir }: { readonly appliance: boolean; readonly stateDir: string }) {
    this.isOurs = appliance
    this.#stateDir = stateDir
  }

  turn(action: PowerAction): void {
    setTimeout(() => {
      spawn(programs[action], { stdio: 'ignore', detached: true }).on('error', error => {
        console.error(`supervisor: ${programs[action]} does not start: ${error.message}`)
      })
    }, answeredWithin)
  }

  /**
   * From here on it will be done: `early-boot` sees the mark at the next start, and takes it away
   * when all else has gone. Throws KernelError when it cannot be written: all is as it was.
   */
  markForReset(): void {
    try {
      writeDurably(join(this.#stateDir, 'factory-reset'), '')
    } catch (error) {
      const about = { op: 'mark for the reset', outcome: 'Nothing is forgotten.' }
      throw notWritten(this.#stateDir, error, about)
    }
  }
}

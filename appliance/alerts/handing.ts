import type { Alert } from '../alerting/alert.ts'
import type { FromAlerts } from '../alerting/alert-messages.ts'

/**
 * What goes to a program or a FIFO: this process starts and opens nothing, and does not say what
 * is to be started. `scripts` does, by way of the supervisor, which has the configuration too.
 */
export class Handing {
  readonly #say: (message: FromAlerts) => void
  readonly #waiting = new Map<number, (failed: string | null) => void>()
  #calls = 0

  constructor(say: (message: FromAlerts) => void) {
    this.#say = say
  }

  /** Throws when it was not taken; whoever calls has a limit of his own. */
  hand(channel: string, alert: Alert): Promise<void> {
    this.#calls += 1
    const id = this.#calls
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, failed => (failed === null ? resolve() : reject(new Error(failed))))
      this.#say({ kind: 'alert-hand', id, channel, alert: { ...alert, lines: [...alert.lines] } })
    })
  }

  end(id: number, failed: string | null): void {
    this.#waiting.get(id)?.(failed)
    this.#waiting.delete(id)
  }
}

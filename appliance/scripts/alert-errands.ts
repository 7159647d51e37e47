import { alertJson } from '../alerting/alert.ts'
import { alertEnvironment } from '../alerting/alert-environment.ts'
import type { AlertErrand, AlertErrandEnded } from '../alerting/alert-errand.ts'
import { fifoLine } from '../alerting/fifo-line.ts'
import { milliseconds } from '../values/duration.ts'
import { AlertFifos } from './alert-fifos.ts'
import { type HookResult, HookRun } from './hook-run.ts'

type Ended = (failed: string | null) => void

/** Hands alerts to programs and FIFOs of operators; `alerts` sends one at a time to each. */
export class AlertErrands {
  readonly #say: (message: AlertErrandEnded) => void
  /** By the name of the channel. */
  readonly #runs = new Map<string, HookRun>()
  readonly #fifos = new AlertFifos()

  constructor(say: (message: AlertErrandEnded) => void) {
    this.#say = say
  }

  take(errand: AlertErrand): void {
    const { id, alert, to } = errand
    const ended: Ended = failed => this.#say({ kind: 'alert-errand-ended', id, failed })
    if (to.kind === 'fifo') ended(this.#fifos.write(to.path, fifoLine(alert)))
    else this.#run({ ...errand, to }, ended)
  }

  keepFifos(paths: readonly string[]): void {
    this.#fifos.keep(paths)
  }

  /** What was not taken is handed on again, by whoever follows. */
  kill(): void {
    for (const run of this.#runs.values()) run.kill()
    this.#fifos.keep([])
  }

  #run({ channel, alert, to: { command, user, timeout } }: ScriptErrand, ended: Ended): void {
    // One that cannot even be looked at, on a file server that is gone, has not ended either.
    if (this.#runs.has(channel)) {
      ended('it has not ended since the last alert')
      return
    }
    const run = new HookRun(
      {
        command,
        hook: { user, timeout: milliseconds(timeout) },
        input: `${alertJson(alert)}\n`,
        environment: alertEnvironment(alert),
      },
      result => {
        this.#runs.delete(channel)
        ended(failure(result, timeout))
      },
    )
    this.#runs.set(channel, run)
  }
}

type ScriptErrand = AlertErrand & { readonly to: { readonly kind: 'script' } }

function failure({ outcome, lastLine }: HookResult, timeout: number): string | null {
  const said = lastLine === null ? '' : `, its last line: ${lastLine}`
  switch (outcome.how) {
    case 'exited':
      return outcome.code === 0 ? null : `exit code ${outcome.code}${said}`
    case 'killed':
      return `it was ended by ${outcome.signal}${said}`
    case 'timeout':
      return `it did not end within ${timeout / 1000} s and was stopped${said}`
    case 'refused':
    case 'dropped':
      return outcome.why
  }
}

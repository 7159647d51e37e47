import { now } from '../linux/monotonic-clock.ts'
import { OutputPipe } from '../probes/output-pipe.ts'
import { type ScriptEnding, type ScriptOrder, ScriptRun } from '../probes/script.ts'
import type { Duration } from '../values/duration.ts'
import { firstPressure, type Pressure, press, pressAt } from '../vrrp/script-limit.ts'
import type { HookOutcome, Notified } from '../vrrp/tracker-messages.ts'
import { Deadline } from './deadline.ts'

export type HookResult = Pick<Notified, 'outcome' | 'at' | 'durationMs' | 'lastLine'>

export type HookOrder = {
  readonly command: readonly [string, ...string[]]
  readonly hook: { readonly user: string | null; readonly timeout: Duration }
  /** On its standard input. */
  readonly input?: string
  /** Beside what every script gets. */
  readonly environment?: Readonly<Record<string, string>>
}

/** One run of a hook, within its time. */
export class HookRun {
  readonly #call: HookOrder
  readonly #onEnd: (result: HookResult) => void
  readonly #deadline = new Deadline(() => this.#press())
  readonly #startedAt = now()
  readonly #at = new Date().toISOString()
  #pressure: Pressure
  #run: ScriptRun | null = null
  #killed = false

  constructor(call: HookOrder, onEnd: (result: HookResult) => void) {
    this.#call = call
    this.#onEnd = onEnd
    this.#pressure = firstPressure(this.#startedAt, call.hook.timeout)
    this.#deadline.set(pressAt(this.#pressure))
    void this.#begin()
  }

  kill(): void {
    this.#killed = true
    this.#run?.signal('SIGKILL')
  }

  async #begin(): Promise<void> {
    // Without it the hook runs all the same: what it says is the least of it.
    const output = await OutputPipe.open().catch(() => null)
    const { command, hook, input = null, environment = {} } = this.#call
    const order: ScriptOrder = {
      ...{ command, user: hook.user, output, input, environment },
      leftovers: 'stay',
    }
    this.#run = new ScriptRun(order, ending => {
      const lastLine = output?.lastLine() ?? null
      output?.release()
      this.#deadline.clear()
      const durationMs = Math.round(now() - this.#startedAt)
      this.#onEnd({ outcome: this.#outcome(ending), at: this.#at, durationMs, lastLine })
    })
    if (this.#killed) this.#run.signal('SIGKILL')
  }

  #press(): void {
    const { pressure, signal } = press(this.#pressure, now())
    this.#pressure = pressure
    if (signal !== null) this.#run?.signal(signal)
    this.#deadline.set(pressAt(pressure))
  }

  #outcome(ending: ScriptEnding): HookOutcome {
    if (this.#pressure.kind === 'none' || ending.how === 'refused') return ending
    return { how: 'timeout', afterMs: this.#call.hook.timeout }
  }
}

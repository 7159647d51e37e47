import { confirmRunningSlot } from '../linux/boot-environment.ts'
import { closedGate, type HealthGate, stepGate } from '../supervision/health-gate.ts'
import { allRun } from '../supervision/roster.ts'
import { seconds } from '../values/duration.ts'
import type { AlarmBook } from './alarm-book.ts'
import { type Children, monotonic } from './children/children.ts'
import type { Surroundings } from './surroundings.ts'
import { webAnswers } from './web-probe.ts'

const wellFor = seconds(20)

/** A slot on trial is confirmed when all has been well for a while. */
export class SlotGate {
  readonly #children: Children
  readonly #surroundings: Surroundings
  readonly #alarms: AlarmBook
  readonly #say: (text: string) => void
  #gate: HealthGate = closedGate

  constructor(
    children: Children,
    surroundings: Surroundings,
    alarms: AlarmBook,
    say: (text: string) => void,
  ) {
    this.#children = children
    this.#surroundings = surroundings
    this.#alarms = alarms
    this.#say = say
  }

  async look(): Promise<void> {
    if (this.#gate.kind === 'passed' || this.#surroundings.slot?.state !== 'trial') return
    const { roster, web } = this.#children
    const well = allRun(roster) && web !== null && (await webAnswers(web))
    const { gate, confirm } = stepGate(this.#gate, well, monotonic(), wellFor)
    this.#gate = gate
    if (!confirm) return
    const slot = this.#surroundings.slot.running.toUpperCase()
    const failures = await confirmRunningSlot()
    this.#alarms.set('health-gate', failures)
    if (failures.length > 0) this.#gate = closedGate
    this.#say(
      failures[0]?.message ?? `slot ${slot} is confirmed: all was well for ${wellFor / 1000} s`,
    )
  }
}

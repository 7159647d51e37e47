import type { PortName } from '../api/port-operations.ts'
import { type Assigned, assignPort, sameCard } from '../boot/port-assignment.ts'
import type { RecordedPort } from '../boot/port-plan.ts'
import { dropAssigned, readAssigned, writeAssigned } from '../linux/assigned-ports.ts'
import { notWritten } from '../store/not-written.ts'
import { BoxPower } from './box-power.ts'
import type { Settings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'

/** Which card has which name, now and from the next start of the box on. */
export class PortNames {
  /** False: the interfaces belong to somebody else, and keep the names that they have. */
  readonly areOurs: boolean
  readonly #stateDir: string
  readonly #surroundings: Pick<Surroundings, 'ports' | 'recorded' | 'madePorts'>

  constructor(
    { appliance, stateDir }: Pick<Settings, 'appliance' | 'stateDir'>,
    surroundings: Pick<Surroundings, 'ports' | 'recorded' | 'madePorts'>,
  ) {
    this.areOurs = appliance
    this.#stateDir = stateDir
    this.#surroundings = surroundings
  }

  all(): readonly PortName[] {
    const { ports, recorded, madePorts } = this.#surroundings
    const made = madePorts()
    const next = this.#next()
    return ports
      .filter(({ name }) => !made.has(name))
      .map(({ name, mac: now, driver, link, speedMbps }) => {
        const card = recorded.find(port => port.name === name)
        const then = card && next.find(port => sameCard(port, card))
        // A member of a bond has the bond's address for the time being.
        const mac = card?.mac ?? now
        const place = link === 'missing' ? '' : (card?.path ?? '')
        return {
          name,
          mac,
          place,
          driver,
          link,
          speedMbps,
          next: card ? (then?.name ?? null) : name,
        }
      })
  }

  /** Of the ports that are there, those names that no port has from the next start on. */
  assign(port: string, name: string): Assigned {
    const { recorded, madePorts } = this.#surroundings
    const card = recorded.find(each => each.name === port)
    if (!card) return { ok: false, why: `there is no port "${port}"` }
    return assignPort(this.#next(), card, name, {
      isThere: each => this.#isThere(each),
      taken: [...madePorts().keys()],
    })
  }

  without(port: string): readonly RecordedPort[] {
    const card = this.#surroundings.recorded.find(each => each.name === port)
    return this.#next().filter(each => !card || !sameCard(each, card))
  }

  /** Names that a port would have with what was assigned before, and none of `next`. */
  lostIn(next: readonly RecordedPort[]): readonly string[] {
    const then = new Set(next.map(({ name }) => name))
    return this.#next()
      .map(({ name }) => name)
      .filter(name => !then.has(name))
  }

  /** Throws KernelError when it cannot be written: all is as it was. */
  write(next: readonly RecordedPort[]): void {
    this.#changeFile(() => writeAssigned(this.#stateDir, next))
  }

  takeBack(): void {
    this.#changeFile(() => dropAssigned(this.#stateDir))
  }

  #changeFile(change: () => void): void {
    try {
      change()
    } catch (error) {
      const about = { op: 'assign names to ports', outcome: 'The names are as they were.' }
      throw notWritten(this.#stateDir, error, about)
    }
  }

  #next(): readonly RecordedPort[] {
    const { recorded } = this.#surroundings
    return (this.areOurs ? readAssigned(this.#stateDir) : null) ?? recorded
  }

  #isThere(card: RecordedPort): boolean {
    const { recorded, ports } = this.#surroundings
    const now = recorded.find(port => sameCard(port, card))
    const status = ports.find(port => port.name === now?.name)
    return status !== undefined && status.link !== 'missing'
  }
}

/** What can be asked of the box as a machine. */
export const machineOf = (settings: Settings, surroundings: Surroundings) => ({
  power: new BoxPower(settings),
  portNames: new PortNames(settings, surroundings),
})

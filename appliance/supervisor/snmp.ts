import type { AlarmText } from '../boot/alarm-text.ts'
import type { Parts } from '../config/parts.ts'
import { isSame } from '../config/same.ts'
import { hasAgent, type SnmpConfig } from '../config/snmp-schema.ts'
import { type KnownOfBox, snapshotOf } from '../mib/snapshot-of.ts'
import type { FromSnmp, SnmpStatus, ToSnmp } from '../mib/snmp-messages.ts'

export type SnmpSite = {
  /** False when the process is not there to hear it. */
  readonly send: (message: ToSnmp) => boolean
  readonly known: () => Promise<Omit<KnownOfBox, 'configured'>>
  readonly alarm: (alarms: readonly AlarmText[]) => void
  readonly onChange: () => void
}

/** Strangers make the process ask: not more often than this. */
const leastMs = 1000

/** The supervisor's side of `snmp`: gives it what it may know when it asks. */
export class SnmpDesk {
  readonly #site: SnmpSite
  #config: SnmpConfig | null = null
  #configured: KnownOfBox['configured'] | null = null
  #id = 0
  #isLooking = false
  status: SnmpStatus | null = null

  constructor(site: SnmpSite) {
    this.#site = site
  }

  get isWanted(): boolean {
    return this.#config !== null && hasAgent(this.#config)
  }

  /** False: it has that already, or there is nobody to tell. */
  take({ snmp, routers, director, network }: Parts, id: number): boolean {
    const closed = network.vrrpGuard?.closed ?? []
    this.#configured = { routers: routers.routers, director, closed }
    if (this.#config !== null && isSame(this.#config, snmp)) return false
    this.#config = snmp
    this.#id = id
    if (!this.isWanted) this.#forget()
    this.#configure()
    return this.isWanted
  }

  onReady(): void {
    this.#configure()
  }

  onMessage(message: FromSnmp): void {
    if (message.kind === 'want-snapshot') void this.#look()
    if (message.kind !== 'snmp-status') return
    this.status = message.status
    const { state, why } = message.status
    const failing = { reason: 'snmp-not-listening', message: `SNMP cannot be asked: ${why}` }
    this.#site.alarm(state === 'failing' ? [failing] : [])
    this.#site.onChange()
  }

  onExit(): void {
    this.#forget()
  }

  #forget(): void {
    this.status = null
    this.#site.alarm([])
  }

  async #look(): Promise<void> {
    if (this.#isLooking || this.#configured === null) return
    this.#isLooking = true
    setTimeout(() => {
      this.#isLooking = false
    }, leastMs).unref()
    const snapshot = snapshotOf({ ...(await this.#site.known()), configured: this.#configured })
    this.#site.send({ kind: 'snapshot', snapshot })
  }

  #configure(): void {
    if (this.#config === null) return
    this.#site.send({ kind: 'configure-snmp', id: this.#id, snmp: this.#config })
  }
}

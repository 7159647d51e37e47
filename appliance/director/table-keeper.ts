import type { Health } from '../health/health.ts'
import type { DirectorConfig } from '../health/service-config.ts'
import { type IpvsOp, planTable } from '../ipvs/plan.ts'
import { type SeenService, type Service, serviceKey } from '../ipvs/service.ts'
import { destinationText, serviceText } from '../ipvs/service-text.ts'
import { IpvsTable, withoutIpvs } from '../linux/ipvs-table.ts'
import type { Journal } from '../linux/journal.ts'
import { KernelError } from '../linux/kernel-error.ts'
import { now } from '../linux/monotonic-clock.ts'
import type { Refusal } from '../linux/virtual-addresses.ts'

/** So many hands of others are named one by one. */
const mostNamed = 5

/**
 * Keeps the kernel's table as wanted. What was written last is remembered, so that a change costs
 * its own operations and no look at all the rest; now and then everything is read and compared.
 */
export class TableKeeper {
  readonly #journal: Journal
  #kernel: IpvsTable | null = null
  /** By service of the configuration. */
  #wanted = new Map<string, readonly Service[]>()
  /** As the kernel has it, to our knowledge; by `serviceKey`. */
  #written = new Map<string, Service>()
  /** Names of services whose part is to be written. */
  #stale = new Set<string>()
  #all = false
  #timeouts: DirectorConfig['timeouts'] | null = null
  /** Why there is no IPVS; null: there is. */
  #missing: string | null = null
  /** Of the last look at everything, and since. */
  #refusals: readonly Refusal<IpvsOp>[] = []
  /** Of which services, by `serviceKey`. */
  #troubled: ReadonlySet<string> = new Set()

  constructor(journal: Journal) {
    this.#journal = journal
  }

  /** Null while there is no IPVS in this kernel. */
  get kernel(): IpvsTable | null {
    this.#kernel ??= this.#open()
    return this.#kernel
  }

  /** Why there is no IPVS in this kernel; null: there is. */
  get missing(): string | null {
    return this.#missing
  }

  /** What the kernel did not take, in its words. */
  get refused(): readonly string[] {
    if (this.#missing !== null) return [this.#missing]
    return [...new Set(this.#refusals.map(({ error }) => error.message))]
  }

  read(): readonly SeenService[] {
    return this.kernel?.read() ?? []
  }

  program(service: string, table: readonly Service[]): void {
    this.#wanted.set(service, table)
    this.#stale.add(service)
  }

  programAll(health: Health): void {
    this.#wanted = new Map(health.tables())
    this.#all = true
  }

  wantTimeouts(timeouts: DirectorConfig['timeouts']): void {
    this.#timeouts = timeouts
    this.#setTimeouts()
  }

  /** Writes what was programmed. */
  settle(): void {
    if (this.#all) this.#compare(false)
    else if (this.#stale.size > 0) this.#write()
  }

  /** Null: there is no table to look at. */
  repair(): readonly SeenService[] | null {
    if (this.kernel === null) return null
    this.#setTimeouts()
    return this.#compare(true)
  }

  clear(): void {
    this.#wanted.clear()
    this.#compare(false)
    this.#kernel?.close()
    this.#kernel = null
  }

  #write(): void {
    const table = this.kernel
    if (table === null) return
    const wanted = [...this.#stale].flatMap(name => this.#wanted.get(name) ?? [])
    // What the kernel has of a service that it did not take whole is not known.
    if (wanted.some(({ at }) => this.#troubled.has(serviceKey(at)))) {
      this.#compare(false)
      return
    }
    this.#stale.clear()
    const before = wanted.flatMap(({ at }) => this.#written.get(serviceKey(at)) ?? [])
    const ops = planTable(wanted, before)
    if (ops.length > 0) this.#heed([...this.#refusals, ...table.apply(ops)])
    for (const service of wanted) this.#written.set(serviceKey(service.at), service)
  }

  /** With a look at the whole table. */
  #compare(isRepair: boolean): readonly SeenService[] {
    const table = this.kernel
    if (table === null) return []
    this.#all = false
    this.#stale.clear()
    const seen = table.read()
    const wanted = [...this.#wanted.values()].flat()
    const ops = planTable(wanted, seen)
    if (isRepair) this.#tellOf(ops)
    this.#heed(ops.length === 0 ? [] : table.apply(ops))
    this.#written = new Map(wanted.map(service => [serviceKey(service.at), service]))
    return seen
  }

  #heed(refusals: readonly Refusal<IpvsOp>[]): void {
    const before = this.refused
    this.#refusals = refusals
    this.#troubled = new Set(refusals.map(({ op }) => serviceKey(op.service)))
    const fresh = this.refused.filter(words => !before.includes(words))
    for (const words of fresh.slice(0, mostNamed)) this.#journal.note('ipvs', 'refused', words)
  }

  #tellOf(all: readonly IpvsOp[]): void {
    // What was refused before is tried again, and nobody's fault.
    const ops = all.filter(({ service }) => !this.#troubled.has(serviceKey(service)))
    if (ops.length === 0) return
    const words = ops.slice(0, mostNamed).map(opText)
    const more = ops.length > mostNamed ? `, and ${ops.length - mostNamed} more` : ''
    this.#journal.repeated('ipvs', 'table-repaired', now(), () => {
      return `somebody else changed the kernel's table; put right: ${words.join(', ')}${more}`
    })
  }

  #open(): IpvsTable | null {
    try {
      const table = IpvsTable.open()
      this.#missing = null
      return table
    } catch (error) {
      const words = whyMissing(error)
      if (this.#missing !== words) this.#journal.note('ipvs', 'refused', words)
      this.#missing = words
      return null
    }
  }

  #setTimeouts(): void {
    const table = this.kernel
    if (table === null || this.#timeouts === null) return
    const actual = table.timeouts()
    const { tcp, tcpFin, udp } = this.#timeouts
    const wanted = {
      tcp: tcp ?? actual.tcp,
      tcpFin: tcpFin ?? actual.tcpFin,
      udp: udp ?? actual.udp,
    }
    if (JSON.stringify(wanted) !== JSON.stringify(actual)) table.setTimeouts(wanted)
  }
}

function opText(op: IpvsOp): string {
  const at = serviceText(op.service)
  if ('destination' in op) return `${op.kind} ${destinationText(op.destination)} of ${at}`
  return `${op.kind} ${at}`
}

/** For people: which message the kernel did not know is no news where it has nothing of it. */
function whyMissing(error: unknown): string {
  if (error instanceof KernelError && error.code === 'ENOENT') return withoutIpvs
  return error instanceof Error ? error.message : String(error)
}

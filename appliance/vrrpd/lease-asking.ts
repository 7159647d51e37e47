import type { Guard } from '../guard/guard.ts'
import type { LeaseConfig } from '../guard/lease-claim.ts'
import { ConnectedSocket } from '../linux/connected-socket.ts'
import { now } from '../linux/monotonic-clock.ts'
import { SOCK_DGRAM } from '../linux/outgoing-socket.ts'
import { PreciseTimer } from '../linux/precise-timer.ts'
import { after, type Instant, seconds } from '../values/duration.ts'

type Line = {
  readonly config: LeaseConfig
  readonly socket: ConnectedSocket
  readonly openedAt: Instant
}

export type LeaseAskingSite = {
  readonly guard: () => Guard | null
  /** Something was answered, or has run out. */
  readonly onNews: () => void
  readonly onRefused: (witness: string, why: string) => void
}

const fromAnywhere = { source: null, interface: null, mark: null } as const

/** A socket keeps the address that it had at first: a witness that is silent gets a new one. */
const oldAfter = seconds(1)

/** Asks the witnesses for their leases in time, and hands in what they answer. */
export class LeaseAsking {
  readonly #site: LeaseAskingSite
  readonly #timer: PreciseTimer
  readonly #lines = new Map<string, Line>()
  readonly #buffer = new Uint8Array(512)

  constructor(site: LeaseAskingSite) {
    this.#site = site
    this.#timer = PreciseTimer.open(() => this.#onTimer())
  }

  /** Asks whatever is due now; a lease that is not wanted any more is given back at once. */
  ask(): void {
    const guard = this.#site.guard()
    if (guard === null) return
    const { leases } = guard
    const configs = leases.configs
    this.#closeOthers(configs)
    const questions = configs.length === 0 ? [] : leases.ask(guard.wantsLeases(now()), now())
    for (const [name, bytes] of questions) {
      const config = configs.find(each => each.name === name)
      if (config === undefined) continue
      const line = this.#lineFor(config, leases.isSilent(name, now()))
      const outcome = line?.socket.send(bytes) ?? 'sent'
      // Also what ICMP says of an earlier question: nobody is there, or there is no way.
      if (outcome !== 'sent') this.#close(name)
    }
    const wakeAt = leases.wakeAt()
    if (wakeAt === null) this.#timer.disarm()
    else this.#timer.arm(wakeAt)
  }

  close(): void {
    this.#timer.close()
    for (const name of [...this.#lines.keys()]) this.#close(name)
  }

  #onTimer(): void {
    for (const name of this.#lines.keys()) this.#drain(name)
    this.#site.onNews()
  }

  #lineFor(config: LeaseConfig, isSilent: boolean): Line | null {
    const { name, address, port } = config
    const known = this.#lines.get(name)
    if (known !== undefined && (!isSilent || now() < after(known.openedAt, oldAfter))) return known
    this.#close(name)
    try {
      const socket = ConnectedSocket.open([SOCK_DGRAM, 0], address, port, fromAnywhere)
      const line = { config, socket, openedAt: now() }
      this.#lines.set(name, line)
      socket.onReadable(() => {
        if (this.#drain(name)) this.#site.onNews()
      })
      return line
    } catch (error) {
      this.#site.onRefused(name, error instanceof Error ? error.message : String(error))
      return null
    }
  }

  /** True: something was there. */
  #drain(name: string): boolean {
    const line = this.#lines.get(name)
    if (line === undefined) return false
    let any = false
    for (;;) {
      const length = line.socket.receive(this.#buffer)
      if (length === 'EAGAIN') return any
      if (typeof length === 'string') {
        this.#close(name)
        return any
      }
      any = true
      this.#site.guard()?.leases.hear(name, this.#buffer.subarray(0, length), now())
    }
  }

  #closeOthers(configs: readonly LeaseConfig[]): void {
    for (const [name, { config }] of this.#lines) {
      const { address, port } = configs.find(each => each.name === name) ?? {}
      if (address !== config.address || port !== config.port) this.#close(name)
    }
  }

  #close(name: string): void {
    this.#lines.get(name)?.socket.close()
    this.#lines.delete(name)
  }
}

import { readSender, whoHas } from '../linux/arp-frames.ts'
import { arpFrom } from '../linux/frame-filter.ts'
import { etherType, FrameListener } from '../linux/frame-listener.ts'
import type { Interface, Interfaces } from '../linux/interfaces.ts'
import { familyOf, type IpAddress } from '../values/ip-address.ts'
import type { MacAddress } from '../values/mac-address.ts'
import type { Member } from '../vrrp/ensemble.ts'
import type { RouterConfig, VirtualAddress } from '../vrrp/router-config.ts'

/** How often somebody else is asked for one of our addresses on an interface. */
const askEveryMs = 1000

type Ours = { readonly router: string; readonly address: IpAddress }

type Watched = {
  readonly listener: FrameListener
  readonly on: Interface
  readonly ours: readonly Ours[]
  asked: number
}

export type ConflictWatchSite = {
  readonly interfaces: Interfaces
  /** Somebody with that hardware address says to have one of a router that we are master of. */
  readonly onConflict: (router: string, address: IpAddress, mac: MacAddress) => void
  readonly onRefused: (why: string) => void
  /** Asked by us, or said by somebody of our addresses. */
  readonly onFrame: (on: string, direction: 'in' | 'out', frame: Uint8Array) => void
}

/**
 * While this box is master it hears who else has its IPv4 addresses (RFC 5227 2.4), and asks for
 * one of them now and then. With a virtual MAC both boxes have the same: nothing can be seen there.
 */
export class ConflictWatch {
  readonly #site: ConflictWatchSite
  #watched: readonly Watched[] = []
  #key = ''
  #asking: NodeJS.Timeout | null = null

  constructor(site: ConflictWatchSite) {
    this.#site = site
  }

  /** Called whenever a router or an interface may be another. */
  look(members: readonly Member[]): void {
    const masters = members.filter(({ state, config }) => {
      return state.kind === 'master' && !config.virtualMac
    })
    const wanted = new Map<Interface, Ours[]>()
    for (const { config } of masters) {
      for (const address of config.addresses) {
        const on = this.#site.interfaces.named(interfaceOf(config, address))
        const ip = address.prefix.address
        if (on === null || on.mac === null || familyOf(ip) !== 'inet') continue
        wanted.set(on, [...(wanted.get(on) ?? []), { router: config.name, address: ip }])
      }
    }
    const key = JSON.stringify([...wanted].map(([{ index, mac }, ours]) => [index, mac, ours]))
    if (key === this.#key) return
    this.close()
    this.#key = key
    this.#watched = [...wanted].flatMap(([on, ours]) => this.#watch(on, ours))
    if (this.#watched.length > 0) this.#asking = setInterval(() => this.#ask(), askEveryMs)
  }

  #watch(on: Interface, ours: readonly Ours[]): readonly Watched[] {
    const routers = new Map(ours.map(({ address, router }) => [address, router]))
    const filter = arpFrom([...routers.keys()])
    try {
      const listening = { interfaceIndex: on.index, etherType: etherType.arp, filter }
      const listener = FrameListener.open(listening, frame => {
        this.#site.onFrame(on.name, 'in', frame)
        const sender = readSender(frame)
        const router = sender === null ? undefined : routers.get(sender.address)
        if (sender === null || router === undefined || sender.mac === on.mac) return
        this.#site.onConflict(router, sender.address, sender.mac)
      })
      return [{ listener, on, ours, asked: 0 }]
    } catch (error) {
      this.#site.onRefused(error instanceof Error ? error.message : String(error))
      return []
    }
  }

  #ask(): void {
    for (const watched of this.#watched) {
      const { listener, on, ours } = watched
      const next = ours[watched.asked++ % ours.length]
      if (next === undefined || on.mac === null) continue
      const question = whoHas(next.address, on.mac, null)
      listener.send(question)
      this.#site.onFrame(on.name, 'out', question)
    }
  }

  close(): void {
    if (this.#asking !== null) clearInterval(this.#asking)
    this.#asking = null
    for (const { listener } of this.#watched) listener.close()
    this.#watched = []
    this.#key = ''
  }
}

const interfaceOf = (config: RouterConfig, address: VirtualAddress): string =>
  address.interface ?? config.interface

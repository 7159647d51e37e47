import type { Interfaces } from '../linux/interfaces.ts'
import type { Journal } from '../linux/journal.ts'
import { addMacvlan, keepToOwnAddresses, removeMacvlan, switchMacvlan } from '../linux/macvlan.ts'
import { now } from '../linux/monotonic-clock.ts'
import type { NetlinkSocket } from '../linux/netlink/socket.ts'
import { type MacAddress, macAddressFrom } from '../values/mac-address.ts'
import type { RouterConfig, VirtualAddress } from '../vrrp/router-config.ts'

/** `lan.v4.51`; a name has 15 characters at most, and those of two ports differ at their end. */
const ownName = ({ interface: on, family, vrid }: RouterConfig): string =>
  `${on.slice(-8)}.v${family === 'inet' ? 4 : 6}.${vrid}`

const isOwnName = (name: string): boolean => /\.v[46]\.\d{1,3}$/.test(name)

/** RFC 9568 7.3: 00-00-5E-00-01-{VRID}, for IPv6 00-00-5E-00-02-{VRID}. */
const virtualMac = ({ family, vrid }: RouterConfig): MacAddress =>
  macAddressFrom(Uint8Array.of(0, 0, 0x5e, 0, family === 'inet' ? 1 : 2, vrid))

/** Where a virtual address of a router lives. */
export const interfaceOf = (config: RouterConfig, address: VirtualAddress): string =>
  address.interface ?? (config.virtualMac ? ownName(config) : config.interface)

/**
 * Interfaces with the routers' own hardware addresses. They are there from the start, so that a
 * takeover need not make one, and switched off unless the router is master: a backup that speaks
 * from that address would teach the switches to send the master's traffic to it.
 */
export class VirtualMacs {
  readonly #netlink: NetlinkSocket
  readonly #interfaces: Interfaces
  readonly #journal: Journal
  #routers: readonly RouterConfig[] = []
  /** By index, as we set it last: the kernel's word of it may still be under way. */
  readonly #switched = new Map<number, boolean>()

  constructor(netlink: NetlinkSocket, interfaces: Interfaces, journal: Journal) {
    this.#netlink = netlink
    this.#interfaces = interfaces
    this.#journal = journal
  }

  configure(routers: readonly RouterConfig[]): void {
    this.#routers = routers.filter(config => config.virtualMac)
    const wanted = new Set(this.#routers.map(ownName))
    for (const { name, kind } of this.#interfaces.all()) {
      if (kind !== 'macvlan' || !isOwnName(name) || wanted.has(name)) continue
      this.#attempt(name, () => removeMacvlan(this.#netlink, name))
    }
    this.make()
  }

  /** Also when an interface has come that was not there. */
  make(): void {
    for (const config of this.#routers) {
      const name = ownName(config)
      const on = this.#interfaces.named(config.interface)
      if (on === null || this.#interfaces.named(name) !== null) continue
      this.#attempt(name, () => {
        addMacvlan(this.#netlink, { name, parent: on.index, mac: virtualMac(config) })
        // Else the parent answers for the virtual addresses with its own hardware address.
        keepToOwnAddresses(config.interface)
      })
    }
    if (this.#routers.length > 0) this.#interfaces.refresh()
  }

  /** Before addresses are put. */
  switchOn(masters: ReadonlySet<string>): void {
    this.#switch(masters, true)
  }

  /** After addresses are taken away. */
  switchOff(masters: ReadonlySet<string>): void {
    this.#switch(masters, false)
  }

  #switch(masters: ReadonlySet<string>, up: boolean): void {
    for (const config of this.#routers) {
      const on = this.#interfaces.named(ownName(config))
      if (on === null || masters.has(config.name) !== up) continue
      if ((this.#switched.get(on.index) ?? on.up) === up) continue
      this.#attempt(on.name, () => switchMacvlan(this.#netlink, on.index, up))
      this.#switched.set(on.index, up)
    }
  }

  #attempt(name: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.#journal.repeated(name, 'virtual-mac', now(), () => why)
    }
  }
}

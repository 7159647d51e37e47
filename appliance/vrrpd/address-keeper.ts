import { type AddressOp, type AddressPlace, planAddresses } from '../linux/address-plan.ts'
import { changeSetting } from '../linux/interface-setting.ts'
import type { Interface, InterfaceChange, Interfaces } from '../linux/interfaces.ts'
import type { Journal } from '../linux/journal.ts'
import { now } from '../linux/monotonic-clock.ts'
import type { AddressWish, KernelAddress } from '../linux/netlink/address-message.ts'
import type { NetlinkSocket } from '../linux/netlink/socket.ts'
import { applyAddresses, ourOrigin, readAddresses } from '../linux/virtual-addresses.ts'
import { milliseconds, seconds } from '../values/duration.ts'
import type { IpAddress } from '../values/ip-address.ts'
import { prefixText } from '../values/prefix.ts'
import type { RouterConfig, VirtualAddress } from '../vrrp/router-config.ts'
import { RouteKeeper } from './route-keeper.ts'
import { interfaceOf, VirtualMacs } from './virtual-macs.ts'

/** Should we hang, the kernel drops the addresses by itself: the last line, not the fast one. */
const lease = seconds(5)
const renewBelow = seconds(4)
const renewEvery = milliseconds(1500)

/** Many routers change together. */
const gatherMs = 20

/** Somebody takes addresses away as fast as we put them back: then we are slower. */
const restoresAtOnce = 10
const stormPause = seconds(2)

/** So many addresses were put or taken away. */
type Settled = { readonly added: number; readonly removed: number }

export type AddressKeeperSite = {
  readonly netlink: NetlinkSocket
  readonly interfaces: Interfaces
  readonly journal: Journal
  /**
   * What waits on the sockets comes in. After a pause timers run first, and what was taken from a
   * mute master must not come back before it hears who has its place now.
   */
  readonly hearFirst: () => void
  /** After the look that follows a change. */
  readonly onSettled: () => void
}

/**
 * Keeps the kernel's addresses as the states of the routers want them: those of masters there, all
 * other virtual ones away, whoever put them there or took them.
 */
export class AddressKeeper {
  readonly #netlink: NetlinkSocket
  readonly #interfaces: Interfaces
  readonly #journal: Journal
  readonly #hearFirst: () => void
  readonly #onSettled: () => void
  readonly #routes: RouteKeeper
  readonly #macs: VirtualMacs
  readonly #holding = new Set<string>()
  readonly #renewal: NodeJS.Timeout
  #routers = new Map<string, RouterConfig>()
  #virtual = new Set<IpAddress>()
  #present = new Set<string>()
  /** Of routers that are not master. */
  #unwanted = new Set<string>()
  /** In the kernel's words. */
  #refused = new Map<string, string>()
  /** Of more than one router. */
  #shared: ReadonlySet<IpAddress> = new Set()
  #soon: NodeJS.Timeout | null = null
  #restores = 0
  #storm: NodeJS.Timeout | null = null

  constructor({ netlink, interfaces, journal, hearFirst, onSettled }: AddressKeeperSite) {
    this.#netlink = netlink
    this.#interfaces = interfaces
    this.#journal = journal
    this.#hearFirst = hearFirst
    this.#onSettled = onSettled
    this.#routes = new RouteKeeper(netlink, interfaces, journal)
    this.#macs = new VirtualMacs(netlink, interfaces, journal)
    this.#renewal = setInterval(() => this.#renew(), renewEvery)
  }

  /** All addresses that come and go with routers. */
  get virtual(): ReadonlySet<IpAddress> {
    return this.#virtual
  }

  configure(routers: readonly RouterConfig[]): void {
    this.#routers = new Map(routers.map(config => [config.name, config]))
    this.#routes.configure(routers)
    this.#macs.configure(routers)
    this.#promoteSecondaries()
    this.#shared = twice(
      routers.flatMap(config => config.addresses.map(({ prefix }) => prefix.address)),
    )
    // An owner's own addresses are there for ever, and are not ours to put or take.
    this.#virtual = new Set(
      routers.flatMap(config => config.addresses.map(({ prefix }) => prefix.address)),
    )
    for (const config of routers) {
      if (config.priority !== 255) continue
      for (const { address, on } of this.#placesOf(config)) {
        if (on.addresses.some(known => isNative(known, address))) {
          this.#virtual.delete(address.prefix.address)
        }
      }
    }
  }

  /** Else the kernel takes all addresses of a subnet away with the first of them. */
  #promoteSecondaries(): void {
    const setting = { family: 'ipv4', setting: 'promote_secondaries' } as const
    const all = [...this.#routers.values()].flatMap(config => this.#placesOf(config))
    for (const name of new Set(all.map(({ on }) => on.name))) {
      try {
        changeSetting({ ...setting, interface: name }, '1')
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        this.#journal.repeated('addresses', 'promote-secondaries', now(), () => why)
      }
    }
  }

  holdOnly(routers: readonly string[]): void {
    this.#holding.clear()
    for (const name of routers) this.#holding.add(name)
  }

  /** Interfaces have come or gone. */
  onInterfaces(): void {
    this.#hearFirst()
    this.#macs.make()
    this.settle()
  }

  hold(router: string): void {
    this.#holding.add(router)
  }

  release(router: string): void {
    this.#holding.delete(router)
  }

  held(router: string): ReadonlySet<IpAddress> {
    const config = this.#routers.get(router)
    if (config === undefined) return new Set()
    const here = this.#placesOf(config).filter(({ address, on }) => {
      const { address: ip } = address.prefix
      return !this.#virtual.has(ip) || this.#present.has(`${on.index} ${ip}`)
    })
    return new Set(here.map(({ address }) => address.prefix.address))
  }

  /** Routers that should hold an address and cannot, and why: a master without it is none. */
  lacking(): ReadonlyMap<string, string> {
    const lacking = new Map<string, string>()
    for (const name of this.#holding) {
      const config = this.#routers.get(name)
      for (const address of config?.addresses ?? []) {
        if (config === undefined || !this.#virtual.has(address.prefix.address)) continue
        const on = this.#interfaces.named(interfaceOf(config, address))
        const key = `${on?.index ?? 0} ${address.prefix.address}`
        if (this.#present.has(key)) continue
        const why = on === null ? `there is no ${interfaceOf(config, address)}` : 'not put there'
        const words = this.#refused.get(key) ?? why
        lacking.set(name, `cannot hold ${prefixText(address.prefix)}: ${words}`)
      }
    }
    return lacking
  }

  /**
   * What a change of state moves, without a look at what the kernel has: clients wait. A look at
   * all of it follows soon, once for many changes. False: it is to follow at once.
   */
  moveAtOnce(away: readonly string[], here: readonly string[]): boolean {
    const going = this.#wishesOfAll(away)
    if (going.some(({ prefix }) => this.#shared.has(prefix.address))) return false
    if (going.length > 0) this.#routes.takeAway(this.#holding)
    this.#macs.switchOn(this.#holding)
    const coming = this.#wishesOfAll(here)
    const refused = applyAddresses(this.#netlink, [
      ...going.map(wish => ({ kind: 'remove', address: wish }) as const),
      ...coming.map(wish => ({ kind: 'add', wish }) as const),
    ])
    if (refused.length > 0) return false
    if (going.length > 0) this.#macs.switchOff(this.#holding)
    if (coming.length > 0) this.#routes.put(this.#holding)
    for (const key of going.map(keyOf)) {
      this.#present.delete(key)
      this.#unwanted.add(key)
    }
    for (const key of coming.map(keyOf)) {
      this.#unwanted.delete(key)
      this.#present.add(key)
    }
    this.#soon ??= setTimeout(() => {
      this.#hearFirst()
      this.settle()
      this.#onSettled()
    }, gatherMs)
    return true
  }

  /** Makes the kernel's addresses, routes and rules what they should be. */
  settle(): Settled {
    if (this.#soon !== null) clearTimeout(this.#soon)
    this.#soon = null
    this.#routes.takeAway(this.#holding)
    this.#macs.switchOn(this.#holding)
    const settled = this.#settleAddresses()
    this.#macs.switchOff(this.#holding)
    this.#routes.put(this.#holding)
    return settled
  }

  #settleAddresses(): Settled {
    const wanted: AddressWish[] = []
    const unwanted: AddressPlace[] = []
    for (const config of this.#routers.values()) {
      const wishes = this.#wishesOf(config)
      if (this.#holding.has(config.name)) wanted.push(...wishes)
      else unwanted.push(...wishes.map(placeOf))
    }
    // An address that moves from one router to another stays.
    const kept = new Set(wanted.map(keyOf))
    const away = unwanted.filter(place => !kept.has(`${place.interfaceIndex} ${place.address}`))
    const goal = { wanted, unwanted: away, origin: ourOrigin, renewBelow }
    const ops = planAddresses(goal, readAddresses(this.#netlink))
    const refused = ops.length === 0 ? [] : applyAddresses(this.#netlink, ops)
    this.#present = kept
    this.#unwanted = new Set(away.map(place => `${place.interfaceIndex} ${place.address}`))
    this.#refused = new Map()
    for (const { op, error } of refused) {
      if (op.kind !== 'remove') {
        const key = `${op.wish.interfaceIndex} ${op.wish.prefix.address}`
        this.#present.delete(key)
        this.#refused.set(key, error.message)
      }
      this.#journal.repeated('addresses', `address-${error.code}`, now(), () => error.message)
    }
    const count = (kind: AddressOp['kind']) => ops.filter(op => op.kind === kind).length
    return { added: count('add'), removed: count('remove') }
  }

  /** The kernel has told of changes: what somebody took away comes back, what somebody put goes. */
  check(changes: readonly InterfaceChange[]): boolean {
    const lost = changes.some(({ before, after }) =>
      (before?.addresses ?? []).some(({ prefix }) => {
        const { address } = prefix
        if (!this.#present.has(`${before?.index ?? 0} ${address}`)) return false
        return !(after?.addresses ?? []).some(known => known.prefix.address === address)
      }),
    )
    const foreign = changes.some(({ after }) =>
      (after?.addresses ?? []).some(({ prefix }) =>
        this.#unwanted.has(`${after?.index ?? 0} ${prefix.address}`),
      ),
    )
    if (!(lost || foreign) || this.#storm !== null) return false
    this.#restores += 1
    if (this.#restores > restoresAtOnce) {
      this.#storm = setTimeout(() => {
        this.#storm = null
        this.#restores = 0
        this.#hearFirst()
        this.settle()
      }, stormPause)
      return false
    }
    const { added, removed } = this.settle()
    if (foreign && removed > 0) {
      this.#journal.repeated('addresses', 'address-foreign', now(), () => foreignWords)
    }
    return added > 0
  }

  #renew(): void {
    this.#restores = 0
    if (this.#holding.size === 0) return
    this.#hearFirst()
    this.settle()
  }

  #wishesOfAll(routers: readonly string[]): AddressWish[] {
    return routers.flatMap(name => this.#wishesOf(this.#routers.get(name)))
  }

  #wishesOf(config: RouterConfig | undefined): AddressWish[] {
    if (config === undefined) return []
    const ours = this.#placesOf(config).filter(({ address }) => {
      return this.#virtual.has(address.prefix.address)
    })
    return ours.map(({ address: { prefix, label, scope }, on }) => {
      return { interfaceIndex: on.index, prefix, label, scope, lease, origin: ourOrigin }
    })
  }

  #placesOf(config: RouterConfig): { address: VirtualAddress; on: Interface }[] {
    return config.addresses.flatMap(address => {
      const on = this.#interfaces.named(interfaceOf(config, address))
      return on === null ? [] : [{ address, on }]
    })
  }

  close(): void {
    if (this.#soon !== null) this.settle()
    clearInterval(this.#renewal)
    if (this.#storm !== null) clearTimeout(this.#storm)
  }
}

const foreignWords =
  'somebody put virtual addresses here of which this box is not master; they were taken away'

function twice(addresses: readonly IpAddress[]): ReadonlySet<IpAddress> {
  const seen = new Set<IpAddress>()
  return new Set(addresses.filter(address => seen.size === seen.add(address).size))
}

const keyOf = ({ interfaceIndex, prefix }: AddressWish): string =>
  `${interfaceIndex} ${prefix.address}`

const placeOf = ({ interfaceIndex, prefix }: AddressWish): AddressPlace => {
  return { interfaceIndex, address: prefix.address }
}

const isNative = (known: KernelAddress, { prefix }: VirtualAddress): boolean =>
  known.prefix.address === prefix.address && known.origin !== ourOrigin && known.validFor === null

import { type Instant, instant } from '../../appliance/values/duration.ts'
import { type IpAddress, ipAddress } from '../../appliance/values/ip-address.ts'
import {
  Ensemble,
  type EnsembleEffect,
  type EnsembleInput,
  type InterfaceSeen,
} from '../../appliance/vrrp/ensemble.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import type { RouterState } from '../../appliance/vrrp/router-state.ts'
import { config } from './vrrp-router-words.ts'

type Bare<I> = I extends unknown ? Omit<I, 'now'> : never
export type Said = EnsembleEffect & { readonly at: number }

export const router = (change: Partial<RouterConfig> = {}): RouterConfig => ({
  ...config,
  ...change,
})

export const interfaceWith = (address: string | null, change: Partial<InterfaceSeen> = {}) => ({
  down: null,
  inet: address === null ? null : ipAddress(address),
  inet6: ipAddress('fe80::1'),
  ...change,
})

/** One ensemble, the moments at which it was fed, and what it said. */
export class Box {
  readonly name: string
  readonly ensemble = new Ensemble()
  readonly said: Said[] = []
  interfaces: Map<string, InterfaceSeen>
  /** It does not run: what it would hear waits. */
  stalled = false
  /** It is off. */
  dead = false
  readonly waiting: EnsembleInput[] = []

  constructor(name: string, address: string) {
    this.name = name
    this.interfaces = new Map([
      ['eth0', interfaceWith(address)],
      ['eth1', interfaceWith(address)],
    ])
  }

  feed(at: number, input: Bare<EnsembleInput>): Said[] {
    const effects = this.ensemble.feed({ ...input, now: instant(at) } as EnsembleInput)
    const said = effects.map(effect => ({ ...effect, at }))
    this.said.push(...said)
    return said
  }

  start(at: number, routers: readonly RouterConfig[]): Said[] {
    return [...this.see(at, this.interfaces), ...this.configure(at, routers)]
  }

  configure(at: number, routers: readonly RouterConfig[]): Said[] {
    return this.feed(at, { input: 'Configured', routers })
  }

  see(at: number, interfaces: ReadonlyMap<string, InterfaceSeen>): Said[] {
    this.interfaces = new Map(interfaces)
    return this.feed(at, { input: 'InterfacesSeen', interfaces: this.interfaces })
  }

  /** The interface is as it was, but for this. */
  seeOn(at: number, name: string, change: Partial<InterfaceSeen>): Said[] {
    const before = this.interfaces.get(name) ?? interfaceWith(null)
    return this.see(at, new Map([...this.interfaces, [name, { ...before, ...change }]]))
  }

  timer(at: number): Said[] {
    return this.feed(at, { input: 'TimerDue' })
  }

  hear(at: number, name: string, priority: number, source: string, secondPath = false): Said[] {
    const { version, interval, vrid, family } = this.state(name).config
    const advert = { version, family, vrid, priority, interval, addresses: [] }
    return this.feed(at, {
      input: 'AdvertReceived',
      router: name,
      advert,
      source: ipAddress(source),
      secondPath,
    })
  }

  /** Or it would be woken for ever. */
  hasMovedOn(from: number): void {
    const at = this.ensemble.wakeAt()
    if (at !== null && at <= from) throw new Error(`${this.name}, woken at ${from}, wants ${at}`)
  }

  state(name = 'web') {
    const member = this.ensemble.member(name)
    if (member === null) throw new Error(`${this.name} has no router ${name}`)
    return member
  }

  is(name = 'web'): RouterState['kind'] {
    return this.state(name).state.kind
  }

  /** Wakes it whenever it wants that, and nothing else happens. */
  runUntil(end: number): void {
    for (let at = this.ensemble.wakeAt(); at !== null && at <= end; at = this.ensemble.wakeAt()) {
      this.timer(at)
      this.hasMovedOn(at)
    }
  }
}

/** `send 0`, `hold`, `release`, `announce contested`, `master -> backup`, `notice lower-master`. */
export const words = (said: readonly EnsembleEffect[]): string[] => said.map(wordsOf)

function wordsOf(effect: EnsembleEffect): string {
  const { router: name } = effect
  switch (effect.effect) {
    case 'SendAdvert':
      return `${name}: send ${effect.priority}`
    case 'HoldAddresses':
      return `${name}: hold`
    case 'ReleaseAddresses':
      return `${name}: release`
    case 'Announce':
      return `${name}: announce ${effect.because}`
    case 'StateChanged':
      return `${name}: ${effect.from} -> ${effect.to}`
    case 'Noticed':
      return `${name}: notice ${effect.notice.reason}`
  }
}

/** Boxes that hear each other at once, on virtual time. */
export class Lan {
  now = 0
  readonly boxes: Box[] = []
  /** Interfaces whose adverts get lost, as `anna eth0`. */
  readonly cut = new Set<string>()

  add(name: string, address: string, ...routers: readonly RouterConfig[]): Box {
    const box = new Box(name, address)
    this.boxes.push(box)
    this.tell(box, () => box.start(this.now, routers))
    return box
  }

  /** What it says meanwhile reaches the others. */
  tell(box: Box, what: () => readonly Said[]): void {
    for (const effect of what()) {
      if (effect.effect === 'SendAdvert') this.#send(box, effect)
    }
  }

  #send(from: Box, { router: name, priority }: Said & { effect: 'SendAdvert' }): void {
    const known = from.ensemble.member(name)?.config
    if (known === undefined) return
    const paths = priority === 0 ? known.secondPaths : []
    for (const eth of [known.interface, ...paths]) {
      const source = from.interfaces.get(eth)?.inet ?? null
      if (this.cut.has(`${from.name} ${eth}`) || source === null) continue
      for (const to of this.boxes) if (to !== from) this.#deliver(to, eth, known, priority, source)
    }
  }

  #deliver(to: Box, eth: string, sent: RouterConfig, priority: number, source: IpAddress): void {
    if (to.dead) return
    const { version, family, vrid, interval } = sent
    for (const { config: own } of to.ensemble.members()) {
      const secondPath = own.interface !== eth
      if (own.vrid !== vrid || (secondPath && !own.secondPaths.includes(eth))) continue
      const advert = { version, family, vrid, priority, interval, addresses: [] }
      const input = {
        input: 'AdvertReceived',
        router: own.name,
        advert,
        source,
        secondPath,
      } as const
      if (to.stalled) to.waiting.push({ ...input, now: instant(this.now) })
      else this.tell(to, () => to.feed(this.now, input))
    }
  }

  /** Sockets first, as vrrpd does. */
  resume(box: Box): void {
    box.stalled = false
    for (const input of box.waiting.splice(0)) this.tell(box, () => box.feed(this.now, input))
  }

  runUntil(end: number): void {
    for (;;) {
      const next = this.boxes
        .filter(box => !box.stalled && !box.dead)
        .map((box): [Box, Instant | null] => [box, box.ensemble.wakeAt()])
        .filter((each): each is [Box, Instant] => each[1] !== null && each[1] <= end)
        .sort(([, a], [, b]) => a - b)[0]
      if (next === undefined) break
      const [box, at] = next
      this.now = Math.max(this.now, at)
      this.tell(box, () => box.timer(this.now))
      box.hasMovedOn(this.now)
    }
    this.now = end
  }

  masters(name = 'web'): string[] {
    return this.boxes
      .filter(box => !box.dead && box.ensemble.member(name)?.state.kind === 'master')
      .map(box => box.name)
  }
}

/** When it became that, the last time. */
export function lastChange(box: Box, to: RouterState['kind'], name = 'web'): number | null {
  const found = box.said.findLast(
    each => each.effect === 'StateChanged' && each.to === to && each.router === name,
  )
  return found?.at ?? null
}

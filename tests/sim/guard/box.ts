/** A box of the guard world: what appliance/vrrpd and its supervisor do around the pure parts. */

import type { Claim, Disbelieved } from '../../../appliance/guard/claim-watch.ts'
import { Guard } from '../../../appliance/guard/guard.ts'
import { lastSequence, markOf } from '../../../appliance/guard/heartbeat.ts'
import { encodeHeartbeat } from '../../../appliance/guard/heartbeat-codec.ts'
import { type Instant, instant, milliseconds } from '../../../appliance/values/duration.ts'
import type { HmacSha256 } from '../../../appliance/vrrp/advert.ts'
import {
  Ensemble,
  type EnsembleInput,
  type InterfaceSeen,
} from '../../../appliance/vrrp/ensemble.ts'
import { advertOf } from '../../../appliance/vrrp/expectations.ts'
import type { Verdict } from '../../../appliance/vrrp/priority.ts'
import { Trouble } from '../trouble.ts'
import { addressOf } from './plan.ts'
import type { GuardWorld } from './world.ts'

/** Nobody here looks for collisions. */
export const quickHmac: HmacSha256 = (_, message) => {
  let sum = 0x811c9dc5
  for (const byte of message) sum = Math.imul(sum ^ byte, 0x01000193)
  const whole = new Uint8Array(32)
  new DataView(whole.buffer).setUint32(0, sum)
  return whole
}

type Waiting = {
  readonly segment: string
  readonly bytes: Uint8Array | EnsembleInput
  readonly arrived: Instant
}

export class GuardBox {
  readonly index: 0 | 1
  readonly name: string
  readonly trouble = new Trouble()
  /** Names of routers whose addresses its kernel has. */
  readonly held = new Set<string>()
  ensemble: Ensemble | null = null
  guard: Guard | null = null
  frozen = false
  /** How often each is out of order. */
  carrierLost = 0
  witnessLost = 0
  witnessSeen = true
  #deadCables = 0
  #waiting: Waiting[] = []
  #armed = 0
  #asked = 0
  #life = 0
  #timerIsLate = false
  readonly #world: GuardWorld

  constructor(world: GuardWorld, index: 0 | 1) {
    this.#world = world
    this.index = index
    this.name = index === 0 ? 'anna' : 'bert'
    this.trouble.begin()
  }

  get now(): Instant {
    return instant(this.#world.timeline.now + 1000 * this.index)
  }

  start(): void {
    const { random, plan } = this.#world
    this.trouble.end(this.#world.timeline.now)
    this.#life += 1
    this.ensemble = new Ensemble()
    const site = {
      hmac: quickHmac,
      boot: random.integer(1, 2 ** 40),
      name: this.name,
      members: () => this.ensemble?.members() ?? [],
      lacking: () => new Map<string, string>(),
      onNews: ({ event, text }: { event: string; text: string }) => {
        this.#world.tally.count(`news: ${event}`)
        this.#world.log(() => `${this.name}: ${event}: ${text}`)
      },
      onDisbelieved: ({ router, source, reason, times }: Disbelieved) => {
        this.#world.tally.count(`refused: ${reason}`)
        this.#world.log(() => `${this.name}: ${router}: ${source}: ${reason}, ${times} times`)
      },
    }
    this.guard = new Guard(site, plan.guards[this.index], this.now)
    this.tellInterfaces()
    this.feed(this.guard.guarded(this.now))
    this.#look()
    const routers = plan.routers[this.index]
    this.feed({ input: 'Configured', routers, now: this.now })
    this.#beat(this.#life)
  }

  /** Orderly: it says so itself. */
  stop(): void {
    this.#unsettle()
    this.trouble.begin()
    this.feed({ input: 'StopRequested', why: 'restart', now: this.now })
    this.#end()
  }

  /** The supervisor says so for it, over every path, and takes the addresses away. */
  kill(): void {
    this.#unsettle()
    this.trouble.begin()
    const { plan } = this.#world
    const routers = plan.routers[this.index]
    for (const config of routers) if (this.held.has(config.name)) this.#speak(config.name, 0)
    const { session, config } = this.guard!
    const { boot, accepted } = session
    const { interval, missed, secret } = config
    const known = { boot, accepted, candidate: 0, sequence: lastSequence, interval, missed }
    const said = routers.map(({ name, vrid }) => ({
      mark: markOf(name, vrid),
      state: 'initialize' as const,
      priority: 0,
      owns: false,
      age: milliseconds(0),
      address: null,
    }))
    const packet = encodeHeartbeat({ ...known, hears: false, routers: said }, secret, quickHmac)
    this.#end()
    this.#releaseAll()
    for (const path of this.#openPaths(plan.paths)) this.#world.send(path, this.index, packet)
  }

  powerOff(): void {
    this.#unsettle()
    this.trouble.begin()
    this.#end()
    this.#releaseAll()
  }

  freeze(): void {
    this.#unsettle()
    this.trouble.begin()
    this.frozen = true
  }

  thaw(): void {
    if (!this.frozen) return
    this.frozen = false
    this.trouble.end(this.#world.timeline.now)
    this.#drain()
    if (this.#timerIsLate) this.#beat(this.#life)
    this.#look()
    this.#timerIsLate = false
    this.#timer(this.#armed)
  }

  failOver(): void {
    this.#unsettle()
    this.feed({ input: 'FailoverRequested', router: null, now: this.now })
  }

  setCarrier(lost: boolean): void {
    this.#unsettle()
    this.carrierLost += lost ? 1 : -1
    this.tellInterfaces()
  }

  setCable(segment: string, dead: boolean): void {
    this.#unsettle()
    this.#deadCables += dead ? 1 : -1
    const obstacle = this.#deadCables > 0 ? 'it has no carrier' : null
    this.#feedAll(this.guard?.seeLinks(new Map([[segment, obstacle]]), this.now) ?? [])
  }

  setWitness(lost: boolean): void {
    this.#unsettle()
    this.witnessLost += lost ? 1 : -1
    const { plan, random, timeline } = this.#world
    // A tracker notices within its time; whoever is back is noticed sooner or later.
    timeline.after(random.between(0, plan.guards[this.index].witnessTime), () => {
      this.witnessSeen = this.witnessLost === 0
      if (this.guard !== null && !this.frozen) {
        this.#look()
      }
    })
  }

  arrives(segment: string, bytes: Uint8Array | EnsembleInput): void {
    if (this.ensemble === null || (segment === 'lan' && this.carrierLost > 0)) return
    if (this.#waiting.length < 200) this.#waiting.push({ segment, bytes, arrived: this.now })
    this.#drain()
  }

  /** By what lasts, and is no trouble of a moment. */
  isImpeded(): boolean {
    return this.guard === null || this.frozen || this.carrierLost > 0 || this.witnessLost > 0
  }

  tellInterfaces(): void {
    const down = this.carrierLost > 0 ? 'it has no carrier' : null
    const lan: InterfaceSeen = { down, inet: addressOf(this.index), inet6: null }
    this.feed({ input: 'InterfacesSeen', interfaces: new Map([['lan', lan]]), now: this.now })
  }

  feed(input: EnsembleInput): void {
    if (this.ensemble === null) return
    const effects = this.ensemble.feed(input)
    if (effects.length > 0 || input.input === 'Guarded') {
      this.#world.log(() => `${this.name}: ${JSON.stringify(input).slice(0, 160)}`)
    }
    let changed = false
    for (const effect of effects) {
      if (effect.effect === 'SendAdvert') this.#speak(effect.router, effect.priority)
      if (effect.effect === 'HoldAddresses') this.#hold(effect.router)
      if (effect.effect === 'ReleaseAddresses') this.#release(effect.router)
      if (effect.effect !== 'StateChanged') continue
      changed = true
      this.#world.tally.count(`becomes ${effect.to}`)
      this.#world.log(() => `${this.name}: ${effect.router} is ${effect.to}: ${effect.why}`)
      this.#world.watch.changed(this, effect.router, effect.from, effect.to)
      if (effect.from === 'master') this.guard?.endSplit(effect.router, 'given way', this.now)
    }
    if (changed) {
      this.#askForLeases()
      this.#say()
    }
    this.#arm()
  }

  #unsettle(): void {
    this.#world.watch.beforeTrouble()
    this.trouble.begin()
    this.trouble.end(this.#world.timeline.now)
  }

  #feedAll(inputs: readonly EnsembleInput[]): void {
    for (const input of inputs) this.feed(input)
  }

  #end(): void {
    this.#life += 1
    this.#armed += 1
    this.ensemble = null
    this.guard = null
    this.frozen = false
    this.#waiting = []
  }

  #drain(): void {
    if (this.frozen) return
    for (const { segment, bytes, arrived } of this.#waiting.splice(0)) {
      if (this.ensemble === null || this.guard === null) return
      if (segment === 'witness' && bytes instanceof Uint8Array) {
        this.guard.leases.hear('third', bytes, this.now)
        this.#look()
        continue
      }
      if (bytes instanceof Uint8Array) this.#feedAll(this.guard.hear(segment, bytes, arrived))
      else if (bytes.input === 'AdvertReceived') this.#hear({ ...bytes, now: this.now })
    }
  }

  #hear(claim: Claim): void {
    const member = this.ensemble?.member(claim.router) ?? null
    if (member !== null && this.guard?.takes(claim, member, false) === true) this.feed(claim)
  }

  #arm(): void {
    const at = this.ensemble?.wakeAt() ?? null
    const armed = ++this.#armed
    if (at === null) return
    const { timeline, random } = this.#world
    const due = at - 1000 * this.index + random.between(0, 0.5)
    timeline.at(Math.max(due, timeline.now + 0.05), () => this.#timer(armed))
  }

  #timer(armed: number): void {
    if (armed !== this.#armed || this.frozen) return
    this.#drain()
    this.feed({ input: 'TimerDue', now: this.now })
  }

  #beat(life: number): void {
    if (life !== this.#life || this.guard === null) return
    if (this.frozen) {
      this.#timerIsLate = true
      return
    }
    this.#drain()
    this.#look()
    this.#say()
    const { timeline, random, plan } = this.#world
    const { interval } = plan.guards[this.index]
    timeline.after(interval + random.between(0, 0.5), () => this.#beat(life))
  }

  #look(): void {
    if (this.guard === null) return
    this.#feedAll(this.guard.look(this.now, this.#verdicts()))
    this.#askForLeases()
  }

  #askForLeases(): void {
    const { guard } = this
    if (guard === null) return
    for (const [, bytes] of guard.leases.ask(guard.wantsLeases(this.now), this.now)) {
      if (this.witnessLost === 0) this.#world.askWitness(this.index, bytes)
    }
    const at = guard.leases.wakeAt()
    const asked = ++this.#asked
    if (at === null) return
    const { timeline } = this.#world
    timeline.at(Math.max(at - 1000 * this.index, timeline.now + 0.05), () => {
      if (asked === this.#asked && !this.frozen) this.#look()
    })
  }

  #say(): void {
    if (this.guard === null) return
    for (const packet of this.guard.heartbeats(this.now)) {
      for (const path of this.#openPaths([...this.guard.paths.keys()])) {
        this.#world.send(path, this.index, packet)
      }
    }
  }

  #openPaths(names: readonly string[]): readonly string[] {
    return names.filter(name => name !== 'lan' || this.carrierLost === 0)
  }

  #speak(router: string, priority: number): void {
    const config = this.#world.plan.routers[this.index].find(({ name }) => name === router)
    if (config === undefined || this.carrierLost > 0) return
    this.#world.send('lan', this.index, {
      input: 'AdvertReceived',
      router,
      advert: advertOf(config, priority),
      source: addressOf(this.index),
      secondPath: false,
      now: this.now,
    })
  }

  #hold(router: string): void {
    this.held.add(router)
    this.#world.watch.owners(router)
  }

  #release(router: string): void {
    if (!this.held.delete(router)) return
    this.#world.watch.owners(router)
  }

  #releaseAll(): void {
    for (const router of [...this.held]) this.#release(router)
  }

  #verdicts(): ReadonlyMap<string, Verdict> {
    const state = this.witnessSeen ? 'up' : 'down'
    return new Map([['witness', { state, number: null, why: '' }]])
  }
}

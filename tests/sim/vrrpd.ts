/**
 * What appliance/vrrpd does around the ensemble, on a box that may be stalled: what waits in the
 * socket comes before the timer, however late that is.
 */

import type { Instant } from '../../appliance/values/duration.ts'
import type { Ensemble, EnsembleEffect, EnsembleInput } from '../../appliance/vrrp/ensemble.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import type { Box } from './box.ts'
import { Ear, hear, onSecondPath, type Packet, Pen, packets } from './packet.ts'
import { Trace } from './trace.ts'
import type { World } from './world.ts'

/** What is under test; a test puts a broken one here. */
export type Brain = Pick<Ensemble, 'feed' | 'wakeAt' | 'members'>

type Waiting =
  | { readonly packet: Packet; readonly segment: number }
  | { readonly tell: (now: Instant) => EnsembleInput }

/** Of a socket: more are dropped by the kernel. */
const longestQueue = 200
/** A timer that is due in the past fires so much later: a loop turn. */
const shortestWait = 0.05

export class Vrrpd {
  readonly brain: Brain
  /** By name, as effects name them. */
  traces = new Map<string, Trace>()
  ended = false
  readonly #box: Box
  readonly #world: World
  readonly #ears: Map<string, Ear>[]
  readonly #pens = new Map<string, Pen>()
  #waiting: Waiting[] = []
  #armedFor: Instant | null = null
  #armed = 0
  #timerIsLate = false

  constructor(box: Box, world: World) {
    this.#box = box
    this.#world = world
    this.brain = world.options.brain(box.name)
    this.#ears = world.scenario.cluster.segments.map(() => new Map())
  }

  /** What the supervisor, the kernel or an operator says. */
  tell(make: (now: Instant) => EnsembleInput): void {
    this.#waiting.push({ tell: make })
    this.#turn()
  }

  arrives(segment: number, packet: Packet): void {
    if (this.#waiting.length >= longestQueue) {
      this.#world.tally.count('packets dropped by a full socket')
      return
    }
    this.#waiting.push({ packet, segment })
    this.#turn()
  }

  /** After a stall. */
  resume(): void {
    if (this.#world.options.timerFirst) this.#timer()
    this.#turn()
    if (this.#timerIsLate) this.#timer()
    // A clock that stood still has moved every deadline.
    this.#armedFor = null
    this.#arm()
  }

  end(): void {
    this.ended = true
  }

  #turn(): void {
    if (this.#box.frozen || this.ended) return
    this.#drain()
    this.#arm()
  }

  #drain(): void {
    for (const waiting of this.#waiting.splice(0)) {
      if (this.ended) return
      const now = this.#box.now()
      if ('tell' in waiting) this.#feed(waiting.tell(now))
      else this.#hear(waiting.segment, waiting.packet, now)
    }
  }

  #hear(segment: number, packet: Packet, now: Instant): void {
    const ear = this.#ears[segment]?.get(packet.key)
    if (ear === undefined) return
    const advert = hear(packet, ear, this.#box.wallClock())
    if (advert === null) {
      this.#world.tally.count('adverts refused')
      return
    }
    const { secondPath } = ear
    const router = ear.config.name
    if (secondPath) this.#world.tally.count('adverts heard on a second path')
    const { source } = packet
    this.#feed({ input: 'AdvertReceived', router, advert, source, secondPath, now })
  }

  #arm(): void {
    const at = this.ended ? null : this.brain.wakeAt()
    if (at === this.#armedFor) return
    this.#armedFor = at
    const armed = ++this.#armed
    if (at === null) return
    const { timeline, random, scenario } = this.#world
    const due = this.#box.clock.when(at)
    // Node rounds to milliseconds: now and then a timer is early.
    const error = random.chance(0.03) ? -0.5 : random.between(0, scenario.cluster.lateness)
    timeline.at(Math.max(due + error, timeline.now + shortestWait), () => {
      if (armed === this.#armed && !this.ended) this.#timer()
    })
  }

  #timer(): void {
    if (this.#box.frozen) {
      this.#timerIsLate = true
      return
    }
    this.#timerIsLate = false
    if (!this.#world.options.timerFirst) this.#drain()
    if (this.ended) return
    const now = this.#box.now()
    this.#feed({ input: 'TimerDue', now })
    this.#armedFor = null
    this.#arm()
  }

  #feed(input: EnsembleInput): void {
    const { invariants } = this.#world
    const before = this.traces
    if (input.input === 'Configured') this.#listen(input.routers, input.now)
    if (input.input === 'AdvertReceived') this.traces.get(input.router)?.hear(input)
    const effects = this.brain.feed(input)
    const feed = { box: this.#box, vrrpd: this, input, effects, now: input.now }
    this.#world.fed(feed)
    for (const effect of effects) {
      const trace = this.traces.get(effect.router) ?? before.get(effect.router)
      if (trace === undefined) this.#world.violate(`effect for unknown router ${effect.router}`)
      invariants.effect(feed, trace, effect)
      trace.follow(effect, input.now)
      this.#perform(trace, effect)
    }
    invariants.fed(feed)
  }

  #listen(routers: readonly RouterConfig[], now: Instant): void {
    const known = new Map([...this.traces.values()].map(trace => [trace.key, trace]))
    this.traces = new Map()
    for (const ears of this.#ears) ears.clear()
    for (const config of routers) {
      const fresh = new Trace(config, now)
      const trace = known.get(fresh.key) ?? fresh
      if (trace.config !== config) trace.configuredAt = now
      trace.config = config
      this.traces.set(config.name, trace)
    }
    this.listenAgain()
  }

  /** The addresses of the interfaces may be others. */
  listenAgain(): void {
    for (const { config } of this.traces.values()) {
      for (const eth of [config.interface, ...config.secondPaths]) {
        const ear = new Ear(config, this.#box.address(eth, config), eth !== config.interface)
        this.#ears[this.#box.segmentOf(eth)]?.set(`${config.family} ${config.vrid}`, ear)
      }
    }
  }

  #perform(trace: Trace, effect: EnsembleEffect): void {
    switch (effect.effect) {
      case 'SendAdvert':
        this.speak(trace.config, effect.priority)
        break
      case 'HoldAddresses':
        this.#box.hold(trace.key)
        break
      case 'ReleaseAddresses':
        this.#box.release(trace.key)
        break
      case 'StateChanged':
        this.#world.tally.count(`becomes ${effect.to}${reason(effect)}`)
        break
      case 'Announce':
        this.#world.tally.count(`announced: ${effect.because}`)
        break
      case 'Noticed':
        this.#world.tally.count(`noticed: ${effect.notice.reason}`)
        break
    }
  }

  /** The supervisor does it too, for a vrrpd that was killed. */
  speak(config: RouterConfig, priority: number): void {
    this.#speakOn(config.interface, config, config, priority)
    if (priority > 0) return
    for (const eth of config.secondPaths) {
      this.#speakOn(eth, config, { ...config, transport: onSecondPath(config) }, priority)
    }
  }

  #speakOn(eth: string, { name }: RouterConfig, config: RouterConfig, priority: number): void {
    const segment = this.#box.segmentOf(eth)
    const source = this.#box.address(eth, config)
    if (source === null || !this.#box.canSendOn(segment)) return
    const { asBytes } = this.#world.scenario.cluster
    const pen = this.#pens.get(name) ?? new Pen()
    this.#pens.set(name, pen)
    const seal = asBytes ? pen.seal(config, this.#box.wallClock()) : { kind: 'none' as const }
    const advert = pen.advert(config, priority)
    const sent = packets(advert, source, config.transport, { seal, config, asBytes })
    for (const packet of sent) this.#world.network.send(this.#box.index, segment, packet)
  }
}

/** Why it leads or follows; addresses, numbers and names have a digit, and are left out. */
const reason = ({ to, why }: EnsembleEffect & { effect: 'StateChanged' }): string =>
  to === 'fault' ? '' : `: ${why.replace(/\S*\d\S* ?/g, '').trim()}`

/** One box: its clock, its interfaces, what its kernel holds, its supervisor, and its vrrpd. */

import { type Instant, milliseconds } from '../../appliance/values/duration.ts'
import type { IpAddress } from '../../appliance/values/ip-address.ts'
import type { UnixTime } from '../../appliance/values/unix-time.ts'
import { type InterfaceSeen, identity } from '../../appliance/vrrp/ensemble.ts'
import type { Verdict } from '../../appliance/vrrp/priority.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import { Clock } from './clock.ts'
import type { BoxPlan } from './cluster.ts'
import { type Packet, wallClock } from './packet.ts'
import { Trouble } from './trouble.ts'
import { Vrrpd } from './vrrpd.ts'
import type { World } from './world.ts'

export class Box {
  readonly name: string
  readonly index: number
  readonly clock: Clock
  readonly trouble = new Trouble()
  /** Identities of the routers whose addresses its kernel has. */
  readonly held = new Set<string>()
  vrrpd: Vrrpd | null = null
  /** Stalled or paused. */
  frozen = false
  resumedAt: Instant
  readonly #world: World
  readonly #plan: BoxPlan
  readonly #wallSkew: number
  /** By their place in the plan; null while taken out of the configuration. */
  readonly #routers: (RouterConfig | null)[]
  /** Segments that are down, each as often as there is a reason. */
  readonly #down: number[]
  readonly #addressless: number[]
  readonly #verdicts = new Map<string, Verdict>()
  #maintenance = 0
  #packetsAreLost = false
  /** Its other clock says how long it stood still: since when. */
  #sleptFrom: number | null = null

  constructor(world: World, plan: BoxPlan, index: number) {
    this.name = plan.name
    this.index = index
    this.clock = new Clock(plan.clockRate, plan.clockBegan)
    this.resumedAt = this.clock.read(0)
    this.#world = world
    this.#plan = plan
    this.#routers = [...plan.routers]
    this.#down = world.scenario.cluster.segments.map(() => 0)
    this.#addressless = world.scenario.cluster.segments.map(() => 0)
    this.#wallSkew = world.random.between(-500, 500)
    this.trouble.begin()
  }

  now(): Instant {
    return this.clock.read(this.#world.timeline.now)
  }

  wallClock(): UnixTime {
    return wallClock(this.#world.timeline.now, this.#wallSkew)
  }

  segmentOf(eth: string): number {
    return this.#world.scenario.cluster.segments.indexOf(eth)
  }

  address(eth: string, { family }: Pick<RouterConfig, 'family'>): IpAddress | null {
    return this.#seen(eth)?.[family] ?? null
  }

  canSendOn(segment: number): boolean {
    return this.#down[segment] === 0
  }

  arrives(segment: number, packet: Packet): void {
    if (this.vrrpd === null || this.#down[segment] !== 0) return
    if (this.frozen && this.#packetsAreLost) return
    if (packet.to !== null && packet.to !== this.address(this.#eth(segment), packet.advert)) return
    this.vrrpd.arrives(segment, packet)
  }

  start(): void {
    this.#world.log(() => `${this.name}: vrrpd starts`)
    this.#world.beforeTrouble()
    this.trouble.end(this.#world.timeline.now)
    this.resumedAt = this.now()
    this.vrrpd = new Vrrpd(this, this.#world)
    // In whatever order the supervisor and the kernel speak.
    const first = [
      () => this.#configure(),
      () => this.#tellInterfaces(),
      () => this.#tellTrackers(),
    ]
    for (const say of this.#world.random.shuffled(first)) say()
    if (this.#maintenance > 0) this.#tellMaintenance()
  }

  /** Orderly. */
  stop(): void {
    this.#world.beforeTrouble()
    this.trouble.begin()
    this.vrrpd?.tell(now => ({ input: 'StopRequested', why: 'the box restarts vrrpd', now }))
    this.#endVrrpd()
    if (this.held.size > 0) {
      this.#world.violate(`${this.name} still holds ${[...this.held].join(', ')} after its stop`)
    }
  }

  /** The supervisor sees the child end, says priority 0 for it, and takes the addresses away. */
  kill(removedAfter: number): void {
    const dead = this.vrrpd
    this.#world.beforeTrouble()
    this.trouble.begin()
    this.#endVrrpd()
    for (const trace of dead?.traces.values() ?? []) {
      if (this.held.has(trace.key)) dead?.speak(trace.config, 0)
    }
    this.#world.timeline.after(removedAfter, () => this.#releaseAll())
  }

  powerOff(): void {
    this.#world.beforeTrouble()
    this.trouble.begin()
    this.#endVrrpd()
    this.#releaseAll()
  }

  freeze(how: { readonly clockStands: boolean; readonly packetsAreLost: boolean }): void {
    this.#world.beforeTrouble()
    this.trouble.begin()
    this.frozen = true
    this.#packetsAreLost = how.packetsAreLost
    if (!how.clockStands) return
    this.clock.stop(this.#world.timeline.now)
    // Some hypervisors stop all clocks of a box, and then nobody can tell it.
    if (how.packetsAreLost) this.#sleptFrom = this.#world.timeline.now
  }

  thaw(): void {
    if (!this.frozen) return
    this.clock.go(this.#world.timeline.now)
    this.frozen = false
    this.#packetsAreLost = false
    this.resumedAt = this.now()
    this.trouble.end(this.#world.timeline.now)
    if (this.#sleptFrom !== null) {
      const lost = milliseconds(this.#world.timeline.now - this.#sleptFrom)
      this.vrrpd?.tell(now => ({ input: 'Paused', lost, now }))
    }
    this.#sleptFrom = null
    this.vrrpd?.resume()
  }

  hold(key: string): void {
    if (this.held.has(key)) return
    this.held.add(key)
    this.#world.invariants.addresses(this, key, true)
  }

  release(key: string): void {
    if (!this.held.has(key)) return
    this.#world.invariants.addresses(this, key, false)
    this.held.delete(key)
  }

  /** As vrrpd runs it: while it is stalled it knows nothing of a newer one. */
  configOf(key: string): RouterConfig | null {
    const traces = [...(this.vrrpd?.traces.values() ?? [])]
    const running = traces.find(trace => trace.key === key)?.config
    const wanted = () => this.#routers.find(each => each !== null && identity(each) === key)
    return running ?? wanted() ?? null
  }

  planned(router: number): RouterConfig {
    return this.#plan.routers[router]!
  }

  /** Null: it is taken out; fields of the plan put back what was changed. */
  reconfigure(router: number, change: Partial<RouterConfig> | null): void {
    this.#unsettle()
    const base = this.#routers[router] ?? this.planned(router)
    this.#routers[router] = change === null ? null : { ...base, ...change }
    this.#configure()
  }

  setDown(segment: number, down: boolean): void {
    this.#unsettle()
    this.#down[segment]! += down ? 1 : -1
    this.#tellInterfaces()
  }

  setAddressless(segment: number, missing: boolean): void {
    this.#unsettle()
    this.#addressless[segment]! += missing ? 1 : -1
    this.#tellInterfaces()
  }

  setTracker(tracker: string, state: Verdict['state']): void {
    const why = state === 'up' ? 'it said 0' : 'it said 1'
    this.#verdicts.set(tracker, { state, number: null, why })
    this.#unsettle()
    this.#tellTrackers()
  }

  setMaintenance(on: boolean): void {
    this.#unsettle()
    this.#maintenance += on ? 1 : -1
    this.#tellMaintenance()
  }

  failOver(router: number | null): void {
    const name = router === null ? null : (this.#routers[router]?.name ?? 'none')
    this.#unsettle()
    this.vrrpd?.tell(now => ({ input: 'FailoverRequested', router: name, now }))
  }

  /** What was about to be settled begins anew. */
  #unsettle(): void {
    this.#world.beforeTrouble()
    this.trouble.begin()
    this.trouble.end(this.#world.timeline.now)
  }

  #endVrrpd(): void {
    this.vrrpd?.end()
    this.vrrpd = null
  }

  #releaseAll(): void {
    for (const key of [...this.held]) this.release(key)
  }

  #configure(): void {
    const routers = this.#routers.filter(router => router !== null)
    this.vrrpd?.tell(now => ({ input: 'Configured', routers, now }))
  }

  #tellInterfaces(): void {
    const names = [...this.#plan.interfaces.keys()]
    const seen = names.flatMap(name => {
      const one = this.#seen(name)
      return one === null ? [] : [[name, one] as const]
    })
    this.vrrpd?.tell(now => {
      this.vrrpd?.listenAgain()
      return { input: 'InterfacesSeen', interfaces: new Map(seen), now }
    })
  }

  #tellTrackers(): void {
    const verdicts = new Map(this.#verdicts)
    this.vrrpd?.tell(now => ({ input: 'TrackersReported', verdicts, now }))
  }

  #tellMaintenance(): void {
    const why = this.#maintenance > 0 ? 'maintenance' : null
    this.vrrpd?.tell(now => ({ input: 'MaintenanceSet', why, now }))
  }

  #eth(segment: number): string {
    return this.#world.scenario.cluster.segments[segment]!
  }

  #seen(eth: string): InterfaceSeen | null {
    const seen = this.#plan.interfaces.get(eth)
    const segment = this.segmentOf(eth)
    if (seen === undefined) return null
    const down = this.#down[segment] === 0 ? null : 'it is down'
    return this.#addressless[segment] === 0 ? { ...seen, down } : { down, inet: null, inet6: null }
  }
}

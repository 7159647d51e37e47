import type { GuardConfig } from '../guard/guard-config.ts'
import { type InterfaceChange, Interfaces } from '../linux/interfaces.ts'
import { now } from '../linux/monotonic-clock.ts'
import { NetlinkSocket } from '../linux/netlink/socket.ts'
import type { Overdue } from '../linux/parent-channel.ts'
import { PreciseTimer } from '../linux/precise-timer.ts'
import type { Datagram } from '../linux/raw-ip-socket.ts'
import { type Instant, instant, milliseconds, seconds } from '../values/duration.ts'
import type { IpAddress } from '../values/ip-address.ts'
import {
  Ensemble,
  type EnsembleEffect,
  type EnsembleInput,
  type InterfaceSeen,
  identity,
  type Member,
} from '../vrrp/ensemble.ts'
import type { Verdict } from '../vrrp/priority.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'
import type { Notice } from '../vrrp/router-state.ts'
import { AddressKeeper } from './address-keeper.ts'
import { disbelieve, hear } from './advert-hearing.ts'
import { say } from './advert-saying.ts'
import { AdvertSockets, type Speaker } from './advert-sockets.ts'
import { Announcer } from './announcer.ts'
import { type Counters, newCounters } from './counters.ts'
import { Heartbeats } from './heartbeats.ts'
import { Impediments } from './impediments.ts'
import { isNewOrGone, lookAt, sameInterfaces, verdictOn } from './interface-view.ts'
import { noticeText, overflowWords, restoredWords } from './notice-text.ts'
import { Pauses } from './pauses.ts'
import { rehearse } from './rehearsal.ts'
import { RouterHere } from './router-here.ts'
import type { VrrpdSite } from './vrrpd-site.ts'

/** The kernel wakes us some tenths of a millisecond late: a takeover waits for its moment awake. */
const awakeBefore = milliseconds(0.5)

const overdueAfter = seconds(1)

export type InterfaceTracked = { readonly name: string; readonly interface: string }

/**
 * The shell of the ensemble: hands in what the kernel says, performs what comes out. A packet that
 * waits goes in before a deadline that has passed: after a stall the silence was ours.
 */
export class Vrrpd {
  readonly #site: VrrpdSite
  readonly #ensemble = new Ensemble()
  readonly #netlink: NetlinkSocket
  readonly #interfaces: Interfaces
  readonly #sockets: AdvertSockets
  readonly #keeper: AddressKeeper
  readonly #announcer: Announcer
  readonly #timer: PreciseTimer
  readonly #impediments: Impediments
  readonly heartbeats: Heartbeats
  #routers = new Map<string, RouterHere>()
  #tracked: readonly InterfaceTracked[] = []
  #reported: ReadonlyMap<string, Verdict> = new Map()
  #seen = new Map<string, InterfaceSeen>()
  #armed: Instant | null = null
  readonly #pauses = new Pauses()
  #fedAt: Instant = now()

  constructor(site: VrrpdSite) {
    this.#site = site
    this.#netlink = NetlinkSocket.open('route')
    this.#interfaces = Interfaces.open(changes => this.#onInterfaces(changes), {
      onOverflow: () => site.journal.repeated('interfaces', 'overflow', now(), () => overflowWords),
    })
    site.flight.watch(this.#ensemble, this.#interfaces)
    this.#announcer = new Announcer(this.#interfaces, site.flight.announced)
    this.#keeper = new AddressKeeper({
      netlink: this.#netlink,
      interfaces: this.#interfaces,
      journal: site.journal,
      hearFirst: () => this.#onReadable(),
      onSettled: () => this.#impediments.check(),
    })
    this.#impediments = new Impediments({
      lacking: () => this.#keeper.lacking(),
      feed: input => this.#feed(input),
    })
    this.#timer = PreciseTimer.open(() => this.#onTimer())
    this.#sockets = new AdvertSockets({
      onReadable: () => this.#onReadable(),
      onDatagram: (datagram, speaker) => this.#hear(datagram, speaker),
      onUnknownVrid: () => undefined,
      onRefused: (router, why) => site.journal.repeated(router, 'socket', now(), () => why),
    })
    this.heartbeats = new Heartbeats({
      ...site,
      interfaces: this.#interfaces,
      members: () => this.#ensemble.members(),
      lacking: () => this.#keeper.lacking(),
      verdicts: () => this.#verdicts(),
      feed: input => this.#feed(input),
      onReadable: () => this.#onReadable(),
      onDisbelieved: found => disbelieve(this.#routers.get(found.router), found, site.journal),
    })
  }

  /** Gives what the kernel refuses now and did not refuse before. */
  configure(
    configs: readonly RouterConfig[],
    tracked: readonly InterfaceTracked[],
    guard: GuardConfig,
  ): readonly string[] {
    const before = this.#lackingWords()
    this.#letGo(configs)
    // What has not changed stays the same object: the ensemble tells changes by that.
    const routers = configs.map(config => {
      return RouterHere.of(config, this.#site.hmac, this.#routers.get(config.name) ?? null)
    })
    this.#routers = new Map(routers.map(each => [each.config.name, each]))
    this.#tracked = tracked
    const wanted = routers.map(({ config }) => config)
    this.#keeper.configure(wanted)
    this.#openSockets()
    // A new router must not be told that its interface is missing before it was looked at.
    this.#seen = this.#look()
    this.#feed({ input: 'InterfacesSeen', interfaces: this.#seen, now: now() })
    this.#feed({ input: 'TrackersReported', verdicts: this.#verdicts(), now: now() })
    this.heartbeats.configure(guard)
    this.#feed({ input: 'Configured', routers: wanted, now: now() })
    // Also under another name than before; and what a dead vrrpd left behind goes.
    this.#keeper.holdOnly(this.members().flatMap(nameOfMaster))
    this.#keeper.settle()
    this.#impediments.forgive()
    const refused = this.#lackingWords().filter(words => !before.includes(words))
    this.#impediments.check()
    rehearse(wanted, this.#site.hmac)
    return refused
  }

  #lackingWords(): readonly string[] {
    return [...this.#keeper.lacking()].map(([router, why]) => `${router} ${why}`)
  }

  /** Routers that are no longer wanted give up in their own words, while they still have them. */
  #letGo(configs: readonly RouterConfig[]): void {
    const wanted = new Set(configs.map(identity))
    const staying = [...this.#routers.values()].filter(({ config }) => wanted.has(identity(config)))
    if (staying.length === this.#routers.size) return
    const routers = staying.map(({ config }) => config)
    this.#feed({ input: 'Configured', routers, now: now() })
  }

  report(verdicts: ReadonlyMap<string, Verdict>): void {
    this.#reported = verdicts
    this.#feed({ input: 'TrackersReported', verdicts: this.#verdicts(), now: now() })
    this.heartbeats.onVerdicts()
  }

  setMaintenance(why: string | null): void {
    this.#feed({ input: 'MaintenanceSet', why, now: now() })
  }

  failover(router: string | null): void {
    this.#feed({ input: 'FailoverRequested', router, now: now() })
  }

  /** Gives everything up, in order. Nothing is left that would keep the process. */
  stop(why: string): void {
    this.#feed({ input: 'StopRequested', why, now: now() })
    this.#timer.close()
    this.#site.flight.close()
    this.#impediments.close()
    this.heartbeats.close()
    this.#sockets.close()
    this.#keeper.close()
    this.#announcer.close()
    this.#interfaces.close()
    this.#netlink.close()
  }

  /** The loop may turn while the timer does not come. Null: all that was due is done. */
  overdue(): Overdue | null {
    const since = this.#ensemble.wakeAt()
    const late = since === null ? 0 : now() - since
    if (since === null || late < overdueAfter) return null
    return { since, why: `a deadline passed ${Math.round(late)} ms ago, unheeded` }
  }

  members(): readonly Member[] {
    return this.#ensemble.members()
  }

  countersOf(name: string): Counters {
    return this.#routers.get(name)?.counters ?? newCounters()
  }

  /** Each with what is heard of it. */
  heard = (): readonly RouterHere[] => [...this.#routers.values()]

  /** Adverts with a low TTL wake nobody: they are counted when somebody wants to know. */
  countRefused(): void {
    this.#sockets.drainRefused()
  }

  /** The addresses of a router that the kernel has. */
  held(name: string): ReadonlySet<IpAddress> {
    return this.#keeper.held(name)
  }

  #onReadable(): void {
    this.#drain()
    this.#wake()
  }

  #onTimer(): void {
    this.#drain()
    this.#armed = null
    const promotesAt = this.#ensemble.promotesAt() ?? Infinity
    while (promotesAt > now() && promotesAt < now() + awakeBefore) this.#drain()
    const at = this.#ensemble.wakeAt()
    // Whether its silence is a reason is found before anybody takes its place.
    if (promotesAt <= now()) this.heartbeats.onVerdicts()
    if (at !== null && at <= now()) this.#feed({ input: 'TimerDue', now: now() })
    else this.#wake()
  }

  #drain(): void {
    const paused = this.#pauses.look(this.#armed, this.#site.journal)
    if (paused !== null) this.heartbeats.onPaused()
    this.#sockets.drain()
    this.heartbeats.drain()
    if (paused !== null) this.#feed(paused)
  }

  #hear(datagram: Datagram, { router, interface: on, secondPath }: Speaker): void {
    const here = this.#routers.get(router)
    const member = this.#ensemble.member(router)
    if (here === undefined || member === null) return
    const heard = hear(here, datagram, { on, secondPath, self: member.self, ...this.#site })
    if (heard === null) return
    const { source, arrived } = datagram
    // A master is silent since its advert came in, not since we came to read it.
    const at = instant(Math.max(arrived, this.#fedAt))
    const { advert, isSigned } = heard
    const claim = { input: 'AdvertReceived', router, advert, source, secondPath, now: at } as const
    if (this.heartbeats.onAdvert(claim, member, isSigned)) this.#feed(claim)
  }

  #feed(input: EnsembleInput): void {
    this.#fedAt = input.now
    this.#site.flight.input(input)
    const effects = this.#ensemble.feed(input)
    this.#site.flight.fed(effects, input.now)
    this.#site.onStep?.(input, effects)
    if (effects.length > 0) this.#perform(effects)
    if (effects.length > 0 || input.input === 'TimerDue') this.#site.lead.write(this.#ensemble)
    if (!isOfMany.has(input.input)) this.#wake()
  }

  /** First what clients wait for: adverts, addresses, announcements. Then what people read. */
  #perform(effects: readonly EnsembleEffect[]): void {
    const announced: RouterConfig[] = []
    const held: string[] = []
    const released: string[] = []
    const told: EnsembleEffect[] = []
    for (const effect of effects) {
      const here = this.#routers.get(effect.router) ?? null
      switch (effect.effect) {
        case 'SendAdvert':
          if (here !== null) this.#say(here, effect.priority)
          break
        case 'HoldAddresses':
          this.#keeper.hold(effect.router)
          held.push(effect.router)
          break
        case 'ReleaseAddresses':
          this.#keeper.release(effect.router)
          released.push(effect.router)
          break
        case 'Announce':
          if (here !== null) announced.push(here.config)
          break
        case 'StateChanged':
        case 'Noticed':
          told.push(effect)
          break
      }
    }
    const moved = held.length + released.length > 0
    const from = now()
    const isSettled = !moved || this.#keeper.moveAtOnce(released, held)
    if (!isSettled) this.#keeper.settle()
    const to = now()
    if (announced.length > 0) this.#announce(announced)
    if (told.some(({ effect }) => effect === 'StateChanged')) this.heartbeats.onStateChanged()
    if (moved) this.#site.onMoved({ took: held, gave: released, from, to })
    for (const effect of told) this.#tell(effect)
    if (!isSettled) this.#impediments.check()
  }

  /** What the kernel did not take is not ours to announce. */
  #announce(configs: readonly RouterConfig[]): void {
    this.#announcer.announce(configs, ({ name }, { prefix }) => {
      return this.#keeper.held(name).has(prefix.address)
    })
  }

  #tell(effect: EnsembleEffect): void {
    const { router } = effect
    if (effect.effect === 'Noticed') this.#notice(router, effect.notice)
    if (effect.effect !== 'StateChanged') return
    const here = this.#routers.get(router)
    if (here !== undefined && effect.to === 'master') here.counters.becameMaster += 1
    if (effect.from === 'master') this.heartbeats.onNoMaster(router)
    this.#site.journal.note(router, eventOf(effect.to), effect.why)
    this.#site.onChange()
  }

  #say(here: RouterHere, priority: number): void {
    const { name, source, interface: on, family } = here.config
    say(here, priority, {
      ...this.#site,
      socket: this.#sockets.socketOf(name),
      // Not the ensemble's: a router that was just taken out of it says its last word here.
      self: source ?? this.#seen.get(on)?.[family] ?? null,
      seconds: priority > 0 ? [] : this.#sockets.secondPathsOf(name),
      sourceOn: second => this.#sourceOn(second, here.config),
    })
  }

  #notice(router: string, notice: Notice): void {
    this.#site.journal.repeated(router, notice.reason, now(), () => noticeText(notice))
    if (notice.reason === 'master-changed') this.#site.onChange()
    if (notice.reason === 'lower-master') this.heartbeats.onOtherMaster(router, notice)
  }

  #onInterfaces(changes: readonly InterfaceChange[]): void {
    const others = changes.some(isNewOrGone)
    if (others) {
      this.#openSockets()
      this.#keeper.onInterfaces()
    }
    const seen = this.#look()
    if (!sameInterfaces(seen, this.#seen)) {
      this.#seen = seen
      this.#feed({ input: 'InterfacesSeen', interfaces: seen, now: now() })
    }
    // A router that has lost its own interface no longer holds anything, and lacks nothing.
    if (others) this.#impediments.check()
    this.heartbeats.onInterfaces()
    if (this.#tracked.length > 0) {
      this.#feed({ input: 'TrackersReported', verdicts: this.#verdicts(), now: now() })
    }
    // The supervisor takes them from a master that was mute: who has its place now comes first.
    this.#drain()
    if (!this.#keeper.check(changes)) return
    this.#site.journal.repeated('addresses', 'address-restored', now(), () => restoredWords)
  }

  #openSockets(): void {
    const indexes = new Map(this.#interfaces.all().map(({ name, index }) => [name, index]))
    this.#sockets.want(
      [...this.#routers.values()].map(({ config }) => config),
      indexes,
    )
  }

  #look(): Map<string, InterfaceSeen> {
    const names = [...this.#routers.values()].map(({ config }) => config.interface)
    return lookAt(this.#interfaces, names, this.#keeper.virtual)
  }

  #sourceOn(name: string, { family }: RouterConfig): IpAddress | null {
    return lookAt(this.#interfaces, [name], this.#keeper.virtual).get(name)?.[family] ?? null
  }

  #verdicts(): ReadonlyMap<string, Verdict> {
    const own = this.#tracked.map(({ name, interface: on }) => {
      return [name, verdictOn(this.#interfaces.named(on), on)] as const
    })
    return new Map([...this.#reported, ...own])
  }

  /** Set to an earlier moment at once; a later one is found out when the earlier has come. */
  #wake(): void {
    const at = this.#ensemble.wakeAt()
    if (at === null || (this.#armed !== null && this.#armed <= at)) return
    this.#armed = at
    const early = at === this.#ensemble.promotesAt() ? awakeBefore : 0
    this.#timer.arm(instant(at - early))
  }
}

/** They come together, and whoever hands them in sets the timer once. */
const isOfMany: ReadonlySet<string> = new Set(['AdvertReceived', 'PeerSaid'])

const nameOfMaster = ({ config, state }: Member): string[] =>
  state.kind === 'master' ? [config.name] : []

const eventOf = (state: string): string => (state === 'initialize' ? 'stopped' : state)

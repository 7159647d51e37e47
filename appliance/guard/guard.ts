/**
 * What the boxes say to each other beside VRRP, and what follows from it: heartbeats go out as
 * bytes and come in as bytes, and what a router has to hear of them comes out as inputs of the
 * ensemble. Pure: the shell has the sockets, the clock, and chance. It changes in place.
 *
 *   heartbeat-codec.ts  bytes       peer-session.ts  who the other box is; replays
 *   path-picture.ts     one path    policy.ts        who may lead in silence
 *   split-watch.ts      two owners  fence-watch.ts   whether silence is death
 *   claim-watch.ts      adverts held against heartbeats   lease-*.ts       what only one can have
 *   guard-report.ts     all of it for people
 */

import {
  after,
  between,
  type Duration,
  type Instant,
  milliseconds,
  seconds,
} from '../values/duration.ts'
import type { HmacSha256 } from '../vrrp/advert.ts'
import type { EnsembleInput, Member } from '../vrrp/ensemble.ts'
import type { Verdict } from '../vrrp/priority.ts'
import { type Claim, ClaimWatch, type Disbelieved } from './claim-watch.ts'
import { FenceWatch } from './fence-watch.ts'
import { type GuardConfig, isSerial } from './guard-config.ts'
import type { Heartbeat, SaidRouter } from './heartbeat.ts'
import { decodeHeartbeat, encodeHeartbeat, mostRouters } from './heartbeat-codec.ts'
import {
  goesByLeases,
  leaseRestraint,
  leaseSilence,
  otherNotices,
  wantsLeases,
} from './lease-policy.ts'
import { Leases } from './leases.ts'
import { hasWayBeside, isUp, PathPicture } from './path-picture.ts'
import { PeerSession } from './peer-session.ts'
import { isWitnessed, leastSilence, restraint } from './policy.ts'
import { mark, saidOf } from './said-router.ts'
import { type GuardNews, SplitWatch } from './split-watch.ts'

/** Who asks for an address once a second has an answer as often. */
const signsLast = seconds(3)

export type GuardSite = {
  readonly hmac: HmacSha256
  /** 48 bits of chance. */
  readonly boot: number
  /** Of this box, for people. */
  readonly name: string
  readonly members: () => readonly Member[]
  /** By router: what the kernel does not have of a master. */
  readonly lacking: () => ReadonlyMap<string, string>
  readonly onNews: (news: GuardNews) => void
  readonly onDisbelieved: (found: Disbelieved) => void
}

export class Guard {
  readonly session: PeerSession
  readonly splits = new SplitWatch()
  readonly fencing: FenceWatch
  readonly leases: Leases
  readonly claims: ClaimWatch
  readonly paths = new Map<string, PathPicture>()
  /** Routers whose adverts do not arrive while the peer says that it leads: since when. */
  readonly unheard = new Map<string, Instant>()
  config: GuardConfig
  restraint: string | null = null
  readonly #site: GuardSite
  readonly #said = new Map<string, SaidRouter>()
  #beat: Heartbeat[] = []
  #lookedAt: Instant | null = null
  #advertAt: Instant | null = null
  #peerHears = false
  /** Since when it is not the case that each box hears the other; null: it is. */
  #apartSince: Instant | null = null
  #toldSilence = milliseconds(0)
  #peerGaveUp = false

  constructor(site: GuardSite, config: GuardConfig, now: Instant) {
    this.#site = site
    this.session = new PeerSession(site.boot)
    this.fencing = new FenceWatch(site.boot)
    this.leases = new Leases(site)
    this.claims = new ClaimWatch(site.onDisbelieved)
    this.config = config
    this.#makePaths(now)
  }

  /** Paths that stay go on with what they know. */
  configure(config: GuardConfig, now: Instant): void {
    this.config = config
    this.#makePaths(now)
  }

  #makePaths(now: Instant): void {
    this.leases.configure(this.config, now)
    const names = new Set(this.config.paths.map(({ name }) => name))
    for (const name of this.paths.keys()) if (!names.has(name)) this.paths.delete(name)
    for (const path of this.config.paths) {
      if (this.paths.has(path.name)) continue
      this.paths.set(path.name, new PathPicture(now, isSerial(path)))
    }
  }

  /** What goes over every path now. */
  heartbeats(now: Instant): readonly Uint8Array[] {
    const lacking = this.#site.lacking()
    const members = this.#site.members()
    for (const { config, state } of members) {
      if (state.kind === 'master') this.claims.led(config.name, now)
    }
    const routers = members.map(member => saidOf(member, lacking, now))
    const { interval, missed } = this.config
    const { boot, accepted, candidate } = this.session
    // Whoever leads for that we hear it has to know when we do not.
    const hears = goesByLeases(this.config) ? this.pathIsUp() : this.hears(now)
    this.#beat = []
    for (let from = 0; from === 0 || from < routers.length; from += mostRouters) {
      const some = routers.slice(from, from + mostRouters)
      const sequence = this.session.next()
      const known = { boot, sequence, accepted, candidate, interval, missed, hears }
      this.#beat.push({ ...known, routers: some })
    }
    return this.again(interval)
  }

  /** The last ones once more, for a path on which they come at another pace. */
  again(interval: Duration): readonly Uint8Array[] {
    const { hmac } = this.#site
    return this.#beat.map(said => encodeHeartbeat({ ...said, interval }, this.config.secret, hmac))
  }

  /** `at`: when it came in. */
  hear(name: string, bytes: Uint8Array, at: Instant): readonly EnsembleInput[] {
    const path = this.paths.get(name)
    if (path === undefined) return []
    const decoded = decodeHeartbeat(bytes, this.config, this.#site.hmac)
    if (decoded.kind === 'rejected') {
      path.refuse(decoded.reason)
      return []
    }
    const { heartbeat } = decoded
    const judged = this.session.judge(heartbeat, path.sequence)
    if (judged.kind === 'refused') path.refuse(judged.reason)
    if (judged.kind !== 'believed') return []
    if (judged.isNewBoot) for (const each of this.paths.values()) each.sequence = 0
    if (path.hear(heartbeat, judged.isNewBoot, at)) {
      this.#tell('heartbeats', 'path-up', `the other box is heard over ${name}`)
    }
    return judged.newer ? this.#believe(heartbeat, name, at) : []
  }

  /** Of the other box, over VRRP's own path. */
  hearAdvert(at: Instant): void {
    this.#advertAt = at
  }

  /** Whether an advert is to be heard: see claim-watch.ts. */
  takes(claim: Claim, { config }: Member, isSigned: boolean): boolean {
    if (!isSigned && !this.claims.isBelieved(claim, config)) return false
    if (!claim.secondPath) this.hearAdvert(claim.now)
    return true
  }

  #believe(heartbeat: Heartbeat, path: string, now: Instant): readonly EnsembleInput[] {
    const { hears, routers } = heartbeat
    this.#peerHears = hears
    const up = [...this.paths.values()].filter(isUp)
    // Until none of them can bring the next word any more: a slow line takes its time.
    const holds = milliseconds(Math.max(...up.map(each => each.silentAt() - now)))
    // Of a path that has just come up, the other end cannot know it yet.
    const upSince = Math.min(...up.map(({ since }) => since))
    const deaf = !hears && now - upSince > holds
    const members = new Map(this.#site.members().map(member => [mark(member.config), member]))
    const words = routers.flatMap((said): EnsembleInput[] => {
      const member = members.get(said.mark)
      if (member === undefined) return []
      const router = member.config.name
      const before = this.#said.get(router)
      this.#said.set(router, said)
      const waited = this.claims.hear(member.config, said, heartbeat, now)
      const claims = waited === null ? [] : [waited]
      const { state, owns, priority, address } = said
      if (state === 'master' && owns && address !== null) {
        this.#watchForTwo(member, said, path, now)
        const isDeaf = deaf && hasWayBeside(this.config, this.paths, member.config.interface)
        const word = { says: 'leads', priority, address, holds, deaf: isDeaf } as const
        return [...claims, { input: 'PeerSaid', router, word, now }]
      }
      if (state === 'master' || before?.state !== 'master') return claims
      this.endSplit(router, 'the other box has given way', now)
      const word = { says: 'released', address: before.address } as const
      return [...claims, { input: 'PeerSaid', router, word, now }]
    })
    const names = new Set([...members.values()].map(({ config }) => config.name))
    for (const router of this.#said.keys()) if (!names.has(router)) this.#said.delete(router)
    // Of two boxes that can lead nothing, either may recover first, and would not ask the other.
    const takesPart = [...members.values()].some(({ state }) => isPart.has(state.kind))
    const allIdle = [...this.#said.values()].every(({ state }) => !isPart.has(state))
    this.#peerGaveUp = takesPart && allIdle && this.#said.size > 0
    return words
  }

  /** A handover is no split brain: what was said before it may still be on its way. */
  #watchForTwo(member: Member, said: SaidRouter, path: string, now: Instant): void {
    const { config, state } = member
    if (state.kind !== 'master' || this.#site.lacking().has(config.name)) return
    const both = Math.min(now - state.since, said.age)
    if (both <= Math.max(config.interval, this.config.interval)) return
    const sign = `${said.address} says so over ${path}, with priority ${said.priority}`
    this.seeTwo(config.name, sign, after(now, milliseconds(-both)), now)
  }

  /** Of another owner, while this box is one. */
  seeSign(router: string, sign: string, now: Instant): void {
    const member = this.#site.members().find(({ config }) => config.name === router)
    if (member?.state.kind !== 'master' || now - member.state.since <= member.config.interval)
      return
    this.seeTwo(router, sign, now, now)
  }

  seeTwo(router: string, sign: string, since: Instant, now: Instant): void {
    const news = this.splits.see(router, sign, since, now)
    if (news !== null) this.#site.onNews(news)
  }

  endSplit(router: string, how: string, now: Instant): void {
    const news = this.splits.end(router, how, now)
    if (news !== null) this.#site.onNews(news)
  }

  /** What is in the way of each path; null: nothing. */
  seeLinks(obstacles: ReadonlyMap<string, string | null>, now: Instant): readonly EnsembleInput[] {
    let doubted = false
    for (const { name, direct } of this.config.paths) {
      const path = this.paths.get(name)
      if (path === undefined) continue
      const obstacle = obstacles.get(name) ?? null
      if (direct && obstacle !== null && path.obstacle === null && path.state === 'up')
        doubted = true
      path.obstacle = obstacle
    }
    const others = [...this.paths.values()].some(
      ({ state, obstacle }) => state === 'up' && obstacle === null,
    )
    return doubted && !others && this.config.corroborate ? [{ input: 'PeerDoubted', now }] : []
  }

  /** Time has passed: who is silent, and what follows. */
  look(now: Instant, verdicts: ReadonlyMap<string, Verdict>): readonly EnsembleInput[] {
    const patience = (this.config.missed + 0.5) * this.config.interval
    const stoodStill = this.#lookedAt !== null && now - this.#lookedAt > patience
    this.#lookedAt = now
    for (const [name, path] of this.paths) {
      // But where one owner comes first, another may lead by now.
      if (stoodStill && this.config.policy === 'availability-first') path.excuse(now)
      if (path.look(now)) {
        this.#tell('heartbeats', 'path-silent', `nothing is heard over ${name} any more`)
      }
    }
    this.#lookForAdverts(now)
    const longest = Math.max(patience, this.config.advertTime, signsLast)
    for (const router of this.splits.unseenSince(after(now, milliseconds(-longest)))) {
      this.endSplit(router, 'nothing of it is seen any more', now)
    }
    return [...this.#restrain(now, verdicts), ...this.#fence(now, verdicts)]
  }

  #fence(now: Instant, verdicts: ReadonlyMap<string, Verdict>): readonly EnsembleInput[] {
    const before = this.fencing.held
    const view = {
      config: this.config,
      heard: this.hears(now),
      known: [...this.paths.values()].some(({ heardAt }) => heardAt !== null),
      gaveUp: this.#peerGaveUp,
      waits: this.#site.members().some(({ state }) => state.kind === 'backup'),
      witnessed: isWitnessed(this.config, verdicts),
    }
    const news = this.fencing.look(view, now)
    if (news !== null) this.#site.onNews(news)
    return this.fencing.held === before ? [] : this.#held(before, now)
  }

  /** The other box is off, whoever says so: `how`. Under another id it is old news. */
  confirmFenced(id: string, how: string, now: Instant): readonly EnsembleInput[] {
    const before = this.fencing.held
    if (!this.fencing.confirm(id, now)) return []
    this.#tell('fencing', 'fencing-confirmed', `the other box is off: ${how}`)
    return this.#held(before, now)
  }

  /** What kept it back is over: who is off has given up its place. */
  #held(before: string | null, now: Instant): readonly EnsembleInput[] {
    const why = this.fencing.held
    const held: EnsembleInput = { input: 'TakeoverHeld', why, now }
    if (before === null || why !== null || this.hears(now)) return [held]
    const word = { says: 'released', address: null } as const
    const waiting = this.#site.members().filter(({ state }) => state.kind === 'backup')
    const freed = waiting.map(({ config }): EnsembleInput => {
      return { input: 'PeerSaid', router: config.name, word, now }
    })
    return [held, ...freed]
  }

  #restrain(now: Instant, verdicts: ReadonlyMap<string, Verdict>): readonly EnsembleInput[] {
    const isThere = this.#peerIsThere(now)
    this.#apartSince = isThere ? null : (this.#apartSince ?? now)
    const before = this.restraint
    this.restraint = restraint(this.config, isThere, verdicts) ?? this.#leaseRestraint(now)
    if (this.restraint === before) {
      return this.#leastSilence(now) === this.#toldSilence ? [] : [this.guarded(now)]
    }
    const text = this.restraint ?? 'this box may lead again'
    this.#tell('box', this.restraint === null ? 'not-isolated' : 'isolated', text)
    return [this.guarded(now)]
  }

  guarded(now: Instant): EnsembleInput {
    this.#toldSilence = this.#leastSilence(now)
    return { input: 'Guarded', restraint: this.restraint, leastSilence: this.#toldSilence, now }
  }

  /** That adverts come says nothing of whether ours arrive: who has heartbeats goes by them. */
  #peerIsThere(now: Instant): boolean {
    return this.paths.size > 0 ? this.pathIsUp() && this.#peerHears : this.#advertsCome(now)
  }

  /** Whether this box is to have the leases now: the shell asks for them, or gives them back. */
  wantsLeases(now: Instant): boolean {
    const states = this.#site.members().map(({ state }) => state)
    return wantsLeases(states, this.#peerIsThere(now), this.restraint)
  }

  #leaseRestraint(now: Instant): string | null {
    if (this.#apartSince === null || !goesByLeases(this.config)) return null
    return leaseRestraint(this.config, {
      missing: this.leases.missing(now),
      leads: this.#site.members().some(({ state }) => state.kind === 'master'),
      apartFor: between(this.#apartSince, now),
    })
  }

  /** Who has the lease has waited already. */
  #leastSilence(now: Instant): Duration {
    const least = leastSilence(this.config)
    if (!goesByLeases(this.config)) return least
    const apart = this.#apartSince
    const waited = apart !== null && between(apart, now) >= otherNotices(this.config)
    const mayFollow = waited && this.config.fencing.policy === 'off'
    if (mayFollow && this.leases.missing(now) === null) return milliseconds(0)
    return milliseconds(Math.max(least, leaseSilence(this.config)))
  }

  /** A backup that would be master by now, if the other box did not say that it serves. */
  #lookForAdverts(now: Instant): void {
    for (const { config, state } of this.#site.members()) {
      const { name } = config
      const isHeld =
        state.kind === 'backup' &&
        !state.released &&
        state.masterDownAt < now &&
        state.heldUntil !== null &&
        state.heldUntil > now
      if (isHeld === this.unheard.has(name)) continue
      if (isHeld) {
        this.unheard.set(name, now)
        this.#tell(name, 'adverts-missing', unheardText)
      } else {
        this.unheard.delete(name)
        this.#tell(name, 'adverts-missing-over', 'adverts arrive, or the master has changed')
      }
    }
  }

  hears(now: Instant): boolean {
    return this.pathIsUp() || this.#advertsCome(now)
  }

  pathIsUp(): boolean {
    return [...this.paths.values()].some(isUp)
  }

  #advertsCome(now: Instant): boolean {
    return this.#advertAt !== null && now - this.#advertAt < this.config.advertTime
  }

  #tell(about: string, event: string, text: string): void {
    this.#site.onNews({ about, event, text })
  }
}

export const unheardText =
  'no adverts arrive from the master, and its heartbeats say that it serves: VRRP is blocked ' +
  'between the boxes'

/** States of a router that takes part in the election. */
const isPart: ReadonlySet<string> = new Set(['backup', 'master'])

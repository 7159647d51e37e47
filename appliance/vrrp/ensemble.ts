/**
 * All virtual routers of this box together, and what binds them: interfaces, trackers, sync groups,
 * maintenance. Deterministic: the same inputs give the same effects; the simulator runs it, and so
 * does vrrpd. It changes in place, because 250 routers with ten adverts a second each pass here.
 *
 * A sync group has all its routers master or none:
 *   - what is a fault for one is a fault for all;
 *   - all run for election with the lowest priority among them;
 *   - one becomes master when the time of every other one has come too;
 *   - when one steps down, the others give up.
 */

import { between, type Duration, type Instant, instant, milliseconds } from '../values/duration.ts'
import type { IpAddress } from '../values/ip-address.ts'
import type { Advert } from './advert.ts'
import type { Checkpoint } from './ensemble-checkpoint.ts'
import {
  followsBetter,
  groupGivenUpAt,
  groupWakeAt,
  newSlot,
  type Slot,
  sameCircumstances,
  slotReadyAt,
  slotWakeAt,
  stoodStill,
} from './ensemble-slot.ts'
import { type EffectivePriority, effectivePriority, type Verdict } from './priority.ts'
import { stepRouter } from './router.ts'
import type { RouterConfig } from './router-config.ts'
import type {
  Circumstances,
  PeerWord,
  RouterEffect,
  RouterInput,
  RouterState,
} from './router-state.ts'

export type EnsembleInput =
  /** The routers that should be. They are matched by what they are, see `identity`. */
  | {
      readonly input: 'Configured'
      readonly routers: readonly RouterConfig[]
      readonly now: Instant
    }
  /** What the kernel says about the interfaces that the routers name. */
  | {
      readonly input: 'InterfacesSeen'
      readonly interfaces: ReadonlyMap<string, InterfaceSeen>
      readonly now: Instant
    }
  | {
      readonly input: 'TrackersReported'
      readonly verdicts: ReadonlyMap<string, Verdict>
      readonly now: Instant
    }
  /** By router: what the kernel refused. A master without its addresses is none. */
  | {
      readonly input: 'Impeded'
      readonly impediments: ReadonlyMap<string, string>
      readonly now: Instant
    }
  | { readonly input: 'MaintenanceSet'; readonly why: string | null; readonly now: Instant }
  | {
      readonly input: 'AdvertReceived'
      readonly router: string
      readonly advert: Advert
      readonly source: IpAddress
      readonly secondPath: boolean
      readonly now: Instant
    }
  /** Of a router, over a path beside VRRP. */
  | {
      readonly input: 'PeerSaid'
      readonly router: string
      readonly word: PeerWord
      readonly now: Instant
    }
  | { readonly input: 'PeerDoubted'; readonly now: Instant }
  /** The box stood still, and so did its monotonic clock: for so long. */
  | { readonly input: 'Paused'; readonly lost: Duration; readonly now: Instant }
  /** Not null: this box may not lead, since nobody can tell it that the other one does not. */
  | {
      readonly input: 'Guarded'
      readonly restraint: string | null
      readonly leastSilence: Duration
      readonly now: Instant
    }
  /** Not null: no router takes the place of a silent master. */
  | { readonly input: 'TakeoverHeld'; readonly why: string | null; readonly now: Instant }
  | { readonly input: 'TimerDue'; readonly now: Instant }
  /** To the peer, orderly. */
  | { readonly input: 'FailoverRequested'; readonly router: string | null; readonly now: Instant }
  | { readonly input: 'StopRequested'; readonly why: string; readonly now: Instant }

export type InterfaceSeen = {
  /** Null: adverts can go out and come in; else what is in the way. */
  readonly down: string | null
  /** The source of adverts where the configuration names none. */
  readonly inet: IpAddress | null
  readonly inet6: IpAddress | null
}

export type EnsembleEffect = RouterEffect & { readonly router: string }

export type Member = {
  readonly config: RouterConfig
  readonly state: RouterState
  readonly priority: EffectivePriority
  /** What it runs for election with: in a sync group that of the weakest. */
  readonly effective: number
  readonly self: IpAddress | null
  /** When a backup becomes master if nothing more is heard; null for others. */
  readonly promotesAt: Instant | null
}

/** Two configurations of one virtual router have this in common. */
export const identity = ({ interface: name, family, vrid }: RouterConfig): string =>
  `${name} ${family} ${vrid}`

export class Ensemble {
  #slots = new Map<string, Slot>()
  #groups: readonly (readonly Slot[])[] = []
  /** Null until the kernel was looked at: what is not yet known is no fault. */
  #interfaces: ReadonlyMap<string, InterfaceSeen> | null = null
  #verdicts: ReadonlyMap<string, Verdict> = new Map()
  #impediments: ReadonlyMap<string, string> = new Map()
  #maintenance: string | null = null
  #restraint: string | null = null
  #leastSilence = milliseconds(0)
  #heldBack: string | null = null
  #startedAt: Instant | null = null
  #stopped = false
  #effects: EnsembleEffect[] = []

  feed(input: EnsembleInput): readonly EnsembleEffect[] {
    this.#effects = []
    if (this.#stopped) return []
    this.#startedAt ??= input.now
    switch (input.input) {
      case 'Configured':
        this.#configure(input.routers, input.now)
        break
      case 'InterfacesSeen':
        this.#interfaces = input.interfaces
        this.#review(input.now)
        break
      case 'TrackersReported':
        this.#verdicts = input.verdicts
        this.#review(input.now)
        break
      case 'Impeded':
        this.#impediments = input.impediments
        this.#review(input.now)
        break
      case 'MaintenanceSet':
        this.#maintenance = input.why
        this.#review(input.now)
        break
      case 'AdvertReceived': {
        const slot = this.#slots.get(input.router)
        if (slot !== undefined) this.#step(slot, { ...input, input: 'AdvertReceived' })
        break
      }
      case 'PeerSaid': {
        const slot = this.#slots.get(input.router)
        if (slot !== undefined) this.#step(slot, { ...input, input: 'PeerSaid' })
        break
      }
      case 'PeerDoubted':
      case 'Paused':
        for (const slot of this.#slots.values()) this.#step(slot, input)
        break
      case 'Guarded':
        this.#restraint = input.restraint
        this.#leastSilence = input.leastSilence
        this.#review(input.now)
        break
      case 'TakeoverHeld':
        this.#heldBack = input.why
        this.#review(input.now)
        break
      case 'TimerDue':
        this.#tick(input.now)
        break
      case 'FailoverRequested':
        this.#failover(input.router, input.now)
        break
      case 'StopRequested':
        this.#stopped = true
        for (const slot of this.#slots.values()) this.#stop(slot, input.now, input.why)
        break
    }
    return this.#effects
  }

  checkpoint(): Checkpoint {
    return {
      routers: [...this.#slots.values()].map(({ config, state, priority, here }) => {
        return { config, state, priority, here }
      }),
      interfaces: this.#interfaces,
      verdicts: this.#verdicts,
      impediments: this.#impediments,
      maintenance: this.#maintenance,
      restraint: this.#restraint,
      leastSilence: this.#leastSilence,
      heldBack: this.#heldBack,
      startedAt: this.#startedAt,
    }
  }

  /** One that goes on from there. */
  static from(checkpoint: Checkpoint): Ensemble {
    const made = new Ensemble()
    const slots = checkpoint.routers.map((router): Slot => ({ ...router, group: [] }))
    made.#use(slots)
    made.#interfaces = checkpoint.interfaces
    made.#verdicts = checkpoint.verdicts
    made.#impediments = checkpoint.impediments
    made.#maintenance = checkpoint.maintenance
    made.#restraint = checkpoint.restraint
    made.#leastSilence = checkpoint.leastSilence
    made.#heldBack = checkpoint.heldBack
    made.#startedAt = checkpoint.startedAt
    return made
  }

  wakeAt(): Instant | null {
    const earliest = this.#groups.reduce(
      (found, group) => Math.min(found, groupWakeAt(group)),
      Infinity,
    )
    return earliest === Infinity ? null : instant(earliest)
  }

  /** The earliest takeover, should nobody be heard until then. */
  promotesAt(): Instant | null {
    let earliest = Infinity
    for (const group of this.#groups) {
      const backup = group.find(({ state }) => state.kind === 'backup')
      if (backup !== undefined) earliest = Math.min(earliest, slotWakeAt(backup) ?? Infinity)
    }
    return earliest === Infinity ? null : instant(earliest)
  }

  /**
   * The routers that are master, by name: when their backups give them up if nothing more is heard
   * of them. Those of a sync group are taken over together, when the time of the last has come.
   */
  givenUpAt(): ReadonlyMap<string, Instant> {
    const moments = this.#groups.flatMap(group => {
      const at = groupGivenUpAt(group)
      const masters = group.filter(({ state }) => state.kind === 'master')
      return masters.map(({ config }) => [config.name, at] as const)
    })
    return new Map(moments)
  }

  member(name: string): Member | null {
    const slot = this.#slots.get(name)
    return slot === undefined ? null : memberOf(slot)
  }

  members(): readonly Member[] {
    return [...this.#slots.values()].map(memberOf)
  }

  #configure(routers: readonly RouterConfig[], now: Instant): void {
    const before = new Map([...this.#slots.values()].map(slot => [identity(slot.config), slot]))
    const slots = new Map<string, Slot>()
    for (const config of routers) {
      const slot = before.get(identity(config)) ?? newSlot(config, this.#startedAt ?? now)
      before.delete(identity(config))
      slot.config = config
      slots.set(config.name, slot)
    }
    for (const gone of before.values()) this.#stop(gone, now, 'it is no longer configured')
    this.#use([...slots.values()])
    this.#review(now)
  }

  #use(slots: readonly Slot[]): void {
    this.#slots = new Map(slots.map(slot => [slot.config.name, slot]))
    this.#groups = groupsOf(slots)
    for (const group of this.#groups) for (const slot of group) slot.group = group
  }

  /** The other routers of its sync group have their own lives. */
  #stop(slot: Slot, now: Instant, why: string): void {
    slot.group = [slot]
    this.#step(slot, { input: 'Stopped', now, why })
  }

  /** Many masters that wake the box one by one soon speak together, and it wakes a few times. */
  #tick(now: Instant): void {
    const due: { slot: Slot; stoodStill: boolean }[] = []
    for (const slot of this.#slots.values()) {
      const at = slotReadyAt(slot)
      if (at === null || at > now) continue
      due.push({ slot, stoodStill: stoodStill(slot, between(at, now)) })
    }
    for (const { slot, ...rest } of due) this.#step(slot, { input: 'TimerDue', now, ...rest })
  }

  /** Looks at the circumstances of every router again; those whose have changed hear of it. */
  #review(now: Instant): void {
    if (this.#interfaces === null) return
    for (const slot of this.#slots.values()) {
      slot.priority = effectivePriority(slot.config, this.#verdicts)
    }
    const changed: { slot: Slot; before: Circumstances }[] = []
    for (const slot of this.#slots.values()) {
      const here = this.#circumstances(slot)
      if (!sameCircumstances(slot.here, here)) changed.push({ slot, before: slot.here })
      slot.here = here
    }
    for (const { slot, before } of changed) this.#step(slot, { input: 'Changed', now, before })
    for (const slot of this.#slots.values()) {
      if (slot.state.kind === 'initialize') this.#step(slot, { input: 'Started', now })
    }
  }

  #circumstances(slot: Slot): Circumstances {
    const { config, group } = slot
    const faults = [this.#maintenance, this.#restraint].filter(why => why !== null)
    faults.push(...this.#faultsOf(slot))
    for (const other of group) {
      if (other === slot) continue
      const { name } = other.config
      faults.push(...this.#faultsOf(other).map(why => `sync group: ${name}: ${why}`))
    }
    const priorities = group.map(each => each.priority.value)
    const seen = this.#interfaces?.get(config.interface)
    const self = config.source ?? seen?.[config.family] ?? null
    const [leastSilence, heldBack] = [this.#leastSilence, this.#heldBack]
    return { config, priority: Math.min(...priorities), faults, self, leastSilence, heldBack }
  }

  #faultsOf({ config, priority }: Slot): string[] {
    const seen = this.#interfaces?.get(config.interface)
    const faults: string[] = []
    if (seen === undefined) faults.push(`there is no interface ${config.interface}`)
    else if (seen.down !== null) faults.push(`${config.interface}: ${seen.down}`)
    else if (config.source === null && seen[config.family] === null) {
      const kind = config.family === 'inet' ? 'IPv4' : 'link-local IPv6'
      faults.push(`${config.interface} has no ${kind} address to send adverts from`)
    }
    const impediment = this.#impediments.get(config.name)
    if (impediment !== undefined) faults.push(impediment)
    return [...faults, ...priority.faults]
  }

  #failover(router: string | null, now: Instant): void {
    const why = 'a failover was asked for'
    for (const slot of this.#slots.values()) {
      if (router !== null && slot.config.name !== router) continue
      this.#step(slot, { input: 'Yielded', now, why, patient: true })
    }
  }

  #step(slot: Slot, input: RouterInput): void {
    const before = slot.state.kind
    const { state, effects } = stepRouter(slot.state, input, slot.here)
    slot.state = state
    for (const effect of effects) this.#effects.push({ ...effect, router: slot.config.name })
    if (slot.group.length === 1 || state.kind === 'master') return
    if (before !== 'master' && !followsBetter(slot)) return
    const patient = input.input === 'Yielded' && input.patient
    for (const other of slot.group) {
      if (other === slot || other.state.kind !== 'master') continue
      const why = `sync group: ${slot.config.name} is not master`
      this.#step(other, { input: 'Yielded', now: input.now, why, patient })
    }
  }
}

/** A router without a sync group is a group of one. */
function groupsOf(slots: readonly Slot[]): readonly (readonly Slot[])[] {
  const named = Map.groupBy(slots, ({ config }) => config.syncGroup)
  const alone = named.get(null) ?? []
  named.delete(null)
  return [...alone.map(slot => [slot]), ...named.values()]
}

function memberOf(slot: Slot): Member {
  const { config, state, priority, here } = slot
  const promotesAt = state.kind === 'backup' ? slotWakeAt(slot) : null
  return { config, state, priority, effective: here.priority, self: here.self, promotesAt }
}

/**
 * Health of everything behind this box: asks, judges, and says what the kernel's table should be.
 * Deterministic: the same inputs give the same effects. It changes in place, because thousands of
 * findings a second pass here; a finding costs a review of the services that use its probe, and
 * that only when the verdict has changed.
 */

import { destinationKey, type SeenService, type Service, serviceKey } from '../ipvs/service.ts'
import { after, type Duration, type Instant, instant, milliseconds } from '../values/duration.ts'
import type { Finding, Probe } from './check.ts'
import { changedSince, isFarReaching, isSameOverrides, overriddenSince } from './config-change.ts'
import { type Due, DueQueue } from './due-queue.ts'
import type { HealthEffect } from './health-effect.ts'
import {
  foundInTable,
  type Known,
  type Memory,
  nothingKnown,
  recalled,
  remember,
} from './memory.ts'
import {
  asksTheSame,
  nothingPlanned,
  type PlannedProbe,
  type ProbePlan,
  planProbes,
} from './probe-plan.ts'
import { type Places, ProbeSchedule, type Run } from './probe-schedule.ts'
import {
  firstVerdict,
  isInDoubt,
  judge,
  type ProbeVerdict,
  saysTheSame,
  takenAs,
} from './probe-verdict.ts'
import { isSameTable } from './same-table.ts'
import { connectionsIn } from './server-connections.ts'
import type { CheckVerdict } from './server-weight.ts'
import type { Override, ServerConfig, ServiceConfig } from './service-config.ts'
import { type Circumstances, reviewService } from './service-review.ts'
import type { ServiceReview, ServiceState, ServiceStatus } from './service-state.ts'

export type HealthInput =
  | {
      readonly input: 'Configured'
      readonly services: readonly ServiceConfig[]
      readonly overrides: readonly Override[]
      /** Of an earlier director; heeded the first time only. */
      readonly known: Known
      /** In [0, 1). */
      readonly random: number
      readonly now: Instant
    }
  | { readonly input: 'Overridden'; readonly overrides: readonly Override[]; readonly now: Instant }
  /** `run` is that of `Ask`; null: of a probe that is watched. */
  | {
      readonly input: 'Found'
      readonly probe: string
      readonly run: number | null
      readonly finding: Finding
      readonly now: Instant
    }
  /** The kernel's table: servers that left the configuration go when their connections have. */
  | { readonly input: 'TableSeen'; readonly table: readonly SeenService[]; readonly now: Instant }
  /** Null: every one. */
  | { readonly input: 'CheckRequested'; readonly server: string | null; readonly now: Instant }
  | { readonly input: 'TimerDue'; readonly now: Instant }

type Slot = Due & {
  config: ServiceConfig
  /** Null before the first one. */
  review: ServiceReview | null
  /** Of the last review, or known from an earlier director. */
  state: ServiceState | null
  reviewedAt: Instant | null
}

/**
 * A review looks at all servers of the service. Where thousands come up together, one for each of
 * them would be millions of looks: those of a large service rest for so long, per server.
 */
const restPerServer: Duration = milliseconds(0.02)
const large = 100

const unknownConnections = (): null => null

export class Health {
  readonly #schedule: ProbeSchedule
  readonly #services = new Map<string, Slot>()
  readonly #wakes = new DueQueue<Slot>()
  readonly #verdicts = new Map<string, ProbeVerdict>()
  #plan: ProbePlan = nothingPlanned
  #overrides: ReadonlyMap<string, Override> = new Map()
  #started = false
  #effects: HealthEffect[] = []

  constructor(places?: Places) {
    this.#schedule = new ProbeSchedule(places)
  }

  feed(input: HealthInput): readonly HealthEffect[] {
    this.#effects = []
    const { now } = input
    switch (input.input) {
      case 'Configured':
        this.#configure(input)
        break
      case 'Overridden':
        this.#override(byServer(input.overrides), now)
        break
      case 'Found':
        this.#found(input.probe, input.run, input.finding, now)
        break
      case 'TableSeen':
        this.#look(input.table, now)
        break
      case 'CheckRequested':
        for (const id of this.#probesNamed(input.server)) this.#schedule.askNow(id, now)
        break
      case 'TimerDue':
        for (const slot of this.#wakes.takeAll(now)) this.#review(slot, now)
        break
    }
    this.#ask(now)
    return this.#effects
  }

  /** When `TimerDue` is wanted; null: never. */
  wakeAt(): Instant | null {
    const [probes, services] = [this.#schedule.wakeAt(), this.#wakes.first?.dueAt ?? null]
    if (probes === null || services === null) return probes ?? services
    return instant(Math.min(probes, services))
  }

  /** What the kernel should have. */
  table(): readonly Service[] {
    return [...this.#services.values()].flatMap(({ review }) => review?.table ?? [])
  }

  /** The same, by service. */
  tables(): ReadonlyMap<string, readonly Service[]> {
    return new Map([...this.#services].map(([name, { review }]) => [name, review?.table ?? []]))
  }

  statuses(): readonly ServiceStatus[] {
    return [...this.#services.values()].flatMap(({ review }) => review?.status ?? [])
  }

  status(service: string): ServiceStatus | null {
    return this.#services.get(service)?.review?.status ?? null
  }

  probe(id: string): { readonly probe: PlannedProbe; readonly verdict: ProbeVerdict } | null {
    const [probe, verdict] = [this.#plan.probes.get(id), this.#verdicts.get(id)]
    return probe === undefined || verdict === undefined ? null : { probe, verdict }
  }

  /** How many probes there are, run, and wait for a free place. */
  load(): { readonly probes: number; readonly asking: number; readonly waiting: number } {
    const { asking, waiting } = this.#schedule
    return { probes: this.#plan.probes.size, asking, waiting }
  }

  /** For the director after this one. */
  memory(): Memory {
    const probes = [...this.#verdicts].flatMap(([id, verdict]) => {
      const probe = this.#plan.probes.get(id)
      return probe === undefined ? [] : [[probe.asks, verdict] as const]
    })
    const services = [...this.#services].flatMap(([name, { state }]) =>
      state === null ? [] : [[name, state] as const],
    )
    return remember(probes, services)
  }

  #configure({ services, overrides, known, random, now }: Configured): void {
    const news = this.#started ? nothingKnown : known
    this.#started = true
    const before = [...this.#services.values()].map(({ config }) => config)
    const said = byServer(overrides)
    const isSaid = isSameOverrides(said, this.#overrides)
    this.#overrides = said
    this.#place(services, news, now)
    const plan = planProbes(services, this.#plan)
    // With another weight the same is asked as before: of ten thousand probes none is looked at.
    if (!asksTheSame(plan, this.#plan)) {
      this.#inherit(plan, news, now)
      this.#reschedule(plan, random, now)
    }
    this.#plan = plan
    const changed = changedSince(before, services)
    for (const { name } of isSaid ? changed : services) {
      const slot = this.#services.get(name)
      if (slot !== undefined) this.#review(slot, now)
    }
    if (isFarReaching(before, services)) {
      this.#effects = this.#effects.filter(({ effect }) => effect !== 'Program')
      this.#effects.unshift({ effect: 'ProgramAll' })
      return
    }
    // Also where the destinations are the same: the service's own settings may differ.
    this.#effects.unshift(...changed.map(({ name }) => this.#programOf(name)))
  }

  #override(said: ReadonlyMap<string, Override>, now: Instant): void {
    const names = overriddenSince(this.#overrides, said)
    this.#overrides = said
    for (const name of names) {
      const slot = this.#services.get(name)
      if (slot !== undefined) this.#review(slot, now)
    }
  }

  #programOf(service: string): HealthEffect {
    const table = this.#services.get(service)?.review?.table ?? []
    return { effect: 'Program', service, table }
  }

  #place(services: readonly ServiceConfig[], { memory, table }: Known, now: Instant): void {
    const remembered = new Map(memory?.services)
    const found = new Map(table.map(each => [serviceKey(each.at), each]))
    const before = new Map(this.#services)
    this.#services.clear()
    for (const config of services) {
      const slot = before.get(config.name)
      before.delete(config.name)
      if (slot !== undefined) {
        slot.config = config
        this.#services.set(config.name, slot)
        continue
      }
      const recall = remembered.get(config.name)
      const state = recall === undefined ? foundInTable(config, found, now) : recalled(recall)
      this.#services.set(config.name, {
        config,
        review: null,
        state,
        reviewedAt: null,
        dueAt: now,
        place: -1,
      })
    }
    for (const gone of before.values()) this.#wakes.remove(gone)
  }

  /** A probe that is new to the plan must not take down what was up without it. */
  #inherit(plan: ProbePlan, { memory }: Known, now: Instant): void {
    const fresh = [...plan.probes.values()].filter(({ id }) => !this.#verdicts.has(id))
    const wanted = new Set(fresh.map(({ asks }) => asks))
    const asked = new Map(memory?.probes)
    for (const { id, asks } of this.#plan.probes.values()) {
      const verdict = wanted.has(asks) ? this.#verdicts.get(id) : undefined
      if (verdict !== undefined) asked.set(asks, verdict)
      if (!plan.probes.has(id)) this.#verdicts.delete(id)
    }
    const ofUpServers = this.#probesOfUpServers(plan, fresh)
    for (const { id, asks, check } of fresh) {
      const unasked = ofUpServers.has(id)
        ? takenAs('up', 'no result yet; its server was up without it', now)
        : firstVerdict(check.pace, now)
      this.#verdicts.set(id, asked.get(asks) ?? unasked)
    }
  }

  #probesOfUpServers({ probesOf }: ProbePlan, fresh: readonly PlannedProbe[]) {
    const found = new Set<string>()
    for (const name of new Set(fresh.flatMap(({ services }) => [...services]))) {
      const { config, state = null } = this.#services.get(name) ?? {}
      for (const server of config?.servers ?? []) {
        if (state?.servers.get(destinationKey(server.at))?.up !== true) continue
        for (const id of probesOf.get(server) ?? []) found.add(id)
      }
    }
    return found
  }

  #reschedule({ probes }: ProbePlan, random: number, now: Instant): void {
    const asked = new Map([...probes].filter(([, probe]) => !isWatched(probe)))
    for (const { probe, run } of this.#schedule.configure(asked, random, now)) {
      this.#effects.push({ effect: 'Abandon', probe: probe.id, run })
    }
    for (const [id, probe] of this.#plan.probes) {
      if (isWatched(probe) && !probes.has(id)) this.#effects.push({ effect: 'Unwatch', probe })
    }
    for (const [id, probe] of probes) {
      if (!isWatched(probe) || this.#plan.probes.has(id)) continue
      this.#effects.push({ effect: 'Watch', probe })
    }
  }

  #found(id: string, run: number | null, finding: Finding, now: Instant): void {
    if (run === null) {
      this.#judge(id, finding, null, now)
      return
    }
    const took = this.#schedule.tookOf(id, run, now)
    if (took === null) return
    this.#judge(id, finding, took, now)
    const verdict = this.#verdicts.get(id)
    this.#schedule.ended(id, run, verdict !== undefined && isInDoubt(verdict), now)
  }

  #judge(id: string, finding: Finding, took: Duration | null, now: Instant): void {
    const [probe, before] = [this.#plan.probes.get(id), this.#verdicts.get(id)]
    if (probe === undefined || before === undefined) return
    const verdict = judge(before, finding, took, probe.check.pace, now)
    this.#verdicts.set(id, verdict)
    if (saysTheSame(before, verdict)) return
    for (const name of probe.services) {
      const slot = this.#services.get(name)
      if (slot !== undefined) this.#reviewSoon(slot, now)
    }
  }

  #reviewSoon(slot: Slot, now: Instant): void {
    const servers = slot.config.servers.length
    const rest = milliseconds(servers < large ? 0 : servers * restPerServer)
    const at = slot.reviewedAt === null ? now : after(slot.reviewedAt, rest)
    if (at <= now) this.#review(slot, now)
    else if (slot.place === -1 || at < slot.dueAt) this.#wakes.add(slot, at)
  }

  #look(table: readonly SeenService[], now: Instant): void {
    const draining = [...this.#services.values()].filter(
      ({ state }) => state !== null && state.drains.size > 0,
    )
    if (draining.length === 0) return
    const seen = new Map(table.map(each => [serviceKey(each.at), each]))
    for (const slot of draining) {
      const found = slot.config.at.flatMap(at => seen.get(serviceKey(at)) ?? [])
      this.#review(slot, now, connectionsIn(found))
    }
  }

  #ask(now: Instant): void {
    for (;;) {
      const { starts, overdue } = this.#schedule.due(now)
      for (const start of starts) this.#effects.push({ effect: 'Ask', ...start })
      if (overdue.length === 0) return
      for (const each of overdue) this.#giveUp(each, now)
    }
  }

  #giveUp({ probe, run }: Run, now: Instant): void {
    this.#effects.push({ effect: 'Abandon', probe: probe.id, run })
    const why = `no answer within ${probe.check.pace.timeout / 1000} s`
    this.#found(probe.id, run, { kind: 'failed', reason: 'timeout', why }, now)
  }

  #review(
    slot: Slot,
    now: Instant,
    connectionsOf: Circumstances['connectionsOf'] = unknownConnections,
  ): void {
    const before = slot.review
    const review = reviewService(slot.state, {
      config: slot.config,
      checksOf: server => this.#checksOf(server),
      probesOf: server => this.#plan.probesOf.get(server) ?? [],
      overrideOf: server => this.#overrides.get(server) ?? null,
      connectionsOf,
      now,
    })
    slot.review = review
    slot.state = review.state
    slot.reviewedAt = now
    if (review.wakeAt === null) this.#wakes.remove(slot)
    else this.#wakes.add(slot, review.wakeAt)
    if (before === null || !isSameTable(before.table, review.table)) {
      this.#effects.push({ effect: 'Program', service: slot.config.name, table: review.table })
    }
    for (const event of review.events) this.#effects.push({ effect: 'Tell', event })
  }

  #checksOf(server: ServerConfig): readonly CheckVerdict[] {
    const ids = this.#plan.probesOf.get(server) ?? []
    return server.checks.flatMap((check, index) => {
      const verdict = this.#verdicts.get(ids[index] ?? '')
      return verdict === undefined ? [] : [{ check, verdict }]
    })
  }

  #probesNamed(server: string | null): readonly string[] {
    if (server === null) return [...this.#plan.probes.keys()]
    return [...this.#services.values()].flatMap(({ config }) =>
      config.servers
        .filter(({ name }) => `${config.name}/${name}` === server)
        .flatMap(each => this.#plan.probesOf.get(each) ?? []),
    )
  }
}

type Configured = Extract<HealthInput, { input: 'Configured' }>

const isWatched = ({ check }: Probe): boolean => check.question.kind === 'bfd'

const byServer = (overrides: readonly Override[]): ReadonlyMap<string, Override> =>
  new Map(overrides.map(each => [each.server, each]))

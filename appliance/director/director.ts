import type { Finding } from '../health/check.ts'
import { Health, type HealthInput } from '../health/health.ts'
import type { HealthEffect } from '../health/health-effect.ts'
import { type Known, nothingKnown, shifted } from '../health/memory.ts'
import type { DirectorConfig, Override } from '../health/service-config.ts'
import type { ServiceEvent } from '../health/service-state.ts'
import { TrafficHistory } from '../ipvs/traffic-history.ts'
import { Journal } from '../linux/journal.ts'
import { kernelMilliseconds, now } from '../linux/monotonic-clock.ts'
import type { Overdue } from '../linux/parent-channel.ts'
import type {
  DirectorAnswer,
  DirectorQuestion,
  FromDirector,
  LeftMemory,
} from '../status/director-messages.ts'
import { configAfter, type DirectorNews } from '../status/director-news.ts'
import type { RouterStateName } from '../status/router-status.ts'
import { type Instant, instant, milliseconds, minutes, seconds } from '../values/duration.ts'
import { type AnswersSite, answerTo } from './answers.ts'
import { ArpPatrol } from './arp-patrol.ts'
import { Asker } from './asker.ts'
import { KernelKeeper } from './kernel-keeper.ts'
import { Lateness } from './lateness.ts'
import { ServiceNews } from './service-news.ts'
import { SyncKeeper } from './sync-keeper.ts'
import { TableKeeper } from './table-keeper.ts'

export type DirectorSite = {
  readonly say: (message: FromDirector) => void
  /** Where settings of the kernel are remembered as they were. */
  readonly settingsFile: string
}

/** Changes that come together are told together. */
const gatherMs = 50
const rememberMs = 10_000
/** How long somebody's hands in the kernel's table go unnoticed. */
const repairMs = 10_000
/** Of the looks around, every sixth asks the segments too; the first one does. */
const patrolEvery = 6

/** Generous: an emulated box takes ten times as long as a real one. */
const probesOverdue = seconds(5)
const lookOverdue = minutes(2)

const nothing: DirectorConfig = {
  services: [],
  sync: null,
  timeouts: { tcp: null, tcpFin: null, udp: null },
}

/**
 * The shell of `Health`: asks what it wants asked, hands in what was found, and keeps the kernel as
 * it says.
 */
export class Director {
  readonly #site: DirectorSite
  readonly #health = new Health()
  readonly #journal = new Journal(() => this.#tellSoon())
  readonly #asker: Asker
  readonly #table: TableKeeper
  readonly #kernel: KernelKeeper
  readonly #sync: SyncKeeper
  readonly #history = new TrafficHistory()
  readonly #patrol = new ArpPatrol(this.#journal)
  readonly #lateness = new Lateness()
  readonly #news = new ServiceNews()
  readonly #repair: NodeJS.Timeout
  #config = nothing
  #started = false
  #looks = 0
  #lookedAt: Instant = now()
  #timer: NodeJS.Timeout | null = null
  #armed: Instant | null = null
  #telling: NodeJS.Timeout | null = null
  #remembering: NodeJS.Timeout | null = null

  constructor(site: DirectorSite) {
    this.#site = site
    this.#table = new TableKeeper(this.#journal)
    this.#kernel = new KernelKeeper(site.settingsFile, this.#journal)
    this.#sync = new SyncKeeper(this.#table, this.#journal)
    this.#asker = new Asker({
      say: site.say,
      found: (probe, run, finding) => {
        this.#feed({ input: 'Found', probe, run, finding, now: now() })
      },
    })
    this.#repair = setInterval(() => void this.#lookAround(), repairMs)
  }

  /** Gives what the kernel refuses now and did not refuse before. */
  configure(
    news: DirectorNews,
    overrides: readonly Override[],
    left: LeftMemory | null,
  ): readonly string[] {
    const before = this.#table.refused
    const config = configAfter(this.#config, news)
    this.#config = config
    const known = this.#started ? nothingKnown : this.#known(left)
    this.#started = true
    const { services } = config
    // Before the services: the first packet is to find the kernel as it should be.
    this.#kernel.want(config)
    const random = Math.random()
    this.#feed({ input: 'Configured', services, overrides, known, random, now: now() })
    this.#table.wantTimeouts(config.timeouts)
    this.#sync.want(config.sync)
    this.#tellSoon()
    // Without IPVS nothing is forwarded, whatever the configuration says.
    if (this.#table.missing !== null) return []
    return this.#table.refused.filter(words => !before.includes(words))
  }

  /** What an earlier run of this process left, or else the kernel's table. */
  #known(left: LeftMemory | null): Known {
    const shift = (left?.offset ?? 0) - kernelMilliseconds(instant(0))
    const memory = left === null ? null : shifted(left.memory, milliseconds(shift))
    return { memory, table: this.#table.read() }
  }

  override(overrides: readonly Override[]): void {
    this.#feed({ input: 'Overridden', overrides, now: now() })
    this.#tell()
  }

  onRouterStates(states: Readonly<Record<string, RouterStateName>>): void {
    this.#sync.onRouterStates(states)
    this.#tellSoon()
  }

  onScriptFound(id: number, finding: Finding): void {
    this.#asker.onScriptFound(id, finding)
  }

  /** Who only asks must not end the director. */
  async answer(question: DirectorQuestion): Promise<DirectorAnswer> {
    try {
      return await answerTo(question, this.#askable())
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      return { ok: false, title: 'The director could not find out', detail }
    }
  }

  #askable(): AnswersSite {
    return {
      config: this.#config,
      health: this.#health,
      table: this.#table,
      lateness: this.#lateness,
      history: this.#history,
      checkNow: server => this.#feed({ input: 'CheckRequested', server, now: now() }),
    }
  }

  /** Everything of ours out of the kernel. */
  async leave(): Promise<void> {
    clearInterval(this.#repair)
    this.#patrol.close()
    this.#sync.want(null)
    this.#table.clear()
    await this.#kernel.restore()
  }

  stop(): void {
    clearInterval(this.#repair)
    this.#patrol.close()
    for (const timer of [this.#timer, this.#remembering]) if (timer !== null) clearTimeout(timer)
    this.#asker.close()
    this.#remember()
    this.#tell()
  }

  /** The loop may turn while the work does not get done. Null: all that was due is done. */
  overdue(): Overdue | null {
    if (!this.#started) return null
    const due = this.#health.wakeAt()
    if (due !== null && now() - due >= probesOverdue) {
      const late = Math.round(now() - due)
      return { since: due, why: `checks were due ${late} ms ago, and none began` }
    }
    const unseen = now() - this.#lookedAt
    if (unseen < lookOverdue) return null
    const why = `the kernel's table was last looked at ${Math.round(unseen / 1000)} s ago`
    return { since: this.#lookedAt, why }
  }

  #feed(input: HealthInput): void {
    this.#perform(this.#health.feed(input))
    this.#wake()
  }

  #perform(effects: readonly HealthEffect[]): void {
    const events: ServiceEvent[] = []
    for (const effect of effects) {
      switch (effect.effect) {
        case 'Ask':
          this.#lateness.add(effect.late)
          this.#asker.ask(effect.probe, effect.run, effect.deadline)
          break
        case 'Abandon':
          this.#asker.abandon(effect.run)
          break
        case 'Watch':
          this.#asker.watch(effect.probe)
          break
        case 'Unwatch':
          this.#asker.unwatch(effect.probe)
          break
        case 'Program':
          this.#table.program(effect.service, effect.table)
          this.#tellSoon()
          break
        case 'ProgramAll':
          this.#table.programAll(this.#health)
          this.#tellSoon()
          break
        case 'Tell':
          events.push(effect.event)
          break
      }
    }
    this.#table.settle()
    for (const event of events) this.#onEvent(event)
  }

  #onEvent({ kind, service, server, why, hook }: ServiceEvent): void {
    const name = server === null ? service : `${service}/${server}`
    this.#journal.note(name, kind, why)
    if (hook !== null) {
      const state = kind === 'server-up' || kind === 'quorum-up' ? 'UP' : 'DOWN'
      this.#site.say({ kind: 'service-hook', name, state, hook })
    }
    this.#remembering ??= setTimeout(() => this.#remember(), rememberMs)
  }

  /** Somebody else may have had their hands in the kernel; and connections end by themselves. */
  async #lookAround(): Promise<void> {
    if (!this.#started) return
    const seen = this.#table.repair()
    if (seen !== null) {
      this.#history.see(seen, now())
      this.#feed({ input: 'TableSeen', table: seen, now: now() })
    }
    this.#sync.repair()
    await this.#kernel.repair()
    if (this.#looks % patrolEvery === 0) await this.#patrol.walk(this.#config)
    this.#looks += 1
    this.#lookedAt = now()
    this.#tellSoon()
  }

  #remember(): void {
    this.#remembering = null
    if (!this.#started) return
    const memory = { memory: this.#health.memory(), offset: kernelMilliseconds(instant(0)) }
    this.#site.say({ kind: 'memory', memory })
  }

  #wake(): void {
    const at = this.#health.wakeAt()
    if (at === null || (this.#armed !== null && this.#armed <= at)) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#armed = at
    this.#timer = setTimeout(
      () => {
        this.#armed = null
        this.#feed({ input: 'TimerDue', now: now() })
      },
      Math.max(0, at - instant(now())),
    )
  }

  #tellSoon(): void {
    this.#telling ??= setTimeout(() => this.#tell(), gatherMs)
  }

  #tell(): void {
    if (this.#telling !== null) clearTimeout(this.#telling)
    this.#telling = null
    if (!this.#started) return
    const { services, names } = this.#news.take(
      this.#config.services,
      this.#health,
      this.#table.missing,
    )
    const director = {
      sync: this.#sync.status,
      missing: this.#table.missing,
      refused: this.#table.refused,
      claims: this.#patrol.claims,
    }
    this.#site.say({ kind: 'services', services, names, director, events: this.#journal.take() })
  }
}

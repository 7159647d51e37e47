import { isSame } from '../config/same.ts'
import type { DirectorConfig, Override } from '../health/service-config.ts'
import type {
  DirectorAnswer,
  DirectorQuestion,
  FromDirector,
  LeftMemory,
  ToDirector,
} from '../status/director-messages.ts'
import { newsSince } from '../status/director-news.ts'
import { directorStatus } from '../status/director-status.ts'
import type { BoxEvent } from '../status/events.ts'
import type { FromChild, ToChild } from '../status/messages.ts'
import type { RouterStateName, RouterStatus } from '../status/router-status.ts'
import type { DirectorReport, DirectorStatus, ServiceStatus } from '../status/service-status.ts'
import { seconds } from '../values/duration.ts'
import type { OverrideChange } from './control/control.ts'
import type { EventBook } from './event-book.ts'
import type { Overrides } from './overrides.ts'

const answerWithin = 10_000

export type ServicesSite = {
  /** False when the child is not there to hear it. */
  readonly send: (child: 'director' | 'scripts', message: ToChild) => boolean
  readonly events: EventBook
  readonly overrides: Overrides
  readonly onChange: () => void
}

/**
 * The supervisor's side of the director: gives it its part of the configuration, keeps what it
 * found for whoever asks and for its next life, and hands its programs to `scripts`.
 */
export class Services {
  readonly #site: ServicesSite
  readonly #services = new Map<string, ServiceStatus>()
  readonly #asked = new Map<number, (answer: DirectorAnswer) => void>()
  #config: DirectorConfig | null = null
  /** What this run of the director was told. */
  #told: DirectorConfig | null = null
  #id = 0
  #director = directorStatus(idle, null, new Date().toISOString())
  #states: Readonly<Record<string, RouterStateName>> = {}
  #memory: LeftMemory | null = null
  #questions = 0
  /** Nothing has been taken since the start. */
  #isNew = true
  #patience: NodeJS.Timeout | null = null

  constructor(site: ServicesSite) {
    this.#site = site
  }

  /** One that has none left has a table to clear. */
  get isWanted(): boolean {
    return this.#config !== null
  }

  /** Without work, what the kernel lacks is nobody's trouble. */
  get hasWork(): boolean {
    return this.#config !== null && !isEmpty(this.#config)
  }

  get all(): readonly ServiceStatus[] {
    return [...this.#services.values()]
  }

  get overrides(): readonly Override[] {
    return this.#site.overrides.all()
  }

  get director(): DirectorStatus {
    return this.#director
  }

  /** False from the start of the box until each service has been up, or long enough. */
  get areReady(): boolean {
    return this.#patience === null
  }

  #nowReady(): void {
    clearTimeout(this.#patience ?? undefined)
    this.#patience = null
    this.#site.onChange()
  }

  /** False: it is what the director has. Else it answers with the id. */
  take(config: DirectorConfig, id: number): boolean {
    this.#id = id
    const isFirst = this.#isNew
    this.#isNew = false
    if (isEmpty(config) && this.#config === null) return false
    if (this.#config !== null && isSameConfig(this.#config, config)) return false
    this.#config = config
    this.#configure()
    if (isFirst && !isEmpty(config)) {
      this.#patience = setTimeout(() => this.#nowReady(), readyWithin).unref()
      this.#site.onChange()
    }
    return true
  }

  onReady(child: string): void {
    if (child === 'director') this.#configure()
  }

  onMessage(child: string, message: FromChild): void {
    if (child === 'scripts' && message.kind === 'script-found') {
      this.#site.send('director', message)
    }
    if (child !== 'director') return
    if (message.kind === 'configured') this.#onConfigured(message.id)
    else this.#hear(message as FromDirector)
  }

  onExit(child: string): void {
    if (child !== 'director') return
    this.#told = null
    for (const answer of this.#asked.values()) answer(gone)
    this.#asked.clear()
  }

  /** Whoever is MASTER sends the table of connections to the other box. */
  onRouters(routers: readonly RouterStatus[]): void {
    const states = Object.fromEntries(routers.map(({ name, state }) => [name, state]))
    if (JSON.stringify(states) === JSON.stringify(this.#states)) return
    this.#states = states
    if (this.#config !== null) this.#site.send('director', { kind: 'router-states', states })
  }

  /** Takes everything of ours out of the kernel. */
  leave(): void {
    this.#site.send('director', { kind: 'leave' })
  }

  ask(question: DirectorQuestion): Promise<DirectorAnswer> {
    this.#questions += 1
    const id = this.#questions
    return new Promise(resolve => {
      const late = setTimeout(() => answer(silent), answerWithin)
      const answer = (value: DirectorAnswer): void => {
        clearTimeout(late)
        this.#asked.delete(id)
        resolve(value)
      }
      this.#asked.set(id, answer)
      if (!this.#site.send('director', { kind: 'director-question', id, question })) answer(gone)
    })
  }

  /** What an operator says of a server holds until an operator takes it back. */
  override(server: string, change: OverrideChange): Override {
    const { overrides, events, send } = this.#site
    const since = new Date().toISOString()
    const { state = null, weight = null } = { ...overrides.of(server), ...change }
    const override: Override = { server, state, weight, since, by: 'operator' }
    overrides.set(override)
    const words = stateWords[state ?? 'none']
    const text = `by an operator: ${words}, weight ${weight ?? 'as configured'}`
    const line: BoxEvent = { at: since, about: server, event: 'override', text, times: 1 }
    events.add([line])
    send('director', { kind: 'overrides', overrides: overrides.all() })
    return override
  }

  #configure(): void {
    if (this.#config === null) return
    const { send, overrides } = this.#site
    const say = (message: ToDirector): boolean => send('director', message)
    say({ kind: 'router-states', states: this.#states })
    const memory = this.#told === null ? this.#memory : null
    const config = newsSince(this.#told, this.#config)
    const message = { id: this.#id, config, overrides: overrides.all(), memory }
    if (say({ kind: 'configure-director', ...message })) this.#told = this.#config
  }

  #said(report: DirectorReport): void {
    this.#director = directorStatus(report, this.#director, new Date().toISOString())
  }

  /** One without work stays as long as there may be a table to clear. */
  #onConfigured(id: number): void {
    if (id !== this.#id || this.hasWork) return
    if (this.#director.missing !== null) {
      this.#config = null
      this.#told = null
      this.#services.clear()
      this.#said(idle)
    }
    this.#site.onChange()
  }

  #hear(message: FromDirector): void {
    switch (message.kind) {
      case 'services': {
        // Of one that is about to go.
        if (this.#config === null) break
        const fresh = new Map(message.services.map(service => [service.name, service]))
        const before = new Map(this.#services)
        this.#services.clear()
        for (const name of message.names) {
          const service = fresh.get(name) ?? before.get(name)
          if (service !== undefined) this.#services.set(name, service)
        }
        this.#said(message.director)
        this.#site.events.add(message.events)
        if (this.#patience !== null && isAllUp(this.all)) this.#nowReady()
        else this.#site.onChange()
        break
      }
      case 'director-answer':
        this.#asked.get(message.id)?.(message.answer)
        break
      case 'memory':
        this.#memory = message.memory
        break
      case 'ask-script':
        if (this.#site.send('scripts', message)) break
        this.#site.send('director', { kind: 'script-found', id: message.id, finding: noScripts })
        break
      case 'abandon-script':
      case 'service-hook':
        this.#site.send('scripts', message)
        break
    }
  }
}

const idle: DirectorReport = { sync: null, missing: null, refused: [], claims: [] }

/** A box whose servers are all gone may lead after so long: then it is not for want of asking. */
const readyWithin = seconds(60)

const isAllUp = (services: readonly ServiceStatus[]): boolean =>
  services.length > 0 && services.every(({ state }) => state === 'up')

const isEmpty = ({ services, sync }: DirectorConfig): boolean =>
  services.length === 0 && sync === null

const isSameConfig = (a: DirectorConfig, b: DirectorConfig): boolean =>
  a.services.length === b.services.length &&
  a.services.every((service, index) => service === b.services[index]) &&
  isSame(a.sync, b.sync) &&
  isSame(a.timeouts, b.timeouts)

const stateWords = { drain: 'drained', disabled: 'disabled', none: 'takes part' } as const

const gone: DirectorAnswer = {
  ok: false,
  title: 'The director does not run',
  detail: 'diarch status says why. The kernel forwards as it did.',
}

const silent: DirectorAnswer = {
  ok: false,
  title: 'The director has not answered',
  detail: `It had ${answerWithin / 1000} s. diarch log director may say why.`,
}

const noScripts = {
  kind: 'failed',
  reason: 'cannot-ask',
  why: 'the process that runs scripts is not there (diarch status)',
} as const

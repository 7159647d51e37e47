import type { RouterPart } from '../config/parts.ts'
import type { FromFence } from '../fencing/fence-messages.ts'
import { markOf } from '../guard/heartbeat.ts'
import { Journal } from '../linux/journal.ts'
import { now } from '../linux/monotonic-clock.ts'
import { native } from '../linux/native/binding.ts'
import type { Alarm } from '../status/document.ts'
import type { BoxEvent } from '../status/events.ts'
import type { GuardReport, GuardStatus } from '../status/guard-status.ts'
import type { AddressMove, FromChild, ToChild } from '../status/messages.ts'
import { RefusedAdverts } from '../status/refused-adverts.ts'
import type { RouterStatus } from '../status/router-status.ts'
import type { ServiceStatus } from '../status/service-status.ts'
import { instant } from '../values/duration.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'
import type { HookOutcome, RouterEvent, TrackerVerdict } from '../vrrp/tracker-messages.ts'
import { sayLastHeartbeat } from './children/last-heartbeat.ts'
import { LeadWatch } from './children/lead-watch.ts'
import { releaseOrphans, takeFromMute } from './children/orphaned-addresses.ts'
import type { EventBook } from './event-book.ts'
import { FenceDesk } from './fence-desk.ts'
import { FlightBook } from './flights/flight-book.ts'
import type { MaintenanceSwitch } from './maintenance.ts'

const mostUntold = 1000

const muteWords =
  'vrrpd has said nothing for as long as others wait for a master: its addresses were taken away'

const unwatchedWords = 'its addresses stay for up to 3 s should it hang, for want of a shared page'

const isMaster = ({ state }: RouterStatus): boolean => state === 'MASTER'

const isWell = (outcome: HookOutcome): boolean => outcome.how === 'exited' && outcome.code === 0

function outcomeWords(outcome: HookOutcome): string {
  switch (outcome.how) {
    case 'exited':
      return `exit code ${outcome.code}`
    case 'killed':
      return `killed by ${outcome.signal}`
    case 'timeout':
      return `ended after ${outcome.afterMs / 1000} s, its time limit`
    case 'refused':
    case 'dropped':
      return `not started: ${outcome.why}`
  }
}

export type DirectorTrouble = { readonly since: string; readonly why: string }

/** Every router tracks it; no tracker of the configuration can have this name. */
const ofDirector = { tracker: '(director)', weight: -254, reverse: false }

const directorVerdict = (trouble: DirectorTrouble | null): readonly TrackerVerdict[] =>
  trouble === null ? [] : [{ name: ofDirector.tracker, state: 'down', number: null, ...trouble }]

export type VirtualRoutersSite = {
  readonly stateDir: string
  /** False when the child is not there to hear it. */
  readonly send: (child: 'vrrpd' | 'scripts' | 'fence', message: ToChild) => boolean
  readonly events: EventBook
  readonly maintenance: MaintenanceSwitch
  /** After the routers that they are of. */
  readonly onMoves: (moves: readonly AddressMove[]) => void
  readonly onChange: () => void
}

/**
 * The supervisor's side of VRRP: vrrpd and `scripts` get their part of the configuration, what one
 * of them says the other hears, and when vrrpd dies its routers give up at once.
 */
export class VirtualRouters {
  readonly #site: VirtualRoutersSite
  #plan: RouterPart | null = null
  /** What vrrpd had before, and may still have until it has answered to this id. */
  #former: { readonly id: number; readonly routers: readonly RouterConfig[] } | null = null
  #id = 0
  #routers: readonly RouterStatus[] = []
  /** Of the scripts process. */
  #found: readonly TrackerVerdict[] = []
  #services: readonly ServiceStatus[] = []
  #director: DirectorTrouble | null = null
  #mayPreempt = true
  #untold: readonly RouterEvent[] = []
  #guard: GuardReport | null = null
  readonly #refused = new RefusedAdverts()
  readonly #leads = new LeadWatch(marks => this.#onMute(marks))
  readonly #journal: Journal
  readonly fence: FenceDesk
  readonly flights: FlightBook

  constructor(site: VirtualRoutersSite) {
    this.#site = site
    this.#journal = new Journal(() => site.events.add(this.#journal.take()))
    this.flights = new FlightBook({
      stateDir: site.stateDir,
      send: message => site.send('vrrpd', message),
      note: (event, text) => this.#note('vrrpd', event, text),
    })
    this.fence = new FenceDesk({
      send: site.send,
      note: (event, text) => this.#note('fencing', event, text),
      onChange: site.onChange,
    })
  }

  get routers(): readonly RouterStatus[] {
    return this.#routers
  }

  /** To who asks the supervisor. */
  get offers(): Pick<VirtualRouters, 'fence' | 'flights'> {
    return { fence: this.fence, flights: this.flights }
  }

  get configs(): readonly RouterConfig[] {
    return this.#plan?.routers ?? []
  }

  get #mayHave(): readonly RouterConfig[] {
    return [...this.configs, ...(this.#former?.routers ?? [])]
  }

  get alarms(): readonly Alarm[] {
    const { maintenance } = this.#site
    const own = this.isWanted ? [...this.#refused.alarms, ...(this.#guard?.alarms ?? [])] : []
    return [...maintenance.alarms, ...own, ...this.fence.alarms]
  }

  /** Null: the boxes say nothing to each other beside VRRP. */
  get guard(): GuardStatus | null {
    const { paths = [], witnesses = [], leases = [] } = this.#plan?.guard ?? {}
    const isUsed = this.isWanted && paths.length + witnesses.length + leases.length > 0
    return isUsed ? (this.#guard?.status ?? null) : null
  }

  get isWanted(): boolean {
    return this.#plan !== null && this.#plan.routers.length > 0
  }

  get wanted(): Readonly<Record<'routers' | 'fence', boolean>> {
    return { routers: this.isWanted, fence: this.isWanted && this.fence.isWanted }
  }

  get verdicts(): readonly TrackerVerdict[] {
    return [...this.#found, ...this.#ofServices()]
  }

  /** Routers may track what the director finds. */
  onServices(services: readonly ServiceStatus[]): void {
    const before = JSON.stringify(this.#ofServices())
    this.#services = services
    if (JSON.stringify(this.#ofServices()) !== before) this.#tellVerdicts()
  }

  /**
   * Null: it runs. A box whose director cannot run leaves mastership to one whose can; one that
   * hears nothing of another on the paths beside VRRP would only be without a master for a while.
   */
  onDirector(trouble: DirectorTrouble | null): void {
    if (trouble?.why === this.#director?.why) return
    const began = this.#director === null
    this.#director = trouble
    this.#tellVerdicts()
    const { paths = [], peer = null } = this.guard ?? {}
    // Without preemption a peer that is there all the same would never take over by itself.
    const preempts = this.configs.every(({ preempt }) => preempt)
    const isAlone = preempts && paths.length > 0 && peer?.state !== 'heard'
    if (began && !isAlone) this.#site.send('vrrpd', { kind: 'failover', router: null })
  }

  /** False: a box that cannot serve yet does not push aside one that does. */
  mayPreempt(may: boolean): void {
    if (may === this.#mayPreempt) return
    this.#mayPreempt = may
    this.#configure('vrrpd')
  }

  /** Who has something new, and answers with the id. */
  take(plan: RouterPart, id: number): readonly string[] {
    // The moment when vrrpd has died is no moment to load a library.
    native()
    this.#id = id
    if (plan === this.#plan) return []
    this.#former = { id, routers: this.#mayHave }
    this.#plan = plan
    const asked = this.fence.take(plan.fencing, id) ? ['fence'] : []
    this.#configure('vrrpd')
    this.#configure('scripts')
    return ['vrrpd', 'scripts', ...asked]
  }

  /** Of a child that starts: see `LeadWatch`. vrrpd goes without it where it has to. */
  pageOf = (child: string): number | null => {
    if (child !== 'vrrpd') return null
    try {
      return this.#leads.begin()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.#note('vrrpd', 'mute-unwatched', `${unwatchedWords}: ${why}`)
      return null
    }
  }

  onReady(child: string): void {
    if (child === 'vrrpd') this.flights.onReady()
    if (child === 'vrrpd' || child === 'scripts') this.#configure(child)
    if (child === 'fence') this.fence.onReady()
  }

  onMessage(child: string, message: FromChild): void {
    if (child === 'vrrpd' && message.kind === 'routers') {
      const { routers, changes, events, moves, guard } = message
      this.#routers = routers
      this.#guard = guard
      this.fence.onGuard(guard)
      this.#site.events.add(events)
      this.#refused.hear(events)
      this.#refused.look(routers, instant(performance.now()), new Date().toISOString())
      this.#tellScripts(changes)
      if (moves.length > 0) this.#site.onMoves(moves)
      this.#leads.look()
      this.#site.onChange()
    }
    if (child === 'vrrpd' && message.kind === 'configured') {
      if (message.id >= (this.#former?.id ?? 0)) this.#former = null
    }
    if (message.kind === 'flight-part' || message.kind === 'flight-end') {
      if (child === 'vrrpd') this.flights.onMessage(message)
    }
    if (child === 'fence') this.fence.onMessage(message as FromFence)
    if (child !== 'scripts') return
    if (message.kind === 'script-found') this.fence.onScript(message)
    if (message.kind === 'verdicts') {
      this.#found = message.verdicts
      this.#tellVerdicts()
    }
    if (message.kind === 'notified' && !isWell(message.outcome)) {
      const text = `${message.command.join(' ')}: ${outcomeWords(message.outcome)}`
      this.#note(message.name, 'notify-failed', text)
    }
    if (message.kind === 'fifo-trouble') {
      this.#note(
        'notify',
        'fifo-trouble',
        `${message.lines} lines for ${message.path}: ${message.why}`,
      )
    }
  }

  onExit(child: string): void {
    if (child === 'fence') this.fence.onExit()
    if (child !== 'vrrpd' || this.#plan === null) return
    this.#leads.end()
    this.#former = null
    this.fence.onGuard(null)
    const masters = this.#routers.filter(isMaster)
    const failures = releaseOrphans(this.#plan.routers, this.#routers)
    for (const { name } of masters) {
      this.#note(name, 'released', 'vrrpd ended while it was MASTER: priority 0 was sent for it')
    }
    const fail = (failure: string) => this.#note('vrrpd', 'release-failed', failure)
    for (const failure of failures) fail(failure)
    if (this.#guard !== null) {
      const { guard, routers } = this.#plan
      sayLastHeartbeat(guard, this.#guard.session, routers, fail)
      this.#guard = null
    }
    const at = new Date().toISOString()
    this.#routers = this.#routers.map(router => ({
      ...router,
      state: 'INIT',
      since: router.state === 'INIT' ? router.since : at,
      why: 'vrrpd does not run',
      master: null,
      addresses: router.addresses.map(({ address }) => ({ address, held: false })),
    }))
    this.#site.onChange()
  }

  /** vrrpd is not killed: it may only have been kept waiting, and knows what to do then. */
  #onMute(marks: ReadonlySet<number>): boolean {
    const isMute = ({ name, vrid }: RouterConfig) => marks.has(markOf(name, vrid))
    const masters = new Set(this.#routers.filter(isMaster).map(({ name }) => name))
    const others = this.#mayHave.filter(config => !isMute(config) && masters.has(config.name))
    const mute = this.#mayHave.filter(isMute)
    const failures = takeFromMute(mute, others)
    for (const failure of failures) this.#note('vrrpd', 'release-failed', failure)
    const names = failures.length > 0 ? [] : mute.map(({ name }) => name)
    for (const name of new Set(names)) {
      this.#journal.repeated(name, 'mute', now(), () => muteWords)
    }
    this.#site.onChange()
    return failures.length === 0
  }

  /** False when there is no such router. */
  failover(router: string | null): boolean {
    if (router !== null && !this.#routers.some(({ name }) => name === router)) return false
    this.#site.send('vrrpd', { kind: 'failover', router })
    return true
  }

  setMaintenance(on: boolean, by: string): void {
    const { maintenance } = this.#site
    maintenance.set(on, by)
    this.#note('box', on ? 'maintenance-on' : 'maintenance-off', `by ${by}`)
    this.#site.send('vrrpd', { kind: 'maintenance', why: maintenance.why })
    this.#site.onChange()
  }

  #configure(child: 'vrrpd' | 'scripts'): void {
    if (this.#plan === null) return
    const { routers, trackers, notify, guard } = this.#plan
    const { send, maintenance } = this.#site
    if (child === 'scripts') {
      const [id, known] = [this.#id, this.#found]
      send(child, { kind: 'configure-scripts', id, trackers, notify, known })
      this.#tellScripts([])
      return
    }
    // In this order: it must not lead for a moment with what it is yet to hear of.
    send(child, { kind: 'maintenance', why: maintenance.why })
    this.#tellVerdicts()
    const interfaceTrackers = trackers.flatMap(tracker =>
      tracker.kind === 'interface' ? [{ name: tracker.name, interface: tracker.interface }] : [],
    )
    const tracking = routers.map(router => ({
      ...router,
      tracks: [...router.tracks, ofDirector],
      preempt: router.preempt && this.#mayPreempt,
    }))
    const id = this.#id
    send(child, { kind: 'configure-vrrp', id, routers: tracking, interfaceTrackers, guard })
  }

  #tellVerdicts(): void {
    const verdicts = [...this.verdicts, ...directorVerdict(this.#director)]
    this.#site.send('vrrpd', { kind: 'verdicts', verdicts })
    this.#site.onChange()
  }

  #ofServices(): readonly TrackerVerdict[] {
    return (this.#plan?.trackers ?? []).flatMap(tracker => {
      if (tracker.kind !== 'service') return []
      const service = this.#services.find(({ name }) => name === tracker.service)
      if (service === undefined) return []
      const { state, since, why } = service
      return [{ name: tracker.name, state, number: null, since, why }]
    })
  }

  /** What happens while it does not run waits for it. */
  #tellScripts(changes: readonly RouterEvent[]): void {
    this.#untold = [...this.#untold, ...changes].slice(-mostUntold)
    if (this.#untold.length === 0) return
    if (this.#site.send('scripts', { kind: 'router-events', events: this.#untold })) {
      this.#untold = []
    }
  }

  #note(about: string, event: string, text: string): void {
    const line: BoxEvent = { at: new Date().toISOString(), about, event, text, times: 1 }
    this.#site.events.add([line])
  }
}

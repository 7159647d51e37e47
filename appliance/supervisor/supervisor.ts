import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { noParts } from '../config/parts.ts'
import { libDir } from '../linux/lib-dir.ts'
import { hashPasswords } from '../linux/password.ts'
import { type Release, readRelease } from '../linux/release.ts'
import type { FromPair } from '../pairing/pair-messages.ts'
import { logRing } from '../supervision/log-ring.ts'
import { seconds } from '../values/duration.ts'
import { AlarmBook } from './alarm-book.ts'
import { Children } from './children/children.ts'
import { controlGroupsOf } from './children/limits.ts'
import { Output } from './children/output.ts'
import { wantedProcesses } from './children/specs.ts'
import { Configuration } from './configuration/configuration.ts'
import { Taking } from './configuration/taking.ts'
import { Doors } from './control/doors.ts'
import { Publisher } from './control/publisher.ts'
import { Desks } from './desks.ts'
import { DirectorWatch } from './director-trouble.ts'
import { EventBook } from './event-book.ts'
import { Handover } from './handover.ts'
import { Keyboard } from './keyboard.ts'
import { MaintenanceSwitch } from './maintenance.ts'
import { Network } from './network.ts'
import { Overrides } from './overrides.ts'
import { Pair } from './pair/pair.ts'
import { pairedBox } from './pair/paired-box.ts'
import { knownHere } from './pair/peer-talk.ts'
import { machineOf } from './port-names.ts'
import { Services } from './services.ts'
import { childEnvironment, type Settings } from './settings.ts'
import { setUpByFile } from './setup-by-file.ts'
import { SlotGate } from './slot-gate.ts'
import { closeToOthers, holdStateFolder } from './state-folder.ts'
import { StatusView } from './status-view.ts'
import { Surroundings } from './surroundings.ts'
import { TimeKeeper } from './time/time-keeper.ts'
import { boxUpgrade } from './upgrade/box-upgrade.ts'
import type { Upgrade } from './upgrade/upgrade.ts'
import { VirtualRouters } from './virtual-routers.ts'
import { WatchdogChain } from './watchdog-chain.ts'

const own = 'supervisor'
const tickEvery = seconds(2)
const pingEvery = seconds(5)
/** Generous: processes start first, and an emulated box takes ten times as long as a real one. */
const takenWithin = seconds(60)

/** All parts together: see docs/architecture.md. */
export class Supervisor {
  readonly #settings: Settings
  readonly #release: Release
  readonly #output = new Output()
  readonly #ring = logRing()
  readonly #alarms = new AlarmBook()
  readonly #surroundings: Surroundings
  readonly #children: Children
  readonly #desks: Desks
  readonly #events: EventBook
  readonly #maintenance: MaintenanceSwitch
  readonly #virtual: VirtualRouters
  readonly #services: Services
  readonly #director: DirectorWatch
  readonly #publisher: Publisher
  readonly #taking: Taking
  readonly #network: Network
  readonly #time: TimeKeeper
  readonly #configuration: Configuration
  readonly #pair: Pair
  readonly #handover: Handover
  readonly #doors: Doors
  readonly #watchdog: WatchdogChain
  readonly #timers: NodeJS.Timeout[] = []
  readonly #view: StatusView
  readonly #gate: SlotGate
  readonly #upgrade: Upgrade
  #stopping = false

  constructor(settings: Settings, env: NodeJS.ProcessEnv) {
    this.#settings = settings
    // First of all.
    this.#watchdog = new WatchdogChain(settings, text => this.#say(text))
    this.#release = readRelease(join(libDir, 'release'))
    this.#events = new EventBook(join(settings.runDir, 'events.jsonl'), said => {
      const { about, event, text, times } = said
      const often = times === 1 ? '' : ` (${times} times)`
      // A source of its own in the log: many routers that change must not push out what we say.
      this.#output.line('event', `${about}: ${event}: ${text}${often}`)
      this.#desks.alerts.hear(said)
    })
    this.#desks = new Desks({
      send: (child, message) => this.#children.send(child, message),
      box: () => this.#surroundings.hostname,
      status: () => this.#view.now(),
      services: () => this.#services,
      alarms: this.#alarms,
      onChange: () => this.#publisher.soon(),
    })
    this.#surroundings = new Surroundings(settings, this.#release.version, this.#alarms)
    const changesUser = process.getuid?.() === 0 && settings.appliance
    this.#children = new Children({
      env: childEnvironment(settings, env),
      controlGroups: controlGroupsOf(settings, message => {
        this.#alarms.set('control-groups', [{ reason: 'memory-limits-missing', message }])
      }),
      changesUser,
      pageOf: name => this.#virtual.pageOf(name),
      onLine: (name, line) => this.#output.line(name, line.text),
      onStateChange: (name, state, why) => this.#onStateChange(name, state, why),
      onReady: name => {
        this.#virtual.onReady(name)
        this.#services.onReady(name)
        if (name === 'pair') this.#pair.onReady()
        this.#desks.onReady(name)
      },
      onMessage: (name, message) => {
        if (message.kind === 'configured') this.#taking.onConfigured(name, message)
        this.#virtual.onMessage(name, message)
        this.#services.onMessage(name, message)
        if (name === 'pair') this.#pair.onMessage(message as FromPair)
        this.#desks.onMessage(name, message)
      },
      onExit: (name, failure) => {
        if (failure !== null) this.#note(name, 'process-ended', `it ${failure}`)
        this.#virtual.onExit(name)
        this.#services.onExit(name)
        if (name === 'pair') this.#pair.onExit()
        this.#desks.onExit(name)
      },
    })
    this.#publisher = new Publisher({
      status: () => this.#view.now(),
      services: () => this.#services.all,
      director: () => this.#services.director,
      tellChildren: status => {
        this.#children.tellStatus({ kind: 'status', status })
        this.#desks.alerts.see(status)
        this.#pair.talk.own(status)
      },
    })
    this.#network = new Network(settings, this.#alarms, this.#surroundings, text => this.#say(text))
    this.#time = new TimeKeeper(settings, this.#release.built, {
      note: (event, text) => this.#note('time', event, text),
      alarm: alarms => this.#alarms.set('time', alarms),
      restart: () => void this.#children.restart('time'),
    })
    const keyboard = new Keyboard(settings, text => this.#note('console', 'keyboard', text))
    this.#taking = new Taking({
      put: (parts, id) => {
        this.#doors.configure(parts.access)
        this.#time.take(parts.time)
        keyboard.take(parts.console.keyboard)
        this.#watchdog.take(parts.watchdog)
        return [
          ...this.#virtual.take(parts.routers, id),
          ...(this.#services.take(parts.director, id) ? ['director'] : []),
          ...this.#desks.take(parts, id),
        ]
      },
      // At the start the first tick does it.
      want: () => this.#doors.areOpen && this.#want(),
      stateOf: child => this.#children.roster.children.get(child)?.state.kind ?? null,
      within: takenWithin,
    })
    this.#doors = new Doors(settings, changesUser, why => {
      const message = `Who changes what cannot be written down: ${why}`
      this.#alarms.set('audit', why === null ? [] : [{ reason: 'audit-not-written', message }])
    })
    this.#configuration = new Configuration({
      stateDir: settings.stateDir,
      file: settings.configFile,
      handWritten: settings.handWritten,
      // First what the routers stand on.
      give: async parts => [
        ...(await this.#network.apply(parts.network)),
        ...(await this.#taking.give(parts)),
      ],
      sealed: hashPasswords,
      note: (event, text) => this.#note('configuration', event, text),
      alarm: alarms => this.#alarms.set('configuration', alarms),
      share: (change, write) => this.#pair.sharing.share(change, write),
      trialEnded: cluster => this.#pair.sharing.trialEnded(cluster),
      turned: () => this.#pair.onConfiguration(),
    })
    this.#pair = new Pair({
      ...pairedBox(settings, this.#surroundings, this.#release.version, this.#time),
      send: message => this.#children.send('pair', message),
      configuration: () => this.#configuration,
      note: (event, text) => this.#note('pair', event, text),
      alarm: alarms => this.#alarms.set('pair', alarms),
      onChange: () => {
        if (this.#doors.areOpen && !this.#stopping) this.#want()
        this.#publisher.soon()
      },
      knownOf: knownHere(question => this.#services.ask(question)),
      handover: () => this.#handover.last,
    })
    const say = (text: string): void => this.#say(text)
    this.#gate = new SlotGate(this.#children, this.#surroundings, this.#alarms, say)
    const noteOfSlot = (event: string, text: string): void => this.#note('slot', event, text)
    this.#upgrade = boxUpgrade(this.#surroundings, noteOfSlot, () => this.#publisher.soon())
    this.#maintenance = new MaintenanceSwitch(settings.stateDir)
    this.#virtual = new VirtualRouters({
      stateDir: settings.stateDir,
      send: (child, message) => this.#children.send(child, message),
      events: this.#events,
      maintenance: this.#maintenance,
      onMoves: moves => {
        this.#handover.moved(moves)
        this.#pair.talk.moved(moves)
      },
      onChange: () => {
        this.#services.onRouters(this.#virtual.routers)
        this.#publisher.soon()
      },
    })
    this.#services = new Services({
      send: (child, message) => this.#children.send(child, message),
      events: this.#events,
      overrides: new Overrides(settings.stateDir, message => {
        this.#alarms.set('overrides', [{ reason: 'overrides-unreadable', message }])
      }),
      onChange: () => {
        this.#virtual.onServices(this.#services.all)
        this.#director.look()
        this.#virtual.mayPreempt(this.#services.areReady)
        this.#publisher.soon()
      },
    })
    this.#handover = new Handover({
      routers: () => this.#virtual.routers,
      order: router => this.#virtual.failover(router),
      director: () => this.#services.director,
      askDirector: question => this.#services.ask(question),
      talk: this.#pair.talk,
      peerName: () => (this.#pair.isLinked ? (this.#pair.status.peer?.name ?? null) : null),
      note: (event, text) => this.#note('handover', event, text),
    })
    const seen = {
      release: this.#release,
      appliance: settings.appliance,
      children: this.#children,
      surroundings: this.#surroundings,
      upgrade: this.#upgrade,
      desks: this.#desks,
      watchdog: this.#watchdog,
      time: this.#time,
      virtual: this.#virtual,
      services: this.#services,
      configuration: this.#configuration,
      pair: this.#pair,
      maintenance: this.#maintenance,
      doors: this.#doors,
      alarms: this.#alarms,
    }
    this.#view = new StatusView(seen)
    this.#director = new DirectorWatch(seen, this.#view)
  }

  async start(): Promise<void> {
    const { stateDir, runDir } = this.#settings
    mkdirSync(stateDir, { recursive: true })
    holdStateFolder(stateDir)
    this.#events.begin()
    if (this.#settings.handWritten !== null) closeToOthers(this.#settings.handWritten)
    await this.#configuration.start()
    await this.#network.startWith(noParts().network)
    await this.#doors.open({
      status: () => this.#view.now(),
      watchStatus: this.#publisher.status.open,
      watchServices: this.#publisher.services.open,
      log: name => (name === own ? this.#ring : this.#children.log(name)),
      restart: name => this.#restart(name),
      events: () => this.#events.all(),
      handover: (router, asked) => this.#handover.give(router, asked),
      maintenance: (on, by) => this.#virtual.setMaintenance(on, by),
      services: () => this.#services.all,
      director: () => this.#services.director,
      askDirector: question => this.#services.ask(question),
      overrides: () => this.#services.overrides,
      override: (server, change) => this.#services.override(server, change),
      reload: () => this.reload(),
      ...this.#virtual.offers,
      tryAlertChannel: channel => this.#desks.alerts.tryOut(channel),
      configuration: this.#configuration,
      pair: this.#pair,
      upgrade: this.#upgrade,
      ...machineOf(this.#settings, this.#surroundings),
    })
    this.#say(`version ${this.#release.version}, state in ${stateDir}, control on ${runDir}`)
    // The page needs no port to have its name.
    this.#want()
    this.#every(tickEvery, () => this.#tick())
    this.#every(pingEvery, () => this.#ping())
    await this.#surroundings.look()
    this.#tick()
    await this.#surroundings.repair()
    if (!this.#settings.appliance) return
    await this.#upgrade.look()
    void setUpByFile({
      configuration: this.#configuration,
      surroundings: this.#surroundings,
      pair: this.#pair,
      pairPort: this.#settings.pairPort,
      alarms: this.#alarms,
      say: text => this.#say(text),
    })
  }

  /** Everything down in order; the watchdog stays armed for what comes after us. */
  async stop(why: string): Promise<void> {
    if (this.#stopping) return
    this.#stopping = true
    // From here on all has to be over in time, also what the box does after us.
    this.#watchdog.leave()
    this.#say(`stopping: ${why}`)
    this.#publisher.stop()
    this.#configuration.stop()
    // First of all: the peer is to have the addresses before anything else here goes.
    this.#children.send('vrrpd', { kind: 'stop' })
    // A box that ends takes its kernel along; somebody's computer does not.
    if (!this.#settings.appliance) this.#services.leave()
    await this.#children.stopAll()
    for (const timer of this.#timers) clearInterval(timer)
    await this.#network.close()
    await this.#time.close()
    this.#doors.close()
    this.#events.end(why)
    this.#say('stopped')
  }

  /** Reads the configuration again; a broken one is refused, and what runs goes on. */
  async reload(): Promise<readonly string[]> {
    const findings = await this.#configuration.reload()
    const outcome = findings.length === 0 ? 'was read again' : 'is refused, the old one stays'
    this.#say(`the configuration ${outcome}`)
    return findings
  }

  leaveWatchdog(): void {
    this.#watchdog.leave()
  }

  #tick(): void {
    if (this.#stopping) return
    this.#watchdog.looked()
    this.#director.look()
    if (this.#doors.hasUsers) this.#alarms.set('setup', [])
    this.#want()
    this.#publisher.now()
    void this.#surroundings.look()
    void this.#gate.look()
  }

  #want(): void {
    // A port that is gone has nothing to ask an address for.
    const ports = this.#surroundings.ports.filter(port => port.link !== 'missing')
    const asking = this.#network.dhcpInterfaces(ports.map(port => port.name))
    const wanted = wantedProcesses(this.#settings, asking, this.#surroundings.hostname, {
      ...this.#virtual.wanted,
      services: this.#services.isWanted,
      pair: this.#pair.isWanted,
      ...this.#desks.wanted,
    })
    this.#children.want([...wanted, ...this.#time.wanted])
  }

  /** The box is reset when this does not come, or comes and what is to be done is not. */
  #ping(): void {
    if (this.#doors.areOpen) this.#watchdog.ping(this.#children.roster)
  }

  #onStateChange(name: string, state: string, why: string): void {
    this.#say(`${name} is ${state}: ${why}`)
    this.#taking.onStateChange(name, state, why)
    if (name === 'director') this.#director.look()
    this.#publisher.soon()
  }

  #restart(name: string): 'requested' | 'unknown' | 'stopping' {
    if (this.#stopping) return 'stopping'
    return this.#children.restart(name) ? 'requested' : 'unknown'
  }

  #every(length: number, work: () => unknown): void {
    this.#timers.push(setInterval(work, length))
  }

  #note(about: string, event: string, text: string): void {
    const at = new Date().toISOString()
    this.#events.add([{ at, about, event, text, times: 1 }])
    this.#publisher.soon()
  }

  #say(text: string): void {
    this.#ring.push({ at: new Date().toISOString(), stream: 'stdout', text })
    this.#output.line(own, text)
  }
}

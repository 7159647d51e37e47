import { mkdirSync } from 'node:fs'
import type { Server } from 'node:http'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { confirmRunningSlot } from '../linux/boot-environment.ts'
import { rememberTime } from '../linux/clock.ts'
import { type ControlGroups, openControlGroups } from '../linux/control-group.ts'
import { libDir } from '../linux/lib-dir.ts'
import { readMemory, residentMiB } from '../linux/memory.ts'
import { type Release, readRelease } from '../linux/release.ts'
import { openWatchdog, type Watchdog } from '../linux/watchdog.ts'
import { assembleStatus, gist, pidOf } from '../status/assemble.ts'
import type { Status } from '../status/document.ts'
import { closedGate, type HealthGate, stepGate } from '../supervision/health-gate.ts'
import { type LogLine, logRing } from '../supervision/log-ring.ts'
import { allRun, allSettled } from '../supervision/roster.ts'
import { instant, minutes, seconds } from '../values/duration.ts'
import { AlarmBook } from './alarm-book.ts'
import { Children, monotonic } from './children.ts'
import { controlApi } from './control-api.ts'
import { openControlSocket } from './control-socket.ts'
import { Output } from './output.ts'
import { childEnvironment, type Settings } from './settings.ts'
import { wantedProcesses } from './specs.ts'
import { Surroundings } from './surroundings.ts'
import { WallClock } from './wall-clock.ts'
import { webAnswers } from './web-probe.ts'

const own = 'supervisor'
const tickEvery = seconds(2)
const pingEvery = seconds(5)
const rememberEvery = minutes(10)
/** Changes that come together are told together. */
const gatherFor = 100
const watchdogLimit = seconds(30)
/** Without a supervisor, for a reboot or a restart, however slow. */
const watchdogWithoutUs = seconds(120)
const wellFor = seconds(20)

/** All parts together: see docs/architecture.md. */
export class Supervisor {
  readonly #settings: Settings
  readonly #release: Release
  readonly #output = new Output()
  readonly #ring = logRing()
  readonly #alarms = new AlarmBook()
  readonly #clock = new WallClock()
  readonly #surroundings: Surroundings
  readonly #children: Children
  readonly #watchdog: Watchdog | null
  readonly #timers: NodeJS.Timeout[] = []
  readonly #listeners = new Set<(status: Status) => void>()
  /** Asked once: the kernel's figure is coarse, and the document's must not waver. */
  readonly #bootedAt = instant(performance.now() - uptime() * 1000)
  #watchdogMissing: string | null = null
  #server: Server | null = null
  #everSettled = false
  #gate: HealthGate = closedGate
  #published = ''
  #gathering: NodeJS.Timeout | null = null
  #stopping = false

  constructor(settings: Settings, env: NodeJS.ProcessEnv) {
    this.#settings = settings
    // First of all: from here on a hang of ours is noticed.
    this.#watchdog = this.#openWatchdog()
    this.#release = readRelease(join(libDir, 'release'))
    this.#surroundings = new Surroundings(settings, this.#release.version, this.#alarms)
    this.#children = new Children({
      env: childEnvironment(settings, env),
      controlGroups: this.#openControlGroups(),
      changesUser: process.getuid?.() === 0 && settings.appliance,
      onLine: (name, line) => this.#output.line(name, line.text),
      onStateChange: (name, state, why) => this.#onStateChange(name, state, why),
    })
  }

  async start(): Promise<void> {
    const { stateDir, runDir } = this.#settings
    mkdirSync(stateDir, { recursive: true })
    this.#server = await openControlSocket(
      join(runDir, 'control.sock'),
      controlApi({
        status: () => this.#status(),
        subscribe: listener => {
          this.#listeners.add(listener)
          return () => this.#listeners.delete(listener)
        },
        log: name => (name === own ? this.#ring : this.#children.log(name)),
        restart: name => this.#restart(name),
      }),
    )
    this.#say(`version ${this.#release.version}, state in ${stateDir}, control on ${runDir}`)
    // The page needs no port to have its name.
    this.#want()
    this.#every(tickEvery, () => this.#tick())
    this.#every(pingEvery, () => this.#ping())
    this.#every(rememberEvery, () => this.#rememberTime())
    await this.#surroundings.look()
    this.#tick()
    await this.#surroundings.repair()
  }

  /** Everything down in order; the watchdog stays armed for what comes after us. */
  async stop(why: string): Promise<void> {
    if (this.#stopping) return
    this.#stopping = true
    this.#say(`stopping: ${why}`)
    await this.#children.stopAll()
    for (const timer of this.#timers) clearInterval(timer)
    await this.#rememberTime()
    this.#server?.close()
    this.#server?.closeAllConnections()
    this.leaveWatchdog()
    this.#say('stopped')
  }

  /** Also after a failure: whoever starts us again gets the time for it. */
  leaveWatchdog(): void {
    this.#watchdog?.handOver(watchdogWithoutUs)
  }

  #tick(): void {
    if (this.#stopping) return
    this.#want()
    this.#publish()
    void this.#surroundings.look()
    void this.#passGate()
  }

  #want(): void {
    // A port that is gone has nothing to ask an address for.
    const ports = this.#surroundings.ports.filter(port => port.link !== 'missing')
    const names = ports.map(port => port.name)
    this.#children.want(wantedProcesses(this.#settings, names, this.#surroundings.hostname))
  }

  /** It runs on the same loop as everything else here: if that stalls, it does not ping. */
  #ping(): void {
    if (this.#server?.listening) this.#watchdog?.ping()
  }

  #onStateChange(name: string, state: string, why: string): void {
    this.#say(`${name} is ${state}: ${why}`)
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null
      if (!this.#stopping) this.#publish()
    }, gatherFor)
  }

  /** Children hear it at every tick, so that they can tell a quiet supervisor from a hung one. */
  #publish(): void {
    const status = this.#status()
    this.#children.tell({ kind: 'status', status })
    const news = gist(status)
    if (news === this.#published) return
    this.#published = news
    for (const listener of this.#listeners) listener(status)
  }

  #status(): Status {
    const { roster, web } = this.#children
    const { hostname, slot, storage, ports } = this.#surroundings
    this.#everSettled ||= allSettled(roster) && roster.children.size > 0
    const now = monotonic()
    const memory = [...roster.children].flatMap(([name, { state }]) => {
      const pid = pidOf(state)
      const mib = pid === null ? null : residentMiB(pid)
      return mib === null ? [] : [[name, mib] as const]
    })
    return assembleStatus({
      version: this.#release.version,
      commit: this.#release.commit,
      hostname,
      now,
      bootedAt: this.#bootedAt,
      iso: this.#clock.iso(now),
      roster,
      memoryMiB: new Map(memory),
      slot,
      storage,
      memory: readMemory(),
      watchdog: this.#watchdog?.status ?? null,
      watchdogMissing: this.#watchdogMissing,
      ports,
      web,
      raised: this.#alarms.all(),
      everSettled: this.#everSettled,
    })
  }

  async #passGate(): Promise<void> {
    if (this.#gate.kind === 'passed' || this.#surroundings.slot?.state !== 'trial') return
    const { roster, web } = this.#children
    const well = allRun(roster) && web !== null && (await webAnswers(web))
    const { gate, confirm } = stepGate(this.#gate, well, monotonic(), wellFor)
    this.#gate = gate
    if (!confirm) return
    const slot = this.#surroundings.slot.running.toUpperCase()
    const failures = await confirmRunningSlot()
    this.#alarms.set('health-gate', failures)
    if (failures.length > 0) this.#gate = closedGate
    this.#say(
      failures[0]?.message ?? `slot ${slot} is confirmed: all was well for ${wellFor / 1000} s`,
    )
  }

  #restart(name: string): 'requested' | 'unknown' | 'stopping' {
    if (this.#stopping) return 'stopping'
    return this.#children.restart(name) ? 'requested' : 'unknown'
  }

  #openWatchdog(): Watchdog | null {
    const device = this.#settings.watchdog
    if (device === null) return null
    try {
      const watchdog = openWatchdog(device, watchdogLimit)
      watchdog.ping()
      return watchdog
    } catch (error) {
      this.#watchdogMissing = words(error)
      return null
    }
  }

  #openControlGroups(): ControlGroups | null {
    const root = this.#settings.controlGroup
    if (root === null) return null
    try {
      return openControlGroups(root)
    } catch (error) {
      const message = `Children run without memory limits: ${words(error)}`
      this.#alarms.set('control-groups', [{ reason: 'memory-limits-missing', message }])
      return null
    }
  }

  async #rememberTime(): Promise<void> {
    const failure = await rememberTime(this.#settings.stateDir)
    if (failure !== null) this.#say(failure)
  }

  #every(length: number, work: () => unknown): void {
    this.#timers.push(setInterval(work, length))
  }

  #say(text: string): void {
    const line: LogLine = { at: new Date().toISOString(), stream: 'stdout', text }
    this.#ring.push(line)
    this.#output.line(own, text)
  }
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error))

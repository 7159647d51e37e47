import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AlarmText } from '../../boot/alarm-text.ts'
import type { TimePart } from '../../config/parts.ts'
import { isSame } from '../../config/same.ts'
import { timeServer } from '../../config/time-schema.ts'
import { rememberTime } from '../../linux/clock.ts'
import { readNtpReport } from '../../linux/ntp-report.ts'
import {
  type TimeStatus,
  type TimeVerdict,
  timeAlarms,
  timeVerdict,
} from '../../status/time-status.ts'
import type { ProcessSpec } from '../../supervision/spec.ts'
import { between, type Instant, minutes, seconds } from '../../values/duration.ts'
import { monotonic } from '../children/children.ts'
import { timeProcess } from '../children/specs.ts'
import type { Settings } from '../settings.ts'
import { ntpFile } from './ntp-file.ts'

const lookEvery = seconds(5)
const rememberEvery = minutes(10)
const mostServers = 8

export type TimeSite = {
  readonly note: (event: string, text: string) => void
  readonly alarm: (alarms: readonly AlarmText[]) => void
  /** The NTP client: it reads its file once. */
  readonly restart: () => void
}

/**
 * The time of day of this box: which time servers the NTP client asks, and what comes of it. Only
 * on the image: the clock of somebody's computer is not ours.
 */
export class TimeKeeper {
  readonly #settings: Settings
  readonly #built: Date | null
  readonly #site: TimeSite
  #part: TimePart = { zone: 'UTC' }
  #servers: readonly string[] = []
  #written: string | null = null
  #verdict: TimeVerdict = timeVerdict([], null, 'free')
  #since: Instant = monotonic()
  /** Since when the clock is not kept by anybody who should. */
  #unsetSince: Instant | null = null
  #failure: string | null = null
  readonly #timers: NodeJS.Timeout[] = []

  /** `built`: this software; null in the source tree. */
  constructor(settings: Settings, built: Date | null, site: TimeSite) {
    this.#settings = settings
    this.#built = built
    this.#site = site
    this.#every(rememberEvery, () => this.#remember())
    if (settings.appliance) this.#every(lookEvery, () => this.#look())
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await this.#remember()
  }

  get isSynchronised(): boolean {
    return this.#verdict.state === 'synchronised'
  }

  /** The NTP client, while there is somebody to ask. */
  get wanted(): readonly ProcessSpec[] {
    return this.#servers.length === 0 ? [] : [timeProcess(this.#file)]
  }

  take(part: TimePart): void {
    this.#part = part
    if (!this.#settings.appliance) return
    this.#trying(() => {
      writeFileSync(join(this.#settings.runDir, 'zone'), `${part.zone}\n`)
      this.#keepServers()
    })
  }

  async #look(): Promise<void> {
    this.#trying(() => this.#keepServers())
    const asked = this.#servers
    const report = asked.length === 0 ? null : await readNtpReport(this.#socket)
    // Meanwhile others may be to be asked.
    if (asked === this.#servers) this.#turn(timeVerdict(asked, report, this.#verdict.state))
    this.#site.alarm(this.#alarms())
  }

  status(iso: (moment: Instant) => string): TimeStatus | null {
    if (!this.#settings.appliance) return null
    return {
      zone: this.#part.zone,
      ...this.#verdict,
      since: iso(this.#since),
      servers: this.#servers,
      serversFrom: this.#serversFrom,
    }
  }

  get #serversFrom(): TimeStatus['serversFrom'] {
    if (this.#servers.length === 0) return null
    return this.#part.servers === undefined ? 'DHCP' : 'configuration'
  }

  get #file(): string {
    return join(this.#settings.runDir, 'ntp.toml')
  }

  /** In a folder of the client's own (early-boot). */
  get #socket(): string {
    return join(this.#settings.runDir, 'time/observe')
  }

  #keepServers(): void {
    const servers = this.#part.servers ?? this.#ofLeases()
    if (!isSame(servers, this.#servers)) this.#servers = servers
    const text = servers.length === 0 ? null : ntpFile(servers, this.#socket)
    if (text === this.#written) return
    const ran = this.#written !== null
    if (text === null) rmSync(this.#file, { force: true })
    else writeFileSync(this.#file, text)
    this.#written = text
    this.#turn(timeVerdict(servers, null, 'free'))
    if (ran && text !== null) this.#site.restart()
  }

  /** What DHCP servers say, is not ours: only what could stand in the configuration counts. */
  #ofLeases(): readonly string[] {
    const folder = join(this.#settings.runDir, 'dhcp')
    const files = existsSync(folder) ? readdirSync(folder).toSorted() : []
    const said = files
      .filter(file => file.endsWith('.time'))
      .flatMap(file => readFileSync(join(folder, file), 'utf8').split(/\s+/))
    const good = said.filter(server => timeServer.safeParse(server).success)
    return [...new Set(good)].slice(0, mostServers)
  }

  /** What cannot be written now is tried again at the next look. */
  #trying(work: () => void): void {
    try {
      work()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      if (why !== this.#failure) this.#site.note('time-not-configured', why)
      this.#failure = why
    }
  }

  #turn(verdict: TimeVerdict): void {
    const before = this.#verdict.state
    this.#verdict = verdict
    const { state, why } = verdict
    const isUnset = state === 'waiting' || state === 'lost'
    this.#unsetSince = isUnset ? (this.#unsetSince ?? monotonic()) : null
    if (state === before) return
    this.#since = monotonic()
    if (state === 'synchronised') this.#site.note('clock-synchronised', `the clock is ${why}`)
    if (state === 'lost') this.#site.note('clock-lost', why)
  }

  #alarms(): readonly AlarmText[] {
    const unsetFor = this.#unsetSince === null ? null : between(this.#unsetSince, monotonic())
    const isBeforeBuild = this.#built !== null && Date.now() < this.#built.getTime()
    return timeAlarms(this.#verdict, unsetFor, isBeforeBuild ? this.#built.toISOString() : null)
  }

  /** For a box without a battery: see early-boot. */
  async #remember(): Promise<void> {
    const failure = await rememberTime(this.#settings.stateDir)
    // Once: the disk has an alarm of its own.
    if (failure !== null && failure !== this.#failure) this.#site.note('clock-not-kept', failure)
    this.#failure = failure
  }

  #every(length: number, work: () => Promise<void>): void {
    this.#timers.push(setInterval(() => void work(), length))
  }
}

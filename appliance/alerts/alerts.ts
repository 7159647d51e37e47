import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Alert, Told } from '../alerting/alert.ts'
import type { ChannelStatus, FromAlerts } from '../alerting/alert-messages.ts'
import { alertLogPath } from '../alerting/log-path.ts'
import {
  type Outbox,
  type OutboxInput,
  outboxWakeAt,
  type Send,
  stepOutbox,
} from '../alerting/outbox.ts'
import { syslogLine } from '../alerting/syslog-line.ts'
import {
  type AlarmSeen,
  type Happening,
  type WatchInput,
  type WatchState,
  watch,
  watchWakeAt,
} from '../alerting/watch.ts'
import type { AlertChannel, AlertsConfig } from '../config/alert-schema.ts'
import { now } from '../linux/monotonic-clock.ts'
import { type Delivery, deliver } from './deliver.ts'
import { Handing } from './handing.ts'
import { appendLine } from './log-file.ts'
import { OutboxFile } from './outbox-file.ts'
import { WatchFile } from './watch-file.ts'

/** The shell around watch and outbox: time, the file, the servers. */
export class Alerts {
  readonly #stateFolder: string
  readonly #say: (message: FromAlerts) => void
  readonly #file: OutboxFile
  readonly #known: WatchFile
  readonly #handing: Handing
  readonly #health = new Map<string, Pick<ChannelStatus, 'state' | 'since' | 'why'>>()
  #config: AlertsConfig | null = null
  #box = ''
  #watch: WatchState
  #outbox: Outbox
  #timer: NodeJS.Timeout | null = null
  #unwritable: string | null = null

  constructor(stateFolder: string, say: (message: FromAlerts) => void) {
    const folder = join(stateFolder, 'alerts')
    this.#stateFolder = stateFolder
    this.#say = say
    this.#handing = new Handing(say)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#file = new OutboxFile(join(folder, 'outbox.json'))
    this.#outbox = this.#file.read(now())
    this.#known = new WatchFile(join(folder, 'told.json'))
    this.#watch = this.#known.read(now())
  }

  configure(config: AlertsConfig, box: string): void {
    this.#config = config
    this.#box = box
    const names = Object.keys(config.channels)
    for (const name of this.#health.keys()) if (!names.includes(name)) this.#health.delete(name)
    this.#post({ input: 'Channels', names, now: now() })
    this.#tell()
  }

  see(alarms: readonly AlarmSeen[]): void {
    this.#look({ input: 'AlarmsSeen', alarms, now: now() })
  }

  hear(events: readonly Happening[]): void {
    this.#look({ input: 'Happened', events, now: now() })
  }

  /** Past the queue: whoever asks wants to know now. Null: all have it. */
  async tryOut(name: string): Promise<string | null> {
    const channel = this.#config?.channels[name]
    if (channel === undefined) return `there is no channel "${name}"`
    const lines = [`This is a test of the channel "${name}": nothing is wrong.`]
    const alert = this.#stamped({ topic: 'alarms', state: 'happened', subject: 'test', lines })
    const { why } = await this.#deliver(name, channel, alert)
    this.#tell()
    return why
  }

  /** Of what was handed on: null when it was taken. */
  handed(id: number, failed: string | null): void {
    this.#handing.end(id, failed)
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #look(input: WatchInput): void {
    if (this.#config === null) return
    const { state, told } = watch(this.#watch, input, this.#config)
    this.#watch = state
    for (const each of told) this.#spread(each)
    // After what waits: told twice is better than not at all.
    this.#keep(() => this.#known.write(this.#watch, now()))
    this.#wake()
  }

  #spread(told: Told): void {
    const alert = this.#stamped(told)
    for (const [channel, wish] of Object.entries(this.#config?.channels ?? {})) {
      if (isFor(wish, told)) this.#post({ input: 'Put', channel, alert, now: now() })
    }
  }

  #post(input: OutboxInput): void {
    const before = this.#outbox
    const { outbox, send } = stepOutbox(before, input)
    this.#outbox = outbox
    for (const each of send) void this.#send(each)
    if (input.input !== 'TimerDue') this.#keep(() => this.#file.write(outbox, now()))
    this.#wake()
  }

  async #send({ channel: name, alert }: Send): Promise<void> {
    const channel = this.#config?.channels[name]
    if (channel === undefined) return
    const { taken } = await this.#deliver(name, channel, alert)
    this.#post({ input: taken ? 'Sent' : 'Failed', channel: name, now: now() })
    this.#tell()
  }

  async #deliver(name: string, channel: AlertChannel, alert: Alert): Promise<Delivery> {
    const delivery = await deliver(channel, alert, each => this.#hand(name, channel, each))
    const state = delivery.why === null ? 'ok' : 'failing'
    const why = delivery.why ?? 'the last alert was taken'
    const before = this.#health.get(name)
    const since = before?.state === state ? before.since : new Date().toISOString()
    this.#health.set(name, { state, since, why })
    if (delivery.why !== null) console.error(`${name}: not sent: ${why}`)
    return delivery
  }

  async #hand(name: string, channel: AlertChannel, alert: Alert): Promise<void> {
    if (channel.kind !== 'file') return await this.#handing.hand(name, alert)
    const path = alertLogPath(this.#stateFolder, name)
    appendLine(path, syslogLine(alert, channel.facility), channel.mostBytes)
  }

  /** Without a file alerts go out all the same; a restart may lose some. */
  #keep(write: () => void): void {
    try {
      write()
      this.#unwritable = null
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      if (words !== this.#unwritable) console.error(`what waits cannot be kept: ${words}`)
      this.#unwritable = words
    }
  }

  #tell(): void {
    const at = new Date().toISOString()
    const unused = { state: 'unused', since: at, why: 'nothing was sent yet' } as const
    const channels = Object.entries(this.#config?.channels ?? {}).map(([name, { kind }]) => {
      const { waiting = [], lost = 0 } = this.#outbox.get(name) ?? {}
      const health = this.#health.get(name) ?? unused
      this.#health.set(name, health)
      return { name, kind, ...health, waiting: waiting.length, lost }
    })
    this.#say({ kind: 'alert-channels', channels })
  }

  #stamped(told: Told): Alert {
    return { ...told, id: randomUUID(), at: new Date().toISOString(), box: this.#box }
  }

  #wake(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#config === null) return
    const at = Math.min(
      watchWakeAt(this.#watch, this.#config) ?? Infinity,
      outboxWakeAt(this.#outbox) ?? Infinity,
    )
    if (at === Infinity) return
    // A timer of Node counts in 31 bits: a reminder of weeks is looked at once a day.
    const wait = Math.min(Math.max(0, Math.ceil(at - now())), 86_400_000)
    this.#timer = setTimeout(() => {
      this.#look({ input: 'TimerDue', now: now() })
      this.#post({ input: 'TimerDue', now: now() })
    }, wait)
  }
}

const isFor = ({ topics, alarms }: AlertChannel, { topic, subject }: Told): boolean =>
  topics.includes(topic) && (topic !== 'alarms' || alarms === undefined || alarms.includes(subject))

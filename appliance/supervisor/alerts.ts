import type { Topic } from '../alerting/alert.ts'
import type { AlertErrandEnded } from '../alerting/alert-errand.ts'
import type { ChannelStatus, FromAlerts, ToAlerts } from '../alerting/alert-messages.ts'
import type { AlarmSeen, Happening } from '../alerting/watch.ts'
import type { AlarmText } from '../boot/alarm-text.ts'
import type { AlertsConfig } from '../config/alert-schema.ts'
import { isSame } from '../config/same.ts'
import type { Status } from '../status/document.ts'
import type { BoxEvent } from '../status/events.ts'
import { AlertHanding, type Handed } from './alert-handing.ts'

const triedWithin = 40_000
const mostUnheard = 200

export type AlertsSite = {
  /** False when the process is not there to hear it. */
  readonly send: (child: 'alerts' | 'scripts', message: Handed) => boolean
  readonly box: () => string
  readonly alarm: (alarms: readonly AlarmText[]) => void
  readonly onChange: () => void
}

/** The supervisor's side of `alerts`: hands on what it knows, keeps what that says. */
export class AlertDesk {
  readonly #site: AlertsSite
  readonly #handing: AlertHanding
  readonly #tries = new Map<number, (failed: string | null) => void>()
  #config: AlertsConfig | null = null
  #id = 0
  #tryId = 0
  #alarms: readonly AlarmSeen[] = []
  /** It happened while `alerts` did not run, as at the start of the box: told when it does. */
  #unheard: readonly Happening[] = []
  /** What is wrong with a service is said once, by the box that has the addresses. */
  #speaksForServices = true
  channels: readonly ChannelStatus[] = []

  constructor(site: AlertsSite) {
    this.#site = site
    this.#handing = new AlertHanding(site.send)
  }

  get isWanted(): boolean {
    return this.#config !== null && Object.keys(this.#config.channels).length > 0
  }

  get startsScripts(): boolean {
    return this.#handing.isWanted(this.#config)
  }

  /** False: it has that already, or there is nobody to tell. */
  take(config: AlertsConfig, id: number): boolean {
    if (this.#config !== null && isSame(this.#config, config)) return false
    this.#config = config
    this.#handing.take(config)
    if (!this.isWanted) {
      this.channels = []
      this.#unheard = []
    }
    this.#id = id
    this.#configure()
    return this.isWanted
  }

  onReady(): void {
    this.#configure()
    this.#tell({ kind: 'alarms', alarms: this.#alarms })
    if (this.#unheard.length > 0) this.#tell({ kind: 'happened', events: this.#unheard })
    this.#unheard = []
  }

  onMessage(message: FromAlerts): void {
    if (message.kind === 'channel-tried') this.#tried(message.id, message.failed)
    if (message.kind === 'alert-hand') this.#handing.hand(message, this.#config)
    if (message.kind !== 'alert-channels') return
    this.channels = message.channels
    const failing = this.channels.filter(({ state }) => state === 'failing')
    this.#site.alarm(
      failing.map(({ name, why }) => ({ reason: 'alerts-failing', message: `${name}: ${why}` })),
    )
    this.#site.onChange()
  }

  /** Of `scripts`. */
  onHanded({ id, failed }: AlertErrandEnded): void {
    this.#handing.end(id, failed)
  }

  onScriptsExit(): void {
    this.#handing.endAll()
  }

  onExit(): void {
    this.#handing.forget()
    for (const id of this.#tries.keys()) this.#tried(id, 'the process that sends alerts has ended')
  }

  see({ alarms, routers }: Status): void {
    this.#speaksForServices =
      routers.length === 0 || routers.some(({ state }) => state === 'MASTER')
    const seen = alarms
      .filter(({ reason }) => reason !== 'service-down' || this.#speaksForServices)
      .map(({ reason, message }) => ({ reason, message }))
    if (isSame(seen, this.#alarms)) return
    this.#alarms = seen
    if (this.isWanted) this.#tell({ kind: 'alarms', alarms: seen })
  }

  hear({ about, event, text }: BoxEvent): void {
    const topic = topicOf[event]
    if (topic === undefined || !this.isWanted) return
    if (topic !== 'roles' && !this.#speaksForServices) return
    const events: Happening[] = [{ topic, event, about, text }]
    if (this.#tell({ kind: 'happened', events })) return
    this.#unheard = [...this.#unheard, ...events].slice(-mostUnheard)
  }

  /** Null: it was taken. */
  tryOut(channel: string): Promise<string | null> {
    this.#tryId += 1
    const id = this.#tryId
    return new Promise(resolve => {
      const late = setTimeout(() => {
        this.#tried(id, `nobody answered within ${triedWithin / 1000} s`)
      }, triedWithin)
      this.#tries.set(id, failed => {
        clearTimeout(late)
        resolve(failed)
      })
      if (this.#tell({ kind: 'try-channel', id, channel })) return
      this.#tried(id, 'the process that sends alerts does not run: "diarch status" says why')
    })
  }

  #tried(id: number, failed: string | null): void {
    this.#tries.get(id)?.(failed)
    this.#tries.delete(id)
  }

  #configure(): void {
    if (this.#config === null) return
    const message = { id: this.#id, box: this.#site.box(), alerts: this.#config }
    this.#tell({ kind: 'configure-alerts', ...message })
  }

  #tell(message: ToAlerts): boolean {
    return this.#site.send('alerts', message)
  }
}

const topicOf: Readonly<Record<string, Topic>> = {
  master: 'roles',
  backup: 'roles',
  fault: 'roles',
  'handover-done': 'roles',
  'quorum-up': 'services',
  'quorum-down': 'services',
  'server-up': 'servers',
  'server-down': 'servers',
}

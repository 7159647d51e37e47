import type { AlertErrand, AlertFifosKept } from '../alerting/alert-errand.ts'
import type { FromAlerts, ToAlerts } from '../alerting/alert-messages.ts'
import type { AlertChannel, AlertsConfig } from '../config/alert-schema.ts'

export type Handed = ToAlerts | AlertErrand | AlertFifosKept
type Send = (child: 'alerts' | 'scripts', message: Handed) => boolean

/**
 * `alerts` talks to strangers and may start nothing: it says over which channel an alert is to go,
 * and what is started or written for it stands in the configuration alone.
 */
export class AlertHanding {
  readonly #send: Send
  /** By our number: that of `alerts`. */
  readonly #under = new Map<number, number>()
  #calls = 0

  constructor(send: Send) {
    this.#send = send
  }

  isWanted(config: AlertsConfig | null): boolean {
    return Object.values(config?.channels ?? {}).some(channel => destination(channel) !== null)
  }

  take({ channels }: AlertsConfig): void {
    const paths = Object.values(channels).flatMap(each => (each.kind === 'fifo' ? each.path : []))
    this.#send('scripts', { kind: 'alert-fifos', paths })
  }

  hand(
    { id, channel, alert }: Extract<FromAlerts, { kind: 'alert-hand' }>,
    config: AlertsConfig | null,
  ): void {
    const channels = config?.channels ?? {}
    const wish = Object.hasOwn(channels, channel) ? channels[channel] : undefined
    const to = wish === undefined ? null : destination(wish)
    if (to === null) {
      this.#answer(id, `there is no script or FIFO named "${channel}"`)
      return
    }
    this.#calls += 1
    const call = this.#calls
    this.#under.set(call, id)
    const errand = { kind: 'alert-errand', id: call, channel, alert, to } as const
    if (!this.#send('scripts', errand)) this.end(call, gone)
  }

  end(call: number, failed: string | null): void {
    const id = this.#under.get(call)
    if (id === undefined) return
    this.#under.delete(call)
    this.#answer(id, failed?.slice(0, 900) ?? null)
  }

  /** `scripts` has ended. */
  endAll(): void {
    for (const call of this.#under.keys()) this.end(call, gone)
  }

  /** Another `alerts` follows, and counts from the beginning. */
  forget(): void {
    this.#under.clear()
  }

  #answer(id: number, failed: string | null): void {
    this.#send('alerts', { kind: 'alert-handed', id, failed })
  }
}

const gone = 'the process that starts scripts does not run: "diarch status" says why'

function destination(channel: AlertChannel): AlertErrand['to'] | null {
  switch (channel.kind) {
    case 'script': {
      const { kind, command, user, timeout } = channel
      const [program, ...args] = command
      return { kind, command: [program, ...args], user, timeout }
    }
    case 'fifo':
      return { kind: 'fifo', path: channel.path }
    default:
      return null
  }
}

import type { FromAlerts } from '../alerting/alert-messages.ts'
import type { Parts } from '../config/parts.ts'
import type { FromSnmp } from '../mib/snmp-messages.ts'
import type { Status } from '../status/document.ts'
import type { FromChild, ToChild } from '../status/messages.ts'
import type { ServiceTraffic } from '../status/service-answers.ts'
import type { AlarmBook } from './alarm-book.ts'
import { AlertDesk } from './alerts.ts'
import type { Services } from './services.ts'
import { SnmpDesk } from './snmp.ts'

export type DesksSite = {
  /** False when the process is not there to hear it. */
  readonly send: (child: string, message: ToChild) => boolean
  readonly box: () => string
  readonly status: () => Status
  readonly services: () => Services
  readonly alarms: AlarmBook
  readonly onChange: () => void
}

/** The supervisor's sides of the processes that tell others what the box does, and no more. */
export class Desks {
  readonly alerts: AlertDesk
  readonly snmp: SnmpDesk

  constructor({ send, box, status, services, alarms, onChange }: DesksSite) {
    this.alerts = new AlertDesk({
      send: (child, message) => send(child, message),
      box,
      alarm: all => alarms.set('alerts', all),
      onChange,
    })
    this.snmp = new SnmpDesk({
      send: message => send('snmp', message),
      known: async () => {
        const { version, hostname, routers, trackers } = status()
        const traffic = await trafficOf(services())
        return { version, hostname, routers, trackers, services: services().all, traffic }
      },
      alarm: all => alarms.set('snmp', all),
      onChange,
    })
  }

  get wanted() {
    const { isWanted, startsScripts } = this.alerts
    return { alerts: isWanted, alertScripts: startsScripts, snmp: this.snmp.isWanted }
  }

  /** The processes that have something new to take. */
  take(parts: Parts, id: number): readonly string[] {
    return [
      ...(this.alerts.take(parts.alerts, id) ? ['alerts'] : []),
      ...(this.snmp.take(parts, id) ? ['snmp'] : []),
    ]
  }

  onReady(name: string): void {
    if (name === 'alerts') this.alerts.onReady()
    if (name === 'snmp') this.snmp.onReady()
  }

  onMessage(name: string, message: FromChild): void {
    if (name === 'alerts') this.alerts.onMessage(message as FromAlerts)
    if (message.kind === 'alert-errand-ended') this.alerts.onHanded(message)
    if (name === 'snmp') this.snmp.onMessage(message as FromSnmp)
  }

  onExit(name: string): void {
    if (name === 'alerts') this.alerts.onExit()
    if (name === 'scripts') this.alerts.onScriptsExit()
    if (name === 'snmp') this.snmp.onExit()
  }
}

/** Without the director's figures all others are told. */
async function trafficOf(services: Services): Promise<readonly ServiceTraffic[]> {
  if (services.all.length === 0) return []
  const answer = await services.ask({ ask: 'traffic', service: null })
  return answer.ok
    ? (answer.value as { readonly services: readonly ServiceTraffic[] }).services
    : []
}

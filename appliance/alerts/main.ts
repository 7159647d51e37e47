import { parentChannel, serveParent } from '../linux/parent-channel.ts'
import type { ToChild } from '../status/messages.ts'
import { Alerts } from './alerts.ts'

/**
 * Tells people what is wrong, by mail, webhook and syslog. A process of its own without any power:
 * it talks to servers of others, and may wait for them for long. Programs and FIFOs of operators
 * are told by `scripts`, by way of the supervisor.
 */

const state = process.env.DIARCH_STATE
if (state === undefined) throw new Error('DIARCH_STATE is not set: the supervisor sets it')

const channel = parentChannel('alerts')
const alerts = new Alerts(state, message => channel.send(message))

function obey(message: ToChild): void {
  switch (message.kind) {
    case 'configure-alerts':
      alerts.configure(message.alerts, message.box)
      channel.send({ kind: 'configured', id: message.id, refused: [] })
      break
    case 'alarms':
      alerts.see(message.alarms)
      break
    case 'happened':
      alerts.hear(message.events)
      break
    case 'try-channel':
      void alerts.tryOut(message.channel).then(failed => {
        channel.send({ kind: 'channel-tried', id: message.id, failed })
      })
      break
    case 'alert-handed':
      alerts.handed(message.id, message.failed)
      break
    default:
      break
  }
}

// What waits is in its file.
serveParent(channel, obey, () => alerts.stop())

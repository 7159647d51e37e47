import { join } from 'node:path'
import { parentChannel, startHeartbeat } from '../linux/parent-channel.ts'
import type { ToChild } from '../status/messages.ts'
import { Alerts } from './alerts.ts'

/**
 * Tells people what is wrong, by mail, webhook and syslog. A process of its own without any power:
 * it talks to servers of others, and may wait for them for long.
 */

const state = process.env.DIARCH_STATE
if (state === undefined) throw new Error('DIARCH_STATE is not set: the supervisor sets it')

const channel = parentChannel('alerts')
const alerts = new Alerts(join(state, 'alerts'), message => channel.send(message))

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
    case 'stop':
      end()
      break
    default:
      break
  }
}

/** What waits is in its file. */
function end(): void {
  alerts.stop()
  // The channel is written before the process ends, or the parent has gone.
  setImmediate(() => process.exit(0))
}

channel.onMessage(obey)
channel.onClose(end)
process.on('SIGTERM', end)
channel.send({ kind: 'ready' })
startHeartbeat(channel)

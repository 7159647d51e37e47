import { parentChannel, startHeartbeat } from '../linux/parent-channel.ts'
import type { ToChild } from '../status/messages.ts'
import { AlertErrands } from './alert-errands.ts'
import { Errands } from './errands.ts'
import { Notifier } from './notifier.ts'
import { Trackers } from './trackers.ts'

/**
 * Runs what operators wrote, and looks at what they want watched: vrrpd does nothing but VRRP, and
 * no program that is not ours may hold it up. What is found goes to the supervisor, and from it
 * to vrrpd.
 */

const channel = parentChannel('scripts')
const trackers = new Trackers(verdicts => channel.send({ kind: 'verdicts', verdicts }))
const notifier = new Notifier(message => channel.send(message))
const errands = new Errands(message => channel.send(message))
const alertErrands = new AlertErrands(message => channel.send(message))

function obey(message: ToChild): void {
  switch (message.kind) {
    case 'configure-scripts':
      notifier.configure(message.notify)
      trackers.configure(message.trackers, message.known)
      channel.send({ kind: 'configured', id: message.id, refused: [] })
      break
    case 'router-events':
      notifier.tell(message.events)
      break
    case 'ask-script':
    case 'abandon-script':
    case 'service-hook':
      errands.take(message)
      break
    case 'alert-errand':
      alertErrands.take(message)
      break
    case 'alert-fifos':
      alertErrands.keepFifos(message.paths)
      break
    case 'stop':
      trackers.close()
      // What the routers' end has started may finish, until SIGTERM says that it took too long.
      notifier.whenIdle(end)
      break
    default:
      break
  }
}

/** Nothing that was started here goes on without anybody to judge it. */
function end(): void {
  trackers.close()
  notifier.kill()
  errands.kill()
  alertErrands.kill()
  // The channel is written before the process ends, or the parent has gone.
  setImmediate(() => process.exit(0))
}

channel.onMessage(obey)
channel.onClose(end)
process.on('SIGTERM', end)
channel.send({ kind: 'ready' })
startHeartbeat(channel)

import { parentChannel, serveParent } from '../linux/parent-channel.ts'
import type { ToChild } from '../status/messages.ts'
import { Fence } from './fence.ts'

/**
 * Switches the other box off when the guard wants it, and tries regularly whether it could. A
 * process of its own without any power on this box: it talks to devices over the network, and what
 * they answer may be anything.
 */

const channel = parentChannel('fence')
const fence = new Fence(message => channel.send(message))

function obey(message: ToChild): void {
  switch (message.kind) {
    case 'configure-fence':
      fence.configure(message.fencing)
      channel.send({ kind: 'configured', id: message.id, refused: [] })
      break
    case 'fence':
      fence.want(message.wish)
      break
    case 'use-device':
      void fence.use(message.device, message.what).then(answer => {
        channel.send({ kind: 'device-used', id: message.id, ...answer })
      })
      break
    case 'fence-script-ended':
      fence.onScript(message.id, message.code, message.why)
      break
    default:
      break
  }
}

serveParent(channel, obey, () => fence.stop())

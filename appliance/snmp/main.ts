import { join } from 'node:path'
import { parentChannel, serveParent } from '../linux/parent-channel.ts'
import type { ToChild } from '../status/messages.ts'
import { Agent } from './agent.ts'
import { Engine } from './engine.ts'

/**
 * Answers SNMP. A process of its own, with a user of its own and no power but the port: whoever is
 * in the network may send it what he likes.
 */

const state = process.env.DIARCH_STATE
if (state === undefined) throw new Error('DIARCH_STATE is not set: the supervisor sets it')

const channel = parentChannel('snmp')
const engine = Engine.start(join(state, 'snmp'), text => console.error(text))
const agent = new Agent(engine, message => channel.send(message))

function obey(message: ToChild): void {
  switch (message.kind) {
    case 'configure-snmp':
      agent.configure(message.snmp)
      channel.send({ kind: 'configured', id: message.id, refused: [] })
      break
    case 'snapshot':
      agent.take(message.snapshot)
      break
    default:
      break
  }
}

serveParent(channel, obey, () => agent.stop())

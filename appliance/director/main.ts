import { join } from 'node:path'
import { parentChannel, startHeartbeat } from '../linux/parent-channel.ts'
import type { ToChild } from '../status/messages.ts'
import { Director } from './director.ts'

/** Keeps the kernel's IPVS table as services and checks want it; the kernel does the rest. */

const runDir = process.env.DIARCH_RUN
if (runDir === undefined) throw new Error('DIARCH_RUN is not set: the supervisor sets it')

const channel = parentChannel('director')
const director = new Director({
  say: message => channel.send(message),
  settingsFile: join(runDir, 'director/kernel-settings.json'),
})

let leaving: Promise<void> = Promise.resolve()

async function obey(message: ToChild): Promise<void> {
  switch (message.kind) {
    case 'configure-director': {
      const { id, config, overrides, memory } = message
      const refused = director.configure(config, overrides, memory)
      channel.send({ kind: 'configured', id, refused })
      break
    }
    case 'overrides':
      director.override(message.overrides)
      break
    case 'router-states':
      director.onRouterStates(message.states)
      break
    case 'script-found':
      director.onScriptFound(message.id, message.finding)
      break
    case 'director-question': {
      const answer = await director.answer(message.question)
      channel.send({ kind: 'director-answer', id: message.id, answer })
      break
    }
    case 'leave':
      leaving = director.leave()
      await leaving
      break
    case 'stop':
      await leaving
      end()
      break
    default:
      break
  }
}

/** The kernel goes on with what it has: nobody's connections end with this process. */
function end(): void {
  director.stop()
  // The channel is written before the process ends, or the parent has gone.
  setImmediate(() => process.exit(0))
}

channel.onMessage(message => {
  obey(message).catch((error: unknown) => {
    // A half-done change is worse than a restart, which reads everything anew.
    console.error(error)
    process.exit(1)
  })
})
channel.onClose(end)
process.on('SIGTERM', end)
channel.send({ kind: 'ready' })
startHeartbeat(channel, () => director.overdue())

import { setTimeout as wait } from 'node:timers/promises'
import type { systemOperations } from '../../api/system-operations.ts'
import { captureFrames } from '../../linux/frame-capture.ts'
import { Interfaces } from '../../linux/interfaces.ts'
import { KernelError } from '../../linux/kernel-error.ts'
import { blinkPort } from '../../linux/port-blink.ts'
import { frameText } from '../../network/frame-text.ts'
import { ask } from '../../probes/ask.ts'
import { seconds } from '../../values/duration.ts'
import { type IpAddress, parseIpAddress } from '../../values/ip-address.ts'
import { shellOn } from '../console-shell.ts'
import type { Control } from './control.ts'
import { type Answer, json, type PerformersOf } from './operation.ts'
import { problem, type Refusal } from './problem.ts'

/** The operations on the box as a machine, and those that find out what its network does. */
export const systemPerformers: PerformersOf<typeof systemOperations> = {
  powerBox: ({ power }, { body: { action } }) => {
    if (!power.isOurs) return notTheImage
    power.turn(action)
    return json({ action }, 202)
  },
  resetToFactory: (control, { body: { hostname } }) => reset(control, hostname),
  blinkPort: async (_, { names: [port = ''], body }) => {
    const found = portNamed(port)
    if ('kind' in found) return found
    // Whether the driver can do it is known at once; how it ends nobody waits for.
    const refused = await Promise.race([blinkPort(port, body.seconds), wait(300, null)])
    if (refused === null) return json({ port, seconds: body.seconds }, 202)
    return problem(409, 'cannot-blink', `${port} does not blink`, refused.message)
  },
  pingAddress: async (_, { body }) => {
    const address = parseIpAddress(body.address)
    if (address === null) {
      const detail = 'Expected one such as 192.0.2.1 or 2001:db8::1.'
      return problem(400, 'bad-request', `"${body.address}" is no address`, detail)
    }
    return json({ address, answers: await pings(address, body.count) })
  },
  captureFrames: async (_, { body: { port, kind, frames, seconds: long } }) => {
    const found = portNamed(port)
    if ('kind' in found) return found
    const captured = await captureFrames(found.index, kind, frames, seconds(long))
    const lines = captured.map(({ at, frame }) => `${(at / 1000).toFixed(3)} ${frameText(frame)}`)
    return json({ port, lines })
  },
  openShell: ({ power, gate }, { body: { terminal }, caller }) => {
    if (!gate.isAtConsole(caller)) return notAtConsole
    return power.isOurs ? { kind: 'stream', open: shellOn(terminal) } : notTheImage
  },
}

function reset({ power, status, pair }: Control, typed: string): Answer {
  if (!power.isOurs) return notTheImage
  const { hostname } = status()
  if (typed !== hostname) {
    const title = `This box is not called "${typed}"`
    return problem(409, 'wrong-hostname', title, `It is ${hostname}. Nothing is forgotten.`)
  }
  try {
    power.markForReset()
  } catch (error) {
    if (!(error instanceof KernelError)) throw error
    return problem(507, 'not-written', 'The reset could not be begun', error.message)
  }
  // The other box need not wait for one that never comes back as it was.
  if (pair.isPaired) pair.leave()
  power.turn('restart')
  return json({ hostname }, 202)
}

const pingSize = 56
const [pingEvery, pingWithin] = [1000, 2000]

async function pings(address: IpAddress, count: number) {
  const target = { address, port: null, through: null, source: null, interface: null, mark: null }
  const answers: { passed: boolean; why: string }[] = []
  for (let left = count; left > 0; left -= 1) {
    const signal = AbortSignal.timeout(pingWithin)
    const began = performance.now()
    const { kind, why } = await ask({ kind: 'ping', size: pingSize }, target, signal)
    answers.push({ passed: kind === 'passed', why })
    if (left > 1) await wait(Math.max(0, pingEvery - (performance.now() - began)))
  }
  return answers
}

function portNamed(name: string): { readonly index: number } | Refusal {
  const table = Interfaces.open(() => {})
  const all = table.all()
  table.close()
  const found = all.find(each => each.name === name)
  if (found !== undefined) return { index: found.index }
  const names = all.map(each => each.name).join(', ')
  return problem(404, 'no-such-port', `There is no port "${name}"`, `There are: ${names}.`)
}

const notTheImage = problem(
  409,
  'not-the-image',
  'This machine is not a box of its own',
  'Diarch runs on it beside others: switch it off, restart it or open a shell by its own means.',
)

const notAtConsole = problem(
  403,
  'not-at-console',
  'A shell is opened at a console of the box',
  'Log in there, with its screen and keyboard or over its serial line.',
)

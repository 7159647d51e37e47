import type { Finding } from '../health/check.ts'
import type { Target, TcpQuestion } from '../health/question.ts'
import { usualWait, whoAnswersFor } from '../linux/arp-question.ts'
import { now } from '../linux/monotonic-clock.ts'
import { type Way, wayTo } from '../linux/segments.ts'
import { encodeSegment, type TcpEnd, type TcpSegment, tcpFlag } from '../linux/tcp-frames.ts'
import { after, type Instant, milliseconds, seconds } from '../values/duration.ts'
import { endpointText } from '../values/endpoint-text.ts'
import { familyOf, type IpAddress } from '../values/ip-address.ts'
import type { MacAddress } from '../values/mac-address.ts'
import { failed, findingOf, kernelFailure, ProbeFailure, passed } from './asking.ts'
import { interfacesNow } from './interfaces-now.ts'
import { stopwatch } from './stopwatch.ts'
import { SynAnswers } from './syn-answers.ts'

/**
 * Asks the virtual address *through* one real server, as the director's packets reach it with
 * direct routing: a SYN to the virtual address in a frame to the server's MAC.
 *
 *   to MAC of server | from MAC of this box | IP: own address -> virtual address | SYN
 *
 * The answer comes to the own address, and is seen on a packet socket: a master's kernel throws it
 * away, because it comes from an address of its own; a backup's answers with a reset by itself.
 * Nobody has to open a port, and no route or neighbour entry of the box is changed.
 */
export async function askThrough(
  question: TcpQuestion,
  target: Target,
  signal: AbortSignal,
): Promise<Finding> {
  const time = stopwatch()
  try {
    if (question.tls !== null || question.send !== null || question.expect !== null) {
      throw new ProbeFailure('cannot-ask', 'through a server only a TCP connection can be tried')
    }
    const { through, port, address } = target
    if (through === null || port === null) {
      throw new ProbeFailure('cannot-ask', 'it takes the server to ask through, and a port')
    }
    const way = wayTo(through, address, interfacesNow(), target.interface)
    const source = target.source ?? way?.source ?? null
    if (way === null || source === null) throw noWay(through, address, way)
    const mac = await macOf(through, way, signal)
    const asked = { mac, address, port }
    const answer = await knock(way, source, asked, signal)
    return verdict(answer, asked, through, time())
  } catch (error) {
    return findingOf(error)
  }
}

function noWay(through: IpAddress, address: IpAddress, way: Way | null): ProbeFailure {
  const why =
    way === null
      ? `${through} is in no network of this box: direct routing needs a cable in common`
      : `${way.segment.name} has no address of its own to ask ${address} from`
  return new ProbeFailure('cannot-ask', why)
}

function verdict(
  answer: TcpSegment | null,
  asked: TcpEnd,
  through: IpAddress,
  time: string,
): Finding {
  const whom = endpointText(asked.address, asked.port)
  if (answer === null) {
    macs.delete(through)
    return failed(
      'timeout',
      `no answer from ${whom} through ${through}: the server's loopback has no ${asked.address} ` +
        `(diarch realserver-script --vip ${asked.address}), or its firewall is silent`,
    )
  }
  if (answer.from.mac !== asked.mac) {
    return failed(
      'wrong-answer',
      `${whom} asked through ${through} (${asked.mac}) was answered by ${answer.from.mac}: the ` +
        `server passes it on, for its loopback has no ${asked.address}`,
    )
  }
  if ((answer.flags & tcpFlag.reset) !== 0) {
    return failed('refused', `connection to ${whom} refused by ${through}: nobody listens there`)
  }
  return passed(`${whom} answers through ${through} in ${time}`)
}

/** From the first SYN to the next one; then twice as long each time. */
const firstRepeat = milliseconds(250)

/** The first answer of anybody; null: none before the signal. */
async function knock(
  way: Way,
  source: IpAddress,
  asked: TcpEnd,
  signal: AbortSignal,
): Promise<TcpSegment | null> {
  if (signal.aborted) return null
  const family = familyOf(asked.address)
  const answers = SynAnswers.on(way.segment.index, family)
  const { promise, resolve } = Promise.withResolvers<TcpSegment | null>()
  const sequence = Math.floor(Math.random() * 2 ** 32)
  const port = answers.take(segment => {
    if (isAnswer(segment, asked, source, sequence)) resolve(segment)
  })
  if (port === null) throw new ProbeFailure('cannot-ask', 'too many questions at once: no port')
  const from = { mac: way.segment.mac, address: source, port }
  const say = (flags: number, at: number) =>
    answers.send(encodeSegment(family, { from, to: asked, sequence: at, acknowledged: 0, flags }))
  const onAbort = () => resolve(null)
  signal.addEventListener('abort', onAbort, { once: true })
  let repeat: NodeJS.Timeout | undefined
  const sayAgain = (wait: number): void => {
    repeat = setTimeout(() => {
      say(tcpFlag.syn, sequence)
      sayAgain(wait * 2)
    }, wait)
  }
  try {
    const outcome = say(tcpFlag.syn, sequence)
    if (outcome !== 'sent') throw kernelFailure(outcome, endpointText(asked.address, asked.port))
    sayAgain(firstRepeat)
    const answer = await promise
    // The server must not wait for the rest of a handshake that never comes.
    if (answer !== null && (answer.flags & tcpFlag.syn) !== 0) {
      say(tcpFlag.reset, (sequence + 1) >>> 0)
    }
    return answer
  } finally {
    clearTimeout(repeat)
    signal.removeEventListener('abort', onAbort)
    answers.release(port)
  }
}

function isAnswer(
  { from, to, flags, acknowledged }: TcpSegment,
  asked: TcpEnd,
  source: IpAddress,
  sequence: number,
): boolean {
  const expected = tcpFlag.acknowledge | tcpFlag.syn
  return (
    from.address === asked.address &&
    from.port === asked.port &&
    to.address === source &&
    ((flags & tcpFlag.reset) !== 0 || (flags & expected) === expected) &&
    acknowledged === (sequence + 1) >>> 0
  )
}

/** Servers do not change their cards often, and each is asked every few seconds. */
const macKept = seconds(30)

const macs = new Map<IpAddress, { readonly mac: MacAddress; readonly until: Instant }>()

async function macOf(server: IpAddress, way: Way, signal: AbortSignal): Promise<MacAddress> {
  const known = macs.get(server)
  if (known !== undefined && known.until > now()) return known.mac
  macs.delete(server)
  const own = way.source !== null && familyOf(way.source) === familyOf(server) ? way.source : null
  const options = { sender: own, wait: usualWait, until: 'first' } as const
  const [mac] = await whoAnswersFor(server, way.segment, options, signal)
  if (mac === undefined) {
    const who = familyOf(server) === 'inet' ? 'ARP' : 'neighbour discovery'
    throw new ProbeFailure('unreachable', `${server} does not answer ${who} on ${way.segment.name}`)
  }
  macs.set(server, { mac, until: after(now(), macKept) })
  return mac
}

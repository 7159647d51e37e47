import type { UdpQuestion } from '../health/question.ts'
import { type Ask, findingOf, ProbeFailure, passed, quoted } from './asking.ts'
import { exchange } from './datagrams.ts'
import { Pattern } from './pattern.ts'
import { payloadBytes } from './payload.ts'
import { stopwatch } from './stopwatch.ts'

/** A datagram. Where no answer is wanted, only an ICMP error within the time is bad. */
export const askUdp: Ask<UdpQuestion> = async ({ send, expect }, target, signal) => {
  const time = stopwatch()
  try {
    if (target.port === null) throw new ProbeFailure('cannot-ask', 'a UDP check needs a port')
    const pattern = expect === null ? null : new Pattern(expect)
    const words = payloadBytes(send)
    const finding = await exchange(target, target.port, signal, async datagrams => {
      datagrams.send(words)
      const answer = Buffer.from(await datagrams.next())
      if (pattern === null) return passed(`answered in ${time()}`)
      // Latin 1 keeps every byte, so that a pattern can name them: \xff.
      if (pattern.isIn(answer.toString('latin1')) || pattern.isIn(answer.toString())) {
        return passed(`${pattern.words} came in ${time()}`)
      }
      throw new ProbeFailure(
        'wrong-answer',
        `${datagrams.whom} said ${quoted(answer)}, expected ${pattern.words}`,
      )
    })
    const silent = finding.kind === 'failed' && finding.reason === 'timeout'
    return silent && pattern === null ? passed('sent, and no ICMP error came back') : finding
  } catch (error) {
    return findingOf(error)
  }
}

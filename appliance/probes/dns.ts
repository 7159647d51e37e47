import { randomInt } from 'node:crypto'
import type { Finding } from '../health/check.ts'
import type { DnsQuestion } from '../health/question.ts'
import { type Ask, findingOf, ProbeFailure, passed, portOf, quoted } from './asking.ts'
import { converse } from './conversation.ts'
import { exchange } from './datagrams.ts'
import { type DnsAnswer, decodeAnswer, encodeQuery } from './dns-message.ts'
import { stopwatch } from './stopwatch.ts'

/** One question; any answer without an error is good, unless one has to have a certain text. */
export const askDns: Ask<DnsQuestion> = async (question, target, signal) => {
  const time = stopwatch()
  const port = portOf(target, 53)
  try {
    const query = encodeQuery(randomInt(65_536), question.name, question.type)
    if (question.transport === 'udp') {
      return await exchange(target, port, signal, async datagrams => {
        datagrams.send(query)
        for (;;) {
          const answer = decodeAnswer(await datagrams.next(), query)
          if (answer !== null) return judged(question, answer, time())
        }
      })
    }
    return await converse(target, { port, tls: null, signal }, async conversation => {
      // RFC 1035 4.2.2: the length stands before the message.
      const length = Buffer.alloc(2)
      length.writeUInt16BE(query.length)
      conversation.write(Buffer.concat([length, query]))
      const announced = await conversation.read(2)
      const size = ((announced[0] ?? 0) << 8) | (announced[1] ?? 0)
      const answer = decodeAnswer(await conversation.read(size), query)
      if (answer !== null) return judged(question, answer, time())
      throw new ProbeFailure('wrong-answer', `${conversation.whom} answered another question`)
    })
  } catch (error) {
    return findingOf(error)
  }
}

function judged({ name, type, expect }: DnsQuestion, answer: DnsAnswer, time: string): Finding {
  const { rcode, truncated, texts } = answer
  const asked = `${type} of ${name}`
  if (rcode !== 'NOERROR') throw new ProbeFailure('wrong-answer', `${rcode} for ${asked}`)
  const first = texts[0]
  if (expect === null) {
    return passed(first === undefined ? `NOERROR in ${time}` : `${quoted(first)} in ${time}`)
  }
  if (texts.some(text => sameText(text, expect))) return passed(`${quoted(expect)} in ${time}`)
  const had = texts.length === 0 ? 'nothing' : texts.map(quoted).slice(0, 4).join(', ')
  const cut = truncated ? ' (it was cut to fit into UDP: ask by TCP)' : ''
  throw new ProbeFailure('wrong-answer', `${asked} is ${had}, expected ${quoted(expect)}${cut}`)
}

/** Names are the same in any case, with the dot at their end or without. */
const sameText = (one: string, other: string): boolean => plain(one) === plain(other)
const plain = (text: string): string => text.toLowerCase().replace(/\.$/, '')

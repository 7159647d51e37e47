import type { TcpQuestion } from '../health/question.ts'
import { native } from '../linux/native/binding.ts'
import { connectTcp } from '../linux/tcp-connection.ts'
import { endpointText } from '../values/endpoint-text.ts'
import { type Ask, findingOf, ProbeFailure, passed, quoted } from './asking.ts'
import { type Conversation, connectFailure, converse } from './conversation.ts'
import { mostSearched, Pattern } from './pattern.ts'
import { payloadBytes } from './payload.ts'
import { stopwatch } from './stopwatch.ts'

/** A connection; with TLS, `send` or `expect` what is said on it as well. */
export const askTcp: Ask<TcpQuestion> = (question, target, signal) =>
  question.tls === null && question.send === null && question.expect === null
    ? askConnection(target, signal)
    : askTalk(question, target, signal)

/**
 * Thousands of them every second: no stream, no object of Node's. It is closed in the ordinary way,
 * with a FIN: a reset would leave nothing behind here, and a line in the log of many a server.
 */
const askConnection = async (
  target: Parameters<Ask<TcpQuestion>>[1],
  signal: AbortSignal,
): ReturnType<Ask<TcpQuestion>> => {
  const time = stopwatch()
  try {
    const port = neededPort(target.port)
    const fd = await connectTcp(target.address, port, target, signal)
    if (typeof fd !== 'number') throw connectFailure(fd, endpointText(target.address, port))
    native().closeDescriptor(fd)
    return passed(`connected in ${time()}`)
  } catch (error) {
    return findingOf(error)
  }
}

const askTalk: Ask<TcpQuestion> = async ({ tls, send, expect }, target, signal) => {
  const time = stopwatch()
  try {
    const pattern = expect === null ? null : new Pattern(expect)
    const words = send === null ? null : payloadBytes(send)
    const port = neededPort(target.port)
    return await converse(target, { port, tls, signal }, async conversation => {
      if (words !== null) conversation.write(words)
      if (pattern !== null) await hear(conversation, pattern)
      const what = tls === null ? 'connected' : 'connected with TLS'
      return passed(`${what}${pattern === null ? '' : `, ${pattern.words} came`} in ${time()}`)
    })
  } catch (error) {
    return findingOf(error)
  }
}

/** Until the pattern has come, or so much that it will not come any more. */
async function hear(conversation: Conversation, pattern: Pattern): Promise<void> {
  let heard = Buffer.alloc(0)
  for (;;) {
    const some = await conversation.readSome()
    if (some === null || heard.length >= mostSearched) {
      const said = heard.length === 0 ? 'nothing' : quoted(heard)
      throw new ProbeFailure(
        some === null && heard.length === 0 ? 'closed' : 'wrong-answer',
        `${conversation.whom} said ${said}, expected ${pattern.words}`,
      )
    }
    heard = Buffer.concat([heard, some])
    if (pattern.isIn(heard.toString())) return
  }
}

function neededPort(port: number | null): number {
  if (port === null) throw new ProbeFailure('cannot-ask', 'a TCP check needs a port')
  return port
}

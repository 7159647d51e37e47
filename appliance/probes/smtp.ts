import type { SmtpQuestion } from '../health/question.ts'
import { type Ask, ProbeFailure, passed, portOf, quoted } from './asking.ts'
import { type Conversation, converse } from './conversation.ts'
import { stopwatch } from './stopwatch.ts'

/** RFC 5321 4.5.3.1.5 has 512 bytes for a line; an answer to EHLO has some ten of them. */
const longestLine = 2048
const mostLines = 64

/** Greeting, HELO and QUIT, as keepalived's SMTP_CHECK; with STARTTLS (RFC 3207) between. */
export const askSmtp: Ask<SmtpQuestion> = ({ helo, startTls }, target, signal) => {
  const time = stopwatch()
  const port = portOf(target, 25)
  return converse(target, { port, tls: null, signal }, async conversation => {
    await expectReply(conversation, 'its greeting', '220')
    if (startTls === null) {
      await say(conversation, `HELO ${helo}`, '250')
    } else {
      const offers = await say(conversation, `EHLO ${helo}`, '250')
      if (!offers.some(line => /^STARTTLS\b/i.test(line))) {
        throw new ProbeFailure('wrong-answer', `${conversation.whom} does not offer STARTTLS`)
      }
      await say(conversation, 'STARTTLS', '220')
      await conversation.upgrade(startTls)
      await say(conversation, `EHLO ${helo}`, '250')
    }
    await say(conversation, 'QUIT', '221')
    return passed(`${startTls === null ? '' : 'STARTTLS, '}250 to HELO in ${time()}`)
  })
}

async function say(conversation: Conversation, line: string, code: string): Promise<string[]> {
  if (/[\r\n]/.test(line)) throw new ProbeFailure('cannot-ask', 'the helo name has two lines')
  conversation.write(`${line}\r\n`)
  return expectReply(conversation, `to ${line.split(' ')[0]}`, code)
}

/** The texts of its lines. All but the last have a `-` after the code (RFC 5321 4.2.1). */
async function expectReply(
  conversation: Conversation,
  to: string,
  code: string,
): Promise<string[]> {
  const texts: string[] = []
  while (texts.length < mostLines) {
    const line = await conversation.readLine(longestLine)
    if (!line.startsWith(code) || !/^\d{3}([ -]|$)/.test(line)) {
      const when = to.startsWith('to') ? to : `as ${to}`
      const words = `${conversation.whom} said ${quoted(line)} ${when}, expected ${code}`
      throw new ProbeFailure('wrong-answer', words)
    }
    texts.push(line.slice(4))
    if (line[3] !== '-') return texts
  }
  throw new ProbeFailure('wrong-answer', `${conversation.whom} does not stop talking`)
}

import type { MailChannel } from '../config/alert-schema.ts'
import { trustTrouble } from './trust-trouble.ts'

/** What nodemailer says of a mail, or of one of its recipients. */
export type MailRefusal = {
  readonly message: string
  readonly code?: string | undefined
  /** Before nodemailer put its own in place of it: the network's, or that of TLS. */
  readonly originalCode?: string | undefined
  /** In the server's words, when they were that far. */
  readonly response?: string | undefined
  readonly responseCode?: number | undefined
  /** That the server was answering. */
  readonly command?: string | undefined
  readonly recipient?: string | undefined
}

type Way = Pick<MailChannel, 'server' | 'security' | 'login' | 'from'> & { readonly port: number }

/** Nobody has the mail: whose fault it is, and which key makes it better. */
export function mailTrouble(refusal: MailRefusal, way: Way): string {
  const { code, originalCode, message, command } = refusal
  const whom = `${way.server} port ${way.port}`
  const instead = way.security === 'tls' ? '"security": "starttls"' : '"security": "none"'
  const trust = trustTrouble({ code: originalCode ?? code ?? '', words: message }, whom, instead)
  if (trust !== null) return trust
  const said = answerOf(refusal)
  const operator = 'ask whoever runs it'
  switch (code) {
    case 'EAUTH':
      return loginTrouble(refusal, way, whom)
    case 'ETLS':
      return (
        `${whom} does not begin STARTTLS${said}: "security": "tls" and its port (465) if it has ` +
        `that, else ${operator}`
      )
    case 'EENVELOPE':
      if (way.login === undefined && wantsLogin(refusal)) {
        return `${whom} takes no mail without a login${said}: give it one in "login"`
      }
      if (command === 'MAIL FROM') {
        return `${whom} refused the sender ${way.from}${said}: correct "from"`
      }
      return `${whom} refused every recipient${said}: correct "to", or ${operator}`
    case 'EMESSAGE':
      return `${whom} refused the mail itself${said}: ${operator}`
    case 'ETIMEDOUT':
      return `${whom} was silent for too long (${message}): "server", "port", or a firewall between`
    case 'EDNS':
      return (
        `the name ${way.server} was not found (${message}): "server", or the name servers of ` +
        'this box'
      )
    default:
      return `${whom}: ${message}`
  }
}

/** Some have it, so that it is not sent again: to whom it did not go, and why. */
export function partlyRefused(refusals: readonly MailRefusal[], server: string): string {
  const each = refusals.map(refusal => `${refusal.recipient ?? 'somebody'}${answerOf(refusal)}`)
  const isPassing = refusals.every(({ responseCode = 0 }) => Math.floor(responseCode / 100) === 4)
  const advice = isPassing
    ? 'for the moment, and this mail is not sent to them again'
    : 'correct "to", or ask whoever runs it'
  return `${server} refused ${each.join(', ')}: ${advice}; the others have the mail`
}

function loginTrouble(refusal: MailRefusal, { login, security }: Way, whom: string): string {
  const { responseCode = 0 } = refusal
  const said = answerOf(refusal)
  const who = JSON.stringify(login?.user ?? '')
  if (responseCode >= 400 && responseCode < 500) {
    return `${whom} cannot look at the login of ${who} at present${said}: ask whoever runs it`
  }
  if (responseCode > 530) return `${whom} refused the login of ${who}${said}: correct "login"`
  const instead = security === 'tls' ? 'starttls" and port 587' : 'tls" and port 465'
  return `${whom} takes no login${said}: "security": "${instead}" if it has that, or no "login"`
}

/** RFC 4954 6: 530; most servers say it of a recipient with 550 or 554, in words of their own. */
const wantsLogin = ({ responseCode, response = '' }: MailRefusal): boolean =>
  responseCode === 530 || /authenticat|log ?in|relay/i.test(response)

function answerOf({ response }: MailRefusal): string {
  if (response === undefined) return ''
  return ` ("${response
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 200)}")`
}

import { randomBytes, randomInt } from 'node:crypto'
import type { Finding } from '../health/check.ts'
import type { RadiusQuestion } from '../health/question.ts'
import { endpointText } from '../values/endpoint-text.ts'
import { type Ask, failed, passed, portOf, quoted } from './asking.ts'
import { exchange } from './datagrams.ts'
import {
  codes,
  decodeAnswer,
  encodeRequest,
  fits,
  type RadiusAnswer,
  type RadiusRequest,
  type Refusal,
} from './radius-packet.ts'

/**
 * RADIUS over UDP: Status-Server (RFC 5997), which FreeRADIUS answers with `status_server = yes`,
 * or Access-Request with PAP. Both carry a Message-Authenticator. A server says nothing to a box
 * that it does not know, or that has another secret (RFC 2865 3): it looks like one that is down.
 */
export const askRadius: Ask<RadiusQuestion> = async ({ secret, login }, target, signal) => {
  if (login !== null && !fits(login)) {
    return failed('cannot-ask', 'RADIUS takes a user of 253 bytes and a password of 128 at most')
  }
  const request: RadiusRequest = {
    code: login === null ? codes.statusServer : codes.accessRequest,
    identifier: randomInt(256),
    authenticator: randomBytes(16),
    secret,
    login,
  }
  const bytes = encodeRequest(request)
  let refused: Refusal | null = null
  const port = portOf(target, 1812)
  const finding = await exchange(target, port, signal, async datagrams => {
    const repeating = repeat(() => datagrams.send(bytes))
    try {
      for (;;) {
        const found = decodeAnswer(await datagrams.next(), request)
        if (typeof found === 'object') return verdict(found, login?.user ?? null)
        // A stranger may send what he likes: the right one may still come.
        refused = found
      }
    } finally {
      repeating.end()
    }
  })
  const silent = finding.kind === 'failed' && finding.reason === 'timeout'
  return silent ? silence(endpointText(target.address, port), refused) : finding
}

/** The same request again, so that the server knows it for the same (RFC 5080 2.2.1, 2.2.2). */
const firstRetryMs = 300

/** At once, and again after waits that grow. */
function repeat(send: () => void): { readonly end: () => void } {
  let wait = firstRetryMs
  let timer: NodeJS.Timeout | undefined
  const go = () => {
    send()
    timer = setTimeout(go, wait)
    wait *= 2
  }
  go()
  return { end: () => clearTimeout(timer) }
}

function silence(whom: string, refused: Refusal | null): Finding {
  switch (refused) {
    case null: {
      const hint = 'is the secret the same there, and does it know this box as a client?'
      return failed('timeout', `no answer from ${whom}: ${hint}`)
    }
    case 'forged':
      return failed('denied', `${whom} answers with another secret`)
    default:
      return failed('wrong-answer', `${whom} sent no answer of RADIUS: ${refused}`)
  }
}

function verdict({ code, message }: RadiusAnswer, user: string | null): Finding {
  const more = message === '' ? '' : `, ${quoted(message)}`
  switch (code) {
    case codes.accessAccept:
      return passed(user === null ? `Status-Server answered${more}` : `accepts ${user}${more}`)
    case codes.accountingResponse:
      if (user === null) return passed('Status-Server answered by accounting')
      break
    case codes.accessReject:
      return failed('denied', `rejects ${user ?? 'Status-Server'}${more}`)
    case codes.accessChallenge:
      return failed('denied', `asks ${user ?? 'Status-Server'} for more than a password${more}`)
  }
  return failed('wrong-answer', `an answer with code ${code}${more}`)
}

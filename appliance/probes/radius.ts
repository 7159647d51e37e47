import { randomBytes, randomInt } from 'node:crypto'
import type { Finding } from '../health/check.ts'
import type { RadiusQuestion, Target } from '../health/question.ts'
import { errorCode } from '../linux/kernel-error.ts'
import { Envelope, native } from '../linux/native/binding.ts'
import { destinationAddress, openOutgoing, SOCK_DGRAM } from '../linux/outgoing-socket.ts'
import { endpointText } from '../values/endpoint-text.ts'
import {
  type Ask,
  failed,
  findingOf,
  kernelFailure,
  ProbeFailure,
  passed,
  portOf,
  quoted,
} from './asking.ts'
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
  try {
    return verdict(await exchange(request, target, signal), login?.user ?? null)
  } catch (error) {
    return findingOf(error)
  }
}

/** The same request again, so that the server knows it for the same (RFC 5080 2.2.1, 2.2.2). */
const firstRetryMs = 300
const EAGAIN = -11
const mostAtOnce = 16

function exchange(
  request: RadiusRequest,
  target: Target,
  signal: AbortSignal,
): Promise<RadiusAnswer> {
  const port = portOf(target, 1812)
  const whom = endpointText(target.address, port)
  const fd = openOutgoing([SOCK_DGRAM, 0], target.address, target)
  const bytes = encodeRequest(request)
  let wait = firstRetryMs
  let retry: NodeJS.Timeout | undefined
  let unwatch = () => {}
  let refused: Refusal | null = null
  const answer = new Promise<RadiusAnswer>((resolve, reject) => {
    const send = () => {
      const sent = native().send(fd, bytes, null, null)
      if (sent < 0 && sent !== EAGAIN) return reject(kernelFailure(errorCode(sent), whom))
      retry = setTimeout(send, wait)
      wait *= 2
    }
    const read = () => {
      const [into, envelope] = [new Uint8Array(4096), new Envelope()]
      for (let count = 0; count < mostAtOnce; count++) {
        const length = native().receive(fd, into, envelope.bytes)
        if (length === EAGAIN) return
        if (length < 0) return reject(kernelFailure(errorCode(length), whom))
        const found = decodeAnswer(into.subarray(0, length), request)
        if (typeof found === 'object') return resolve(found)
        // A stranger may send what he likes: the right one may still come.
        refused = found
      }
    }
    const onAbort = () => reject(silence(whom, refused))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    const connected = native().connectSocket(fd, destinationAddress(target.address, port, target))
    if (connected < 0) return reject(kernelFailure(errorCode(connected), whom))
    const watching = native().watch(fd, read, true)
    if (typeof watching === 'number') return reject(kernelFailure(errorCode(watching), whom))
    unwatch = watching
    send()
  })
  return answer.finally(() => {
    clearTimeout(retry)
    unwatch()
    native().closeDescriptor(fd)
  })
}

function silence(whom: string, refused: Refusal | null): ProbeFailure {
  switch (refused) {
    case null: {
      const hint = 'is the secret the same there, and does it know this box as a client?'
      return new ProbeFailure('timeout', `no answer from ${whom}: ${hint}`)
    }
    case 'forged':
      return new ProbeFailure('denied', `${whom} answers with another secret`)
    default:
      return new ProbeFailure('wrong-answer', `${whom} sent no answer of RADIUS: ${refused}`)
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

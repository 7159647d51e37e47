import type { Socket } from 'node:net'
import {
  checkServerIdentity,
  connect,
  createSecureContext,
  getCACertificates,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'
import type { TlsWish } from '../health/question.ts'
import { asPem } from '../values/pem.ts'
import { ProbeFailure } from './asking.ts'

const dayMs = 24 * 60 * 60 * 1000

export type Securing = {
  readonly socket: TLSSocket
  /** After the handshake and the look at the certificate. Throws ProbeFailure. */
  ready(whom: string): Promise<void>
}

/** Begins TLS on a connection. */
export function secure(plain: Socket, wish: TlsWish, alpn?: readonly string[]): Securing {
  const { serverName, verify } = wish
  const socket = connect({
    socket: plain,
    secureContext: contextOf(verify === null ? null : (verify.authorities ?? 'system')),
    // Ours to judge, so that the words are ours.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(serverName === null ? {} : { servername: serverName }),
    ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
  })
  return { socket, ready: whom => shaken(socket, wish, whom) }
}

async function shaken(socket: TLSSocket, wish: TlsWish, whom: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void =>
      reject(new ProbeFailure('tls', `no TLS with ${whom}: ${handshakeWords(error)}`))
    const onClose = (): void =>
      reject(new ProbeFailure('tls', `no TLS with ${whom}: it closed the connection`))
    socket.once('error', onError).once('close', onClose)
    socket.once('secureConnect', () => {
      socket.off('error', onError).off('close', onClose)
      resolve()
    })
  })
  const problem = certificateProblem(socket, wish)
  if (problem !== null) throw new ProbeFailure('tls', `the certificate of ${whom} ${problem}`)
}

/** OpenSSL's have its own file and line in them. */
function handshakeWords(error: NodeJS.ErrnoException & { readonly reason?: string }): string {
  if (error.code === 'ECONNRESET') return 'it closed the connection'
  return error.reason ?? error.message
}

function certificateProblem(socket: TLSSocket, wish: TlsWish): string | null {
  const { verify, leastDaysLeft } = wish
  if (verify === null && leastDaysLeft === null) return null
  const certificate = socket.getPeerCertificate()
  if (certificate.valid_to === undefined) return 'was not sent'
  if (verify !== null) {
    const { authorizationError } = socket
    if (authorizationError) return authorityWords(String(authorizationError), certificate)
    const name = verify.name
    if (name !== null && checkServerIdentity(name, certificate) !== undefined) {
      return `is for ${names(certificate)}, not for ${name}`
    }
  }
  if (leastDaysLeft === null) return null
  const days = (Date.parse(certificate.valid_to) - Date.now()) / dayMs
  if (days < 0) return expired(certificate)
  if (days >= leastDaysLeft) return null
  const left = `expires in ${Math.floor(days)} days (${certificate.valid_to})`
  return `${left}; ${leastDaysLeft} are wanted`
}

const expired = ({ valid_to }: PeerCertificate): string => `has expired: ${valid_to}`

const names = ({ subjectaltname, subject }: PeerCertificate): string =>
  (subjectaltname ?? String(subject?.CN ?? 'nobody'))
    .replaceAll('DNS:', '')
    .replaceAll('IP Address:', '')
    .slice(0, 200)

function authorityWords(code: string, certificate: PeerCertificate): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return expired(certificate)
    case 'CERT_NOT_YET_VALID':
      return `is not valid yet: ${certificate.valid_from}`
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return 'is signed by itself, not by an authority that this check knows'
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'is signed by nobody that this check knows (or the server omits the intermediate one)'
    default:
      return `is not accepted: ${code}`
  }
}

/** To make one takes milliseconds. Null verifies nothing. */
const contexts = new Map<string | null, SecureContext>()

function contextOf(authorities: string | null): SecureContext {
  const known = contexts.get(authorities)
  if (known !== undefined) return known
  const made = createSecureContext(contextOptions(authorities))
  contexts.set(authorities, made)
  return made
}

function contextOptions(authorities: string | null) {
  // Whether it is alive is the question: an old server is, with its old ciphers.
  if (authorities === null) return { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  if (authorities !== 'system') return { ca: asPem(authorities) }
  const system = getCACertificates('system')
  return { ca: system.length > 0 ? system : getCACertificates('bundled') }
}

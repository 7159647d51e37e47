import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Caller } from '../../api/caller.ts'
import type { Authenticate } from '../control/control-api.ts'
import { problem, type Refusal } from '../control/problem.ts'
import type { Access, Credential } from './access.ts'
import { sessionIn } from './cookie.ts'
import { isSame } from './secrets.ts'

/** Who is logged in by what; for operations that concern the caller himself. */
export type Visitor = { readonly credential: Credential | null; readonly host: string }

/**
 * The checks of the socket that `web` passes requests on to. `web` itself is believed in one thing,
 * the address of its client: whoever takes it over can do what those do who log in meanwhile.
 */
export class AccessGate {
  readonly #access: Access
  readonly #visitors = new WeakMap<Caller, Visitor>()
  readonly #atConsole = new WeakSet<Caller>()
  /** Requests that only read: streams among them last, and may outlast what opened them. */
  readonly #reading = new Map<IncomingMessage, Credential>()

  constructor(access: Access) {
    this.#access = access
  }

  visitor(caller: Caller): Visitor {
    return this.#visitors.get(caller) ?? { credential: null, host: '' }
  }

  /** He sits at a screen or a serial line of the box. */
  isAtConsole(caller: Caller): boolean {
    return this.#atConsole.has(caller)
  }

  /** What let him in may have ended since. */
  stillStands(caller: Caller): boolean {
    const { credential } = this.visitor(caller)
    return credential === null || this.#access.stands(credential)
  }

  readonly authenticate: Authenticate = (request, { description }) => {
    if (!this.#access.hasUsers) return notSetUp
    const from = clientIn(request.headers)
    const host = one(request, 'host') ?? ''
    const found = this.#credentialOf(request, host, from)
    if (found !== null) {
      if ('kind' in found) return found
      const { caller, credential } = found
      this.#visitors.set(caller, { credential, host })
      if (request.method === 'GET') this.#watch(request, credential)
      return caller
    }
    if (description.role !== 'nobody') return notLoggedIn
    if (request.method !== 'GET' && isCrossSite(request, host)) return crossSite
    const caller: Caller = { name: 'nobody', role: 'viewer', via: 'session', from }
    this.#visitors.set(caller, { credential: null, host })
    return caller
  }

  /** Of the socket that only `console` has: a person is asked for a login there as well. */
  readonly authenticateAtConsole: Authenticate = async (request, operation) => {
    const caller = await this.authenticate(request, operation)
    if (!('kind' in caller)) this.#atConsole.add(caller)
    return caller
  }

  /** Readers whose session or token has ended are let go. */
  letGo(): void {
    for (const [request, credential] of this.#reading) {
      if (!this.#access.stands(credential)) request.socket.destroy()
    }
  }

  #credentialOf(
    request: IncomingMessage,
    host: string,
    from: string,
  ): { readonly caller: Caller; readonly credential: Credential } | Refusal | null {
    const authorization = one(request, 'authorization')
    if (authorization !== null) return this.#byToken(authorization, from)
    const id = sessionIn(one(request, 'cookie') ?? undefined, host)
    const session = id === null ? null : this.#access.session(id)
    if (session === null) return null
    if (request.method !== 'GET') {
      if (isCrossSite(request, host)) return crossSite
      if (!isSame(one(request, 'x-csrf-token') ?? '', session.csrf)) return noCsrfToken
    }
    this.#access.touch(session.id)
    const { user: name, role } = session
    return {
      caller: { name, role, via: 'session', from },
      credential: { kind: 'session', id: session.id },
    }
  }

  #byToken(authorization: string, from: string) {
    const [, secret] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
    const holder = secret === undefined ? null : this.#access.tokenHolder(secret)
    if (holder === null) return notLoggedIn
    const { name, role } = holder
    const caller: Caller = { name, role, via: 'token', from }
    const credential: Credential = { kind: 'token', ...holder }
    return { caller, credential }
  }

  #watch(request: IncomingMessage, credential: Credential): void {
    this.#reading.set(request, credential)
    // Once it is answered: the next request on the same connection may be somebody else's.
    request.once('close', () => this.#reading.delete(request))
  }
}

/** As `web` says it; longer than any address is nothing of `web`'s. */
export function clientIn(headers: IncomingHttpHeaders): string {
  const client = headers['x-diarch-client']
  if (typeof client !== 'string') return 'somewhere'
  // So does a socket for both families write IPv4.
  return client.slice(0, 64).replace(/^::ffff:(?=[\d.]+$)/, '')
}

function one(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name]
  return typeof value === 'string' ? value : null
}

/** What browsers say by themselves of where a request comes from; other clients say nothing. */
function isCrossSite(request: IncomingMessage, host: string): boolean {
  const site = one(request, 'sec-fetch-site')
  const origin = one(request, 'origin')
  if (site !== null && site !== 'same-origin') return true
  return origin !== null && origin.toLowerCase() !== `https://${host.toLowerCase()}`
}

const notSetUp = problem(
  403,
  'setup-not-finished',
  'Setup is not finished',
  'This box has no user yet. Make the first one at its console: diarch user set NAME --role admin',
)

export const notLoggedIn: Refusal = {
  ...problem(
    401,
    'not-logged-in',
    'This needs a login',
    'Send a session cookie (POST /api/v1/session) or "Authorization: Bearer" with an API token.',
  ),
  headers: { 'WWW-Authenticate': 'Bearer realm="Diarch"' },
}

const crossSite = problem(
  403,
  'cross-site',
  'The request comes from another site',
  "Nothing is changed here by a page that is not the box's own.",
)

const noCsrfToken = problem(
  403,
  'csrf-token-missing',
  'The token of the session is missing or wrong',
  'Send X-CSRF-Token with what GET /api/v1/session answers as "csrf".',
)

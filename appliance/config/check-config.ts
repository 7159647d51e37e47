import type { Check as CheckConfig, Pace } from '../health/check.ts'
import type { HttpRequest, Question, TlsWish } from '../health/question.ts'
import { milliseconds } from '../values/duration.ts'
import { parseIpAddress } from '../values/ip-address.ts'
import type { Check } from './schema.ts'

/** A check of the document, every default resolved. */
export const checkConfig = (name: string, check: Check): CheckConfig => ({
  name,
  question: question(check),
  pace: pace(check),
})

function pace(check: Check): Pace {
  const { initially, damping } = check
  if (check.kind !== 'bfd') {
    const { interval, retryInterval, timeout, rise, fall, warmUp } = check
    return { interval, retryInterval, timeout, rise, fall, initially, warmUp, damping }
  }
  // It has its own retries: the session is up or down (RFC 5880 6.8.4).
  const { minTransmit: interval, minReceive, multiplier } = check
  const timeout = milliseconds(multiplier * Math.max(interval, minReceive))
  const once = { interval, retryInterval: interval, timeout, rise: 1, fall: 1 }
  return { ...once, initially, warmUp: milliseconds(0), damping }
}

function question(check: Check): Question {
  switch (check.kind) {
    case 'ping':
      return { kind: 'ping', size: check.size }
    case 'arp':
      return { kind: 'arp' }
    case 'tcp': {
      const { send, expect } = check
      return { kind: 'tcp', tls: tlsWish(check.tls), send, expect }
    }
    case 'udp':
      return { kind: 'udp', send: check.send, expect: check.expect }
    case 'http':
      return httpQuestion(check)
    case 'smtp':
      return { kind: 'smtp', helo: check.helo, startTls: tlsWish(check.startTls) }
    case 'dns': {
      const { transport, name, type, expect } = check
      return { kind: 'dns', transport, name, type, expect }
    }
    case 'mysql':
      return { kind: 'mysql', tls: tlsWish(check.tls), login: check.login, query: check.query }
    case 'postgresql': {
      const { login, query } = check
      const to = login && { ...login, database: login.database ?? login.user }
      return { kind: 'postgresql', tls: tlsWish(check.tls), login: to, query }
    }
    case 'redis':
      return { kind: 'redis', tls: tlsWish(check.tls), login: check.login, role: check.role }
    case 'ldap':
      return { kind: 'ldap', tls: tlsWish(check.tls), bind: check.bind, base: check.base }
    case 'radius':
      return { kind: 'radius', secret: check.secret, login: check.login }
    case 'grpc':
      return { kind: 'grpc', tls: tlsWish(check.tls), service: check.service }
    case 'script': {
      const { command, user, dynamic } = check
      return { kind: 'script', command, user, dynamic }
    }
    case 'file':
      return { kind: 'file', path: check.path }
    case 'bfd': {
      const { minTransmit, minReceive, multiplier, ttl } = check
      return { kind: 'bfd', minTransmit, minReceive, multiplier, ttl }
    }
  }
}

type Written<Kind extends Check['kind']> = Extract<Check, { readonly kind: Kind }>

function httpQuestion(check: Written<'http'>): Question {
  const { version, method, headers, body } = check
  const host = check.host ?? null
  const requests = (check.requests ?? [check]).map(httpRequest)
  const tls = tlsWish(check.tls, host)
  return { kind: 'http', tls, version, method, host, headers, body, requests }
}

const httpRequest = ({
  path,
  statuses,
  digest,
  matches,
  matchesNot,
  json,
}: HttpRequest): HttpRequest => ({ path, statuses, digest, matches, matchesNot, json })

function tlsWish(written: Written<'tcp'>['tls'], host: string | null = null): TlsWish | null {
  if (written === false) return null
  const nameless = { serverName: undefined, verify: false, name: undefined, ca: null }
  const { verify, ca, ...wish } = written === true ? { ...nameless, leastDaysLeft: null } : written
  const serverName = wish.serverName ?? (host === null ? null : nameIn(host))
  const name = wish.name === undefined ? serverName : wish.name
  return {
    serverName,
    verify: verify ? { name, authorities: ca } : null,
    leastDaysLeft: wish.leastDaysLeft,
  }
}

/** Addresses are no names to SNI (RFC 6066 3). */
function nameIn(host: string): string | null {
  const name = host.replace(/:\d+$/, '')
  return host.startsWith('[') || parseIpAddress(name) !== null ? null : name
}

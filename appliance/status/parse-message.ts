import { parseFromAlerts } from '../alerting/alert-messages.ts'
import { parseFromFence } from '../fencing/fence-messages.ts'
import { parseFromSnmp } from '../mib/snmp-messages.ts'
import { parseFromPair } from '../pairing/pair-messages.ts'
import type { WebStatus } from './document.ts'
import type { FromChild } from './messages.ts'

/**
 * What a child says is checked as what a stranger says: the web process talks to the network.
 * `trusted`: one of ours that does not; it may also say what only vrrpd, `scripts` and the director
 * know.
 */
export function parseFromChild(value: unknown, trusted: boolean): FromChild | null {
  if (!isObject(value)) return null
  if (trusted && typeof value.kind === 'string' && knownToTrusted.has(value.kind)) {
    return value as FromChild
  }
  switch (value.kind) {
    case 'ready': {
      if (value.web === undefined) return { kind: 'ready' }
      const web = parseWeb(value.web)
      return web === null ? null : { kind: 'ready', web }
    }
    case 'alive':
      return parseAlive(value)
    default:
      return (
        parseFromPair(value) ??
        parseFromAlerts(value) ??
        parseFromFence(value) ??
        parseFromSnmp(value)
      )
  }
}

const knownToTrusted = new Set([
  'configured',
  'routers',
  'flight-part',
  'flight-end',
  'verdicts',
  'notified',
  'fifo-trouble',
  'services',
  'director-answer',
  'memory',
  'ask-script',
  'abandon-script',
  'service-hook',
  'script-found',
  'alert-errand-ended',
])

function parseAlive({ lagMs, stuck }: Record<string, unknown>): FromChild | null {
  if (!isLength(lagMs)) return null
  if (stuck === undefined) return { kind: 'alive', lagMs }
  return typeof stuck === 'string' ? { kind: 'alive', lagMs, stuck: stuck.slice(0, 200) } : null
}

function parseWeb(value: unknown): WebStatus | null {
  if (!isObject(value)) return null
  const { port, fingerprint } = value
  if (!isLength(port) || !Number.isInteger(port) || port < 1 || port > 65_535) return null
  if (typeof fingerprint !== 'string' || !/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/.test(fingerprint)) {
    return null
  }
  return { port, fingerprint }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isLength = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

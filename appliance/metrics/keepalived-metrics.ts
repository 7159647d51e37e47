import type { Status } from '../status/document.ts'
import type { RouterStatus } from '../status/router-status.ts'
import { counter, type Family, gauge, one, type Sample } from './exposition.ts'

/** As keepalived counts them. */
const stateNumbers = { INIT: 0, BACKUP: 1, MASTER: 2, FAULT: 3 } as const

/** Our reasons, by the name of keepalived's counter for them. */
const rejections = {
  packet_length_errors: ['too-short', 'truncated', 'too-long', 'ip-length'],
  advertisements_interval_errors: ['interval-mismatch', 'interval-zero', 'interval-implausible'],
  ip_ttl_errors: ['ttl'],
  invalid_type_received: ['type'],
  address_list_errors: ['no-addresses'],
  authentication_invalid: ['auth-type-unknown'],
  authentication_mismatch: ['auth-type-mismatch', 'hmac-missing'],
  authentication_failure: ['wrong-password', 'hmac-wrong', 'hmac-replayed', 'hmac-stale'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/**
 * The names and labels of the widely used exporter for keepalived, so that dashboards and rules
 * made for it go on. What Diarch does not count has no line.
 */
export function keepalivedMetrics({ routers, trackers }: Status): readonly Family[] {
  const counted = (name: string, help: string, value: (router: RouterStatus) => number): Family =>
    counter(
      `keepalived_${name}_total`,
      help,
      routers.map(router => ({ labels: labelsOf(router), value: value(router) })),
    )
  return [
    gauge('keepalived_up', 'Status', one(1)),
    gauge('keepalived_vrrp_state', 'State of vrrp', routers.flatMap(addresses)),
    counted('advertisements_received', 'Advertisements received', each => each.counters.received),
    counted('advertisements_sent', 'Advertisements sent', each => each.counters.sent),
    counted('become_master', 'Became master', each => each.counters.becameMaster),
    counted('release_master', 'Released master', each =>
      Math.max(0, each.counters.becameMaster - (each.state === 'MASTER' ? 1 : 0)),
    ),
    counted(
      'priority_zero_received',
      'Priority zero received',
      each => each.counters.priorityZeroReceived,
    ),
    counted('priority_zero_sent', 'Priority zero sent', each => each.counters.priorityZeroSent),
    ...Object.entries(rejections).map(([name, reasons]) =>
      counted(name, `Adverts refused: ${reasons.join(', ')}`, ({ counters }) =>
        reasons.reduce((sum, reason) => sum + (counters.rejected[reason] ?? 0), 0),
      ),
    ),
    gauge(
      'keepalived_script_status',
      'Tracker Script Status',
      trackers.map(({ name, state }) => ({ labels: { name }, value: state === 'up' ? 1 : 0 })),
    ),
  ]
}

const labelsOf = ({ name, interface: intf, vrid, state }: RouterStatus) => {
  return { iname: name, intf, vrid: String(vrid), state }
}

const addresses = ({
  name,
  interface: intf,
  vrid,
  state,
  addresses: all,
}: RouterStatus): Sample[] =>
  all.map(({ address }) => ({
    labels: { iname: name, intf, vrid: String(vrid), ip_address: address.replace(/\/\d+$/, '') },
    value: stateNumbers[state],
  }))

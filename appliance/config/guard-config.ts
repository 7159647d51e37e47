import type { GuardConfig, SerialPath, UdpPath } from '../guard/guard-config.ts'
import { heartbeatSizes } from '../guard/heartbeat-codec.ts'
import { lineTime, paceOf } from '../guard/serial-pace.ts'
import { type Duration, milliseconds } from '../values/duration.ts'
import type { TrackerConfig } from '../vrrp/tracker-config.ts'
import type { Document } from './schema.ts'
import { trackerConfigs } from './tracker-configs.ts'
import { wholeRouters } from './whole-router.ts'

/** Until a tracker that nobody can tell the time of has noticed. */
const usually = milliseconds(5000)

/** What vrrpd says beside VRRP and by which rules it holds, every default resolved. */
export function guardConfig(document: Document): GuardConfig {
  const { guard, fencing } = document.cluster
  const { policy, witnesses, witnessesNeeded, missed, corroborate } = guard
  const { secret = new Uint8Array(), next } = guard
  const routers = wholeRouters(document)
  const intervals = routers.map(({ interval }) => interval)
  const shortest = Math.min(Math.max(Math.min(...intervals, 1000), 20), 1000)
  // The skew is at most an interval, in v2 at most a second.
  const downTimes = routers.map(({ interval, router }) => {
    return router.downAfter * interval + Math.max(interval, router.version === 2 ? 1000 : 0)
  })
  const interval = guard.heartbeatInterval ?? milliseconds(intervals.length === 0 ? 100 : shortest)
  const trackers = trackerConfigs(document).filter(({ name }) => witnesses.includes(name))
  return {
    policy,
    witnesses,
    witnessesNeeded,
    witnessTime: milliseconds(Math.max(0, ...trackers.map(timeToNotice))),
    leases: Object.entries(guard.leases).map(([name, lease]) => ({
      name,
      ...lease,
      time: guard.leaseTime,
    })),
    interval,
    missed,
    advertTime: milliseconds(Math.max(0, ...downTimes)),
    corroborate: corroborate && policy === 'availability-first' && fencing.policy === 'off',
    secret: next?.signs ? next.secret : secret,
    ...(next === undefined ? {} : { otherSecret: next.signs ? secret : next.secret }),
    paths: [...heartbeatPaths(document), ...serialPaths(document, interval)],
    fencing: { policy: fencing.policy, waitAtMost: fencing.waitAtMost },
  }
}

export const heartbeatPaths = ({ node }: Document): readonly UdpPath[] =>
  Object.entries(node.heartbeats).map(([name, { source, ...path }]) => ({
    name,
    ...path,
    source: source ?? null,
  }))

function serialPaths({ cluster, node }: Document, interval: Duration): readonly SerialPath[] {
  const sizes = heartbeatSizes(Object.keys(cluster.routers).length)
  return Object.entries(node.serialHeartbeats).map(([name, { device, baud }]) => {
    const pace = paceOf(interval, lineTime(sizes, baud))
    return { name, serial: device, baud, pace, direct: false }
  })
}

function timeToNotice(tracker: TrackerConfig): Duration {
  switch (tracker.kind) {
    case 'script':
      return milliseconds(tracker.fall * tracker.interval + tracker.timeout)
    case 'check': {
      const { interval, retryInterval, timeout, fall } = tracker.check.pace
      return milliseconds(interval + (fall - 1) * Math.max(retryInterval, timeout) + timeout)
    }
    default:
      return usually
  }
}

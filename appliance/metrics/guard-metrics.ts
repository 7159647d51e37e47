import type { Status } from '../status/document.ts'
import { counter, type Family, gauge, one, stateSamples } from './exposition.ts'
import type { Ago } from './status-metrics.ts'

const peerStates = ['heard', 'silent', 'unknown'] as const
const leaseStates = ['unknown', 'silent', 'free', 'starting', 'held', 'taken'] as const
const trackerStates = ['up', 'down', 'unknown'] as const

/** A document may have any number of trackers; a box has a few paths and witnesses. */
export const mostTrackers = 500

/** Heartbeats, witnesses and what routers track: how a box knows who may lead. */
export function guardMetrics({ guard, trackers }: Status, ago: Ago): readonly Family[] {
  const paths = guard?.paths ?? []
  const ofPaths = (value: (counters: (typeof paths)[number]['counters']) => number) =>
    paths.map(({ name, counters }) => ({ labels: { path: name }, value: value(counters) }))
  return [
    gauge(
      'diarch_heartbeat_path_up',
      '1: heartbeats of the other box come over the path.',
      paths.map(({ name, state }) => {
        return { labels: { path: name }, value: state === 'up' ? 1 : 0 }
      }),
    ),
    gauge(
      'diarch_heartbeat_age_seconds',
      'Since the last heartbeat over the path; none before the first.',
      paths.flatMap(({ name, heardAt }) =>
        heardAt === null ? [] : one(ago(heardAt), { path: name }),
      ),
    ),
    counter(
      'diarch_heartbeats_sent_total',
      'Heartbeats sent over the path.',
      ofPaths(({ sent }) => sent),
    ),
    counter(
      'diarch_heartbeats_received_total',
      'Heartbeats taken.',
      ofPaths(({ received }) => received),
    ),
    counter(
      'diarch_heartbeats_lost_total',
      'Heartbeats of the other box that did not come, by their numbers.',
      ofPaths(({ missing }) => missing),
    ),
    counter(
      'diarch_heartbeats_refused_total',
      'Heartbeats refused, by the reason.',
      paths.flatMap(({ name, counters }) =>
        Object.entries(counters.refused).map(([reason, value]) => {
          return { labels: { path: name, reason }, value }
        }),
      ),
    ),
    gauge(
      'diarch_peer_heartbeats',
      '1 for what is heard of the other box over all paths.',
      guard === null ? [] : stateSamples(peerStates, guard.peer.state, {}),
    ),
    gauge(
      'diarch_may_lead',
      '0: the box does not lead, since it cannot know that the other one does not.',
      guard === null ? [] : one(guard.restraint === null ? 1 : 0),
    ),
    gauge(
      'diarch_split_routers',
      'Virtual routers whose addresses both boxes have.',
      guard === null ? [] : one(guard.splits.length),
    ),
    gauge(
      'diarch_lease_state',
      '1 for the state of the lease at each witness that only one box can have.',
      (guard?.leases ?? []).flatMap(({ name, state }) =>
        stateSamples(leaseStates, state, { lease: name }),
      ),
    ),
    gauge(
      'diarch_tracker_state',
      '1 for the state of each tracker; witnesses are trackers too.',
      trackers
        .slice(0, mostTrackers)
        .flatMap(({ name, state }) => stateSamples(trackerStates, state, { tracker: name })),
    ),
    gauge(
      'diarch_trackers_left_out',
      'Too many to have lines of their own.',
      one(Math.max(0, trackers.length - mostTrackers)),
    ),
  ]
}

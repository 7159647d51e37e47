/** What the configuration lets one expect. All in milliseconds of true time. */

import type { Cluster } from './cluster.ts'
import type { Fault } from './faults.ts'

/** Clocks go wrong by 1 %, in both directions. */
const drift = 1.025

const reaction = ({ delay, lateness }: Cluster): number => delay[1] + lateness

const routersOf = ({ boxes }: Cluster) => boxes.flatMap(({ routers }) => routers)

/** The longest that anybody may have learned, or may go by himself. */
function longestInterval(cluster: Cluster, faults: readonly Fault[]): number {
  const changed = faults.map(fault => {
    if (fault.kind === 'wrong version') return wrongInterval
    return (fault.kind === 'reconfiguration' ? fault.change?.interval : null) ?? 0
  })
  return Math.max(...routersOf(cluster).map(({ interval }) => interval), ...changed)
}

/** Of a v3 router that is configured as v2: that counts in seconds. */
export const wrongInterval = 1000

export function longestDown(cluster: Cluster, faults: readonly Fault[]): number {
  const routers = routersOf(cluster)
  const interval = longestInterval(cluster, faults)
  const downAfter = Math.max(...routers.map(router => router.downAfter))
  // The skew is less than an interval, in v2 less than a second.
  const skew = routers.some(({ version }) => version === 2) ? 1000 : 0
  return downAfter * interval + Math.max(interval, skew)
}

/**
 * From the moment at which nothing is wrong any more: the start delay; the silence until somebody
 * is master; his advert, after which the preempt delay of a better one begins; its own silence.
 */
export function settlingTime(cluster: Cluster, faults: readonly Fault[]): number {
  const routers = routersOf(cluster)
  const startDelay = Math.max(...routers.map(router => router.startDelay))
  const preemptDelay = Math.max(...routers.map(router => router.preemptDelay))
  const silences = 2 * longestDown(cluster, faults) + longestInterval(cluster, faults)
  return (startDelay + preemptDelay + silences) * drift + 10 * reaction(cluster)
}

/** Two masters that can hear each other: the better one's next advert, and its way. */
export const longestOverlap = (cluster: Cluster, ...intervals: readonly number[]): number =>
  Math.max(...intervals) * drift + 3 * reaction(cluster)

/**
 * A stall of the master may last so long that its late advert comes before anybody's silence is
 * over: an advert may just have been due.
 */
export function longestGap(cluster: Cluster): number {
  // Who has the longest interval may be master, who has the lowest downAfter may listen.
  const gaps = routersOf(cluster).map(
    ({ interval, downAfter }) => (downAfter / drift - drift) * interval,
  )
  return Math.min(...gaps) - 4 * reaction(cluster)
}

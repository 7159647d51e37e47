import { longestDown, settlingTime } from './bounds.ts'
import { type Cluster, drawCluster } from './cluster.ts'
import { drawFaults, drawHarmless, type Fault } from './faults.ts'
import type { Random } from './random.ts'

/** Everything about a run that can be known before it. */
export type Scenario = {
  readonly seed: number
  /** `steady`: only what must not make anybody master. */
  readonly manner: 'mixed' | 'steady'
  readonly cluster: Cluster
  readonly faults: readonly Fault[]
  /** From here on nothing is wrong. */
  readonly healedAt: number
  /** From here on each router has one master, and nothing changes any more. */
  readonly settledAt: number
  readonly endsAt: number
}

export function drawScenario(seed: number, random: Random): Scenario {
  const cluster = drawCluster(random)
  const unit = cluster.longestInterval
  const started = Math.max(...cluster.boxes.map(({ startsAt }) => startsAt))
  if (random.chance(0.15)) {
    const settledAt = started + settlingTime(cluster, [])
    const endsAt = settledAt + random.integer(15, 45) * unit
    const faults = drawHarmless(random, cluster, settledAt, endsAt)
    return { seed, manner: 'steady', cluster, faults, healedAt: started, settledAt, endsAt }
  }
  const from = random.between(0, 8) * unit
  const faults = drawFaults(random, cluster, from, from + random.integer(8, 36) * unit)
  const healedAt = faults.reduce((latest, fault) => Math.max(latest, overAt(fault)), started)
  const settledAt = healedAt + settlingTime(cluster, faults)
  const endsAt = settledAt + 2 * longestDown(cluster, faults)
  return { seed, manner: 'mixed', cluster, faults, healedAt, settledAt, endsAt }
}

/** The last packet that it delayed has arrived. */
const overAt = (fault: Fault): number =>
  fault.until + (fault.kind === 'reordering' ? fault.most : 0)

/**
 * Boxes with real ensembles in virtual time, on a network that one seed decides, with everything
 * that goes wrong there. What happens must never break one of the invariants (invariants/), and the
 * same seed is the same run.
 *
 *   scenario.ts   what will happen, drawn from the seed: cluster.ts and faults.ts
 *   world.ts      what there is: box.ts with its vrrpd.ts, network.ts, timeline.ts
 *   actions.ts    how each fault begins and ends
 *   trace.ts      what the effects have said so far, for the invariants
 *   spoiled.ts    ensembles that are wrong, so that each invariant is seen to fail
 */

import { Ensemble } from '../../appliance/vrrp/ensemble.ts'
import { planFaults } from './actions.ts'
import { addressesFollowTheState, effectsTellTheState } from './invariants/addresses.ts'
import { farewellFirst, mastersSpeak } from './invariants/farewell.ts'
import { releasesAreFollowedAtOnce } from './invariants/handover.ts'
import { together } from './invariants/invariant.ts'
import { allOrNone, noLongOverlap, oneMaster } from './invariants/mastership.ts'
import { floodsAreAnsweredInMeasure, timersRest } from './invariants/measure.ts'
import { neighboursKnowTheMaster } from './invariants/neighbours.ts'
import { promotedForAReason, steadiness } from './invariants/promotion.ts'
import { Random } from './random.ts'
import { drawScenario, type Scenario } from './scenario.ts'
import { type Options, Violation, World } from './world.ts'

export type Outcome = {
  readonly seed: number
  /** Null: every invariant held. */
  readonly violation: string | null
  readonly digest: number
  /** Of virtual time, in milliseconds. */
  readonly lasted: number
  readonly tally: ReadonlyMap<string, number>
}

const invariants = [
  addressesFollowTheState,
  effectsTellTheState,
  farewellFirst,
  mastersSpeak,
  promotedForAReason,
  steadiness,
  oneMaster,
  noLongOverlap,
  allOrNone,
  floodsAreAnsweredInMeasure,
  timersRest,
  neighboursKnowTheMaster,
  releasesAreFollowedAtOnce,
]

/** One run: the seed decides everything that happens in it. */
export function simulate(seed: number, chosen: Partial<Options> = {}): Outcome {
  const options: Options = { brain: () => new Ensemble(), timerFirst: false, log: null, ...chosen }
  const random = new Random(seed)
  const scenario = drawScenario(seed, random)
  const world = new World(scenario, random, options, made =>
    together(invariants.map(make => make(made))),
  )
  const { timeline, tally } = world
  world.log(() => summaryOf(scenario))
  tally.count(`manner: ${scenario.manner}`)
  for (const box of world.boxes) {
    timeline.at(scenario.cluster.boxes[box.index]!.startsAt, () => box.start())
  }
  planFaults(world)
  let violation: string | null = null
  try {
    timeline.runUntil(scenario.settledAt)
    world.invariants.settled()
    timeline.runUntil(scenario.endsAt)
    world.invariants.ended()
  } catch (error) {
    violation = error instanceof Violation ? error.message : `it throws: ${stackOf(error)}`
    world.log(() => `VIOLATION ${violation}`)
  }
  return { seed, violation, digest: world.digest, lasted: timeline.now, tally: tally.counts }
}

const summaryOf = ({ seed, manner, cluster, faults, healedAt, settledAt }: Scenario): string =>
  `seed ${seed}, ${manner}: ${cluster.boxes.length} boxes, ${faults.length} faults, ` +
  `all mended at ${healedAt.toFixed(3)}, in order from ${settledAt.toFixed(3)} on`

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

import { type Duration, minutes } from '../../appliance/values/duration.ts'
import type { Prober } from '../lab/namespaces/prober.ts'
import type { StormPair } from './boxes.ts'
import { longestSince } from './missed.ts'
import { leaderOf, type Recovery, untilWell } from './wellness.ts'

export type Hung = {
  /** From the SIGSTOP of its supervisor until the hardware watchdog reset the master. */
  readonly reset: Duration
  /** The longest time in which the client had no answer, until then and until all was well. */
  readonly missed: { readonly before: Duration; readonly inAll: Duration }
  readonly recovery: Recovery
}

/** The supervisor of the box that leads stands still, and nobody lets it go on. */
export async function hangSupervisor(pair: StormPair, requests: Prober): Promise<Hung> {
  const box = pair.boxes[await leaderOf(pair)]
  const begun = Date.now()
  const reset = await box.hang(minutes(4))
  const before = longestSince(requests, begun)
  const recovery = await untilWell(pair)
  return { reset, missed: { before, inAll: longestSince(requests, begun) }, recovery }
}

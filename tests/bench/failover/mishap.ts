import type { Duration } from '../../../appliance/values/duration.ts'
import type { DiarchBox } from './diarch-box.ts'
import type { Pair } from './pair.ts'
import { type Blow, type Struck, strike } from './strike.ts'

/** What happens to the box that leads. */
export type Mishap = {
  /** `phase` after an advert of that box. */
  readonly happen: (pair: Pair, phase: Duration) => Promise<Struck>
  /** An outage counts until then. `first`: the box comes back by itself, and leads again. */
  readonly overWhenLeads: 'second' | 'first'
}

const blow = (
  overWhenLeads: Mishap['overWhenLeads'],
  blowTo: (first: Pair['first']) => Blow,
): Mishap => ({
  overWhenLeads,
  happen: ({ ground, first, firstLink }, phase) =>
    strike({ ground, link: firstLink, vrid: 1 }, phase, blowTo(first)),
})

export const powerLoss = blow('second', first => {
  return { cuts: true, signal: 'SIGKILL', processes: first.allProcesses() }
})

export const orderlyStop = blow('second', first => {
  return { cuts: false, signal: 'SIGTERM', processes: [first.topProcess()] }
})

export const vrrpKilled = blow('first', first => {
  return { cuts: false, signal: 'SIGKILL', processes: [first.vrrpProcess()] }
})

export const carrierLost = blow('second', () => {
  return { cuts: true, signal: null, processes: [] }
})

/** By the command; keepalived has none. When it comes within the interval, matters little here. */
export const failedOver = ({ first }: Pair<DiarchBox>): Mishap => ({
  overWhenLeads: 'second',
  happen: async (_, phase) => {
    const at = Date.now()
    await first.failover()
    return { at, phase }
  },
})

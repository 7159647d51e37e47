import { type Duration, milliseconds } from '../../../appliance/values/duration.ts'
import type { Gap } from '../../lab/namespaces/prober.ts'

export type Missed =
  | { readonly kind: 'seen'; readonly length: Duration }
  /** The measuring went wrong, not the product. */
  | { readonly kind: 'spoilt'; readonly why: string }

export type Heard = {
  /** When the prober had no answer. */
  readonly gaps: readonly Gap[]
  /** When it did not even ask, since the machine did not let it: that makes a gap, too. */
  readonly held: readonly Gap[]
  /** When another box than before was first heard to be the master. */
  readonly changes: readonly number[]
  /** Shorter gaps are not told. */
  readonly resolution: Duration
}

/** A change of masters is over within this time, before and after its first advert. */
const aroundChange = 20

/** What the client has missed; what only the prober has missed does not count. */
export function missed({ gaps, held, changes, resolution }: Heard): Missed {
  const isOwn = (gap: Gap) => held.some(hold => isSame(hold, gap, resolution))
  const real = gaps.filter(gap => !isOwn(gap))
  const edges = real.flatMap(gap => [gap.start, endOf(gap)])
  const spoiling = held.find(hold => {
    if (real.some(gap => isInside(hold, gap, resolution))) return false
    const atEdge = edges.some(at => isAt(hold, at, resolution))
    return atEdge || changes.some(at => isAt(hold, at, aroundChange))
  })
  if (spoiling !== undefined) {
    return { kind: 'spoilt', why: `the prober was held up for ${spoiling.length.toFixed(1)} ms` }
  }
  // What no probe has noticed may have been as long as what would just not be told.
  if (real.length === 0) return { kind: 'seen', length: resolution }
  return { kind: 'seen', length: milliseconds(real.reduce((sum, { length }) => sum + length, 0)) }
}

export const endOf = ({ start, length }: Gap): number => start + length

const isSame = (a: Gap, b: Gap, within: number): boolean =>
  Math.abs(a.start - b.start) < within && Math.abs(a.length - b.length) < within

const isAt = (hold: Gap, at: number, within: number): boolean =>
  hold.start <= at + within && endOf(hold) >= at - within

const isInside = (hold: Gap, gap: Gap, within: number): boolean =>
  hold.start > gap.start + within && endOf(hold) < endOf(gap) - within

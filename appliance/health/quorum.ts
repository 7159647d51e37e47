import type { Instant } from '../values/duration.ts'
import type { ServiceConfig } from './service-config.ts'

export type Quorum = { readonly up: boolean; readonly since: Instant; readonly why: string }

/** keepalived's rule: the weight of nobody is no quorum either, however low it is set. */
export function judgeQuorum(
  before: Quorum | null,
  weight: number,
  { quorum, hysteresis }: Pick<ServiceConfig, 'quorum' | 'hysteresis'>,
  now: Instant,
): Quorum {
  if (before?.up === true) {
    const needed = quorum - hysteresis
    if (weight >= needed && (weight > 0 || quorum === 0)) return before
    const least = Math.max(1, needed)
    const margin = hysteresis === 0 ? '' : ` (${quorum} - ${hysteresis})`
    return { up: false, since: now, why: `weight ${weight} is below ${least}${margin}` }
  }
  const needed = quorum + hysteresis
  const margin = hysteresis === 0 ? '' : ` (${quorum} + ${hysteresis})`
  if (weight >= needed) {
    return { up: true, since: now, why: `weight ${weight} reaches ${needed}${margin}` }
  }
  return (
    before ?? { up: false, since: now, why: `weight ${weight} does not reach ${needed}${margin}` }
  )
}

import { between, type Instant, seconds } from '../values/duration.ts'
import type { ProcessMachine } from './process-machine.ts'

/** From so many failures in a row on, a child is not unlucky but broken. */
export const failingFrom = 3

/** One that has failed and does nothing for so long, be it that it hangs at each start. */
const absentFor = seconds(30)

/** Since when a child that has failed does not run; null: it runs, or has not failed. */
export function absentSince(
  before: Instant | null,
  state: ProcessMachine,
  now: Instant,
): Instant | null {
  const isAbsent = state.kind !== 'running' && state.record.failures > 0
  return isAbsent ? (before ?? now) : null
}

/** Why it is not to be waited for any longer; null: it works, or will do so in a moment. */
export function lastingFailure(
  { record }: ProcessMachine,
  absent: Instant | null,
  now: Instant,
): string | null {
  if (record.failures >= failingFrom) return `cannot be kept running: it ${record.lastFailure}`
  if (absent === null || between(absent, now) < absentFor) return null
  return `has not come back for ${absentFor / 1000} s: it ${record.lastFailure}`
}

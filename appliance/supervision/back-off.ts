import { type Duration, milliseconds } from '../values/duration.ts'
import type { RestartPolicy } from './spec.ts'

/** How long to wait after the given number of failures in a row (1 is the first). */
export function backOff(policy: RestartPolicy, failures: number): Duration {
  const wait = policy.firstWait * policy.factor ** Math.max(0, failures - 1)
  return milliseconds(Math.min(wait, policy.longestWait))
}

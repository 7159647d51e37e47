import { type Duration, milliseconds } from '../../appliance/values/duration.ts'
import type { Gap, Prober } from '../lab/namespaces/prober.ts'

/** When the client had no answer, as far as it was later than that. */
export const missedSince = (requests: Prober, since: number): readonly Gap[] =>
  requests.gaps().filter(({ start, length }) => start + length > since)

export const longestSince = (requests: Prober, since: number): Duration =>
  milliseconds(Math.max(0, ...missedSince(requests, since).map(({ length }) => length)))

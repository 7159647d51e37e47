/**
 * How long a backup waits. Multiply before dividing: a v3 skew can be 78 microseconds.
 *
 *   v2  Skew_Time = (256 - priority) / 256 seconds, whatever the interval    RFC 3768 6.1
 *   v3  Skew_Time = (256 - priority) * Active_Adver_Interval / 256           RFC 9568 6.1
 *   Active_Down_Interval = 3 * Active_Adver_Interval + Skew_Time
 */

import { type Duration, milliseconds, seconds } from '../values/duration.ts'

type Waiting = {
  readonly version: 2 | 3
  readonly priority: number
  /** Of the master, in v3 as its adverts say; our own as long as none was heard. */
  readonly interval: Duration
}

export function skewTime({ version, priority, interval }: Waiting): Duration {
  const base = version === 2 ? seconds(1) : interval
  return milliseconds(((256 - priority) * base) / 256)
}

export function downInterval(waiting: Waiting & { readonly downAfter: number }): Duration {
  return milliseconds(waiting.downAfter * waiting.interval + skewTime(waiting))
}

import { readFileSync } from 'node:fs'
import { kernelMilliseconds, now } from '../linux/monotonic-clock.ts'
import { type Duration, milliseconds } from '../values/duration.ts'

/** A revision that is taken back unless somebody keeps it. */
export type Trial = {
  /** A revision that is known to be good. */
  readonly fallBackTo: number
  readonly until: Moment
}

/** Of the kernel's monotonic clock: the wall clock may be set in the middle of a trial. */
export type Moment = {
  /** What the kernel calls this boot. */
  readonly boot: string
  readonly milliseconds: number
}

/**
 * 0: its time is over. So it is after a reboot: the change may well be why there was one, and who
 * tried it is not connected any more.
 */
export function trialLeft({ until }: Trial, here: Moment): Duration {
  if (until.boot !== here.boot) return milliseconds(0)
  return milliseconds(Math.max(0, until.milliseconds - here.milliseconds))
}

export const momentAfter = ({ boot, milliseconds: at }: Moment, wait: Duration): Moment => ({
  boot,
  milliseconds: at + wait,
})

export const thisMoment = (): Moment => ({
  boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  milliseconds: kernelMilliseconds(now()),
})

/**
 * When a signed advert was signed, and who signed what last: the two guards against an advert that
 * was recorded and is sent again. A stamp is a point of the wall clock in 1/65536 s with a counter
 * below it, so a sender that restarts goes on where its clock is and needs to store nothing.
 */

import { type Duration, milliseconds } from '../values/duration.ts'
import type { IpAddress } from '../values/ip-address.ts'
import type { UnixTime } from '../values/unix-time.ts'

export type Stamp = {
  /** Since 1970, 32 bits: compared so that the turn in 2106 does no harm (RFC 1982). */
  readonly seconds: number
  /** 16 bits of a second's fraction, 16 bits of a counter. */
  readonly fine: number
}

/** Of each sender the last stamp that was accepted; who was heard last stands last. */
export type ReplayMemory = readonly { readonly source: IpAddress; readonly stamp: Stamp }[]

export const nothingHeard: ReplayMemory = []

/** Holders of a key only get in, so nobody can push others out; more than these never contend. */
const longestMemory = 8

/** The stamp for the next advert: the clock's, or one more than the last. */
export function nextStamp(last: Stamp | null, now: UnixTime, window: Duration): Stamp {
  const clock = stampAt(now)
  if (last === null || isLater(clock, last)) return clock
  // The clock was set back, further than receivers bear: they would call `last` stale from now on.
  if (!isFresh(last, now, window)) return clock
  if (last.fine < 0xffff_ffff) return { seconds: last.seconds, fine: last.fine + 1 }
  return { seconds: (last.seconds + 1) >>> 0, fine: 0 }
}

export function stampAt(now: UnixTime): Stamp {
  const seconds = Math.floor(now / 1000)
  const fraction = Math.floor(((now - seconds * 1000) * 0x10000) / 1000)
  return { seconds: seconds >>> 0, fine: fraction * 0x10000 }
}

/** How far our clock is ahead of the sender's; below 0 when it is behind. */
export function skewOf(stamp: Stamp, now: UnixTime): Duration {
  const here = stampAt(now)
  const fine = (here.fine - stamp.fine) / 0x1_0000_0000
  return milliseconds((secondsSince(here, stamp) + fine) * 1000)
}

export const isFresh = (stamp: Stamp, now: UnixTime, window: Duration): boolean =>
  Math.abs(skewOf(stamp, now)) <= window

/**
 * A mark outside the window is forgotten: what it guards against is stale, and a sender whose
 * clock was once far ahead could otherwise not be heard for as long.
 */
export function isReplay(
  memory: ReplayMemory,
  source: IpAddress,
  stamp: Stamp,
  now: UnixTime,
  window: Duration,
): boolean {
  const mark = memory.find(known => known.source === source)
  if (mark === undefined || !isFresh(mark.stamp, now, window)) return false
  return !isLater(stamp, mark.stamp)
}

export function remember(memory: ReplayMemory, source: IpAddress, stamp: Stamp): ReplayMemory {
  const others = memory.filter(known => known.source !== source)
  return [...others.slice(1 - longestMemory), { source, stamp }]
}

function isLater(a: Stamp, b: Stamp): boolean {
  const seconds = secondsSince(a, b)
  return seconds === 0 ? a.fine > b.fine : seconds > 0
}

/** RFC 1982: as if on a circle. */
const secondsSince = (a: Stamp, b: Stamp): number => (a.seconds - b.seconds) | 0

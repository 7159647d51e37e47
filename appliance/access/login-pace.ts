/**
 * How often a password may be tried. Every attempt is counted as a failure before it is looked at,
 * so that many at once gain nothing; one that succeeds is taken back.
 *
 * Counted by address, so that one attacker does not keep others out, and by user, so that many
 * addresses do not get more attempts than one. Who has logged in from an address before does not
 * wait there for what others try with his name.
 */

import {
  after,
  between,
  type Duration,
  type Instant,
  minutes,
  seconds,
} from '../values/duration.ts'

export type Attempt = { readonly user: string; readonly address: string }

type Failures = { readonly count: number; readonly last: Instant }
type Counted = ReadonlyMap<string, Failures>

export type LoginPace = {
  readonly byAddress: Counted
  readonly byUser: Counted
  /** User and address, and when it was. */
  readonly proven: ReadonlyMap<string, Instant>
}

export const calm: LoginPace = { byAddress: new Map(), byUser: new Map(), proven: new Map() }

type Limit = { readonly free: number; readonly longest: Duration }

const ofAddress: Limit = { free: 5, longest: minutes(5) }
/** Short: with this one an attacker keeps the user out as well. */
const ofUser: Limit = { free: 10, longest: minutes(1) }
const firstWait = seconds(1)
const forgetAfter = minutes(60)
const provenFor = minutes(24 * 60)
/** What goes beyond is forgotten, those with the fewest failures first. */
const mostCounted = 2000
const mostProven = 200

export type Admission =
  | { readonly kind: 'go'; readonly pace: LoginPace }
  | { readonly kind: 'wait'; readonly wait: Duration }

export function admit(pace: LoginPace, attempt: Attempt, now: Instant): Admission {
  const { user, address } = attempt
  const wait = longer(
    waitOf(pace.byAddress.get(address), ofAddress, now),
    isProven(pace, attempt, now) ? null : waitOf(pace.byUser.get(user), ofUser, now),
  )
  if (wait !== null) return { kind: 'wait', wait }
  return {
    kind: 'go',
    pace: {
      ...pace,
      byAddress: counted(pace.byAddress, address, now),
      byUser: counted(pace.byUser, user, now),
    },
  }
}

export function succeeded(pace: LoginPace, attempt: Attempt, now: Instant): LoginPace {
  const { user, address } = attempt
  const byUser = new Map(pace.byUser)
  byUser.delete(user)
  const proven = new Map(pace.proven)
  proven.delete(pairOf(attempt))
  proven.set(pairOf(attempt), now)
  return {
    // The others from this address stay: somebody with a password could try those of all others.
    byAddress: oneLess(pace.byAddress, address),
    byUser,
    proven: new Map([...proven].slice(-mostProven)),
  }
}

function waitOf(failures: Failures | undefined, limit: Limit, now: Instant): Duration | null {
  if (failures === undefined || isOld(failures, now) || failures.count < limit.free) return null
  const doubled = firstWait * 2 ** (failures.count - limit.free)
  const wait = between(now, after(failures.last, Math.min(doubled, limit.longest) as Duration))
  return wait > 0 ? wait : null
}

const isOld = ({ last }: Failures, now: Instant): boolean => between(last, now) > forgetAfter

const longer = (a: Duration | null, b: Duration | null): Duration | null =>
  a === null || (b !== null && b > a) ? b : a

function counted(all: Counted, key: string, now: Instant): Counted {
  const before = all.get(key)
  const count = before === undefined || isOld(before, now) ? 1 : before.count + 1
  const next = new Map(all)
  if (before === undefined && next.size >= mostCounted) next.delete(mostForgettable(all, now))
  return next.set(key, { count, last: now })
}

function mostForgettable(all: Counted, now: Instant): string {
  const weight = (failures: Failures): number => (isOld(failures, now) ? 0 : failures.count)
  const [first] = [...all].sort(([, a], [, b]) => weight(a) - weight(b) || between(b.last, a.last))
  return first?.[0] ?? ''
}

function oneLess(all: Counted, key: string): Counted {
  const before = all.get(key)
  const next = new Map(all)
  if (before !== undefined && before.count > 1)
    next.set(key, { ...before, count: before.count - 1 })
  else next.delete(key)
  return next
}

const pairOf = ({ user, address }: Attempt): string => `${address} ${user}`

function isProven(pace: LoginPace, attempt: Attempt, now: Instant): boolean {
  const at = pace.proven.get(pairOf(attempt))
  return at !== undefined && between(at, now) < provenFor
}

import { after, between, type Instant, instant, minutes } from '../values/duration.ts'

/** Somebody who has logged in. */
export type Session = {
  readonly user: string
  readonly began: Instant
  readonly used: Instant
}

/** By the hash of what the browser holds: who reads this table cannot use it. */
export type Sessions = ReadonlyMap<string, Session>

const idleLimit = minutes(30)
const longest = minutes(12 * 60)
/** More than anybody has open; what goes beyond ends the one that was used longest ago. */
const most = { ofOneUser: 20, inAll: 500 }

/** When it ends unless it is used again. */
export const endOf = ({ began, used }: Session): Instant =>
  instant(Math.min(after(used, idleLimit), after(began, longest)))

const lasts = (session: Session, now: Instant): boolean => between(now, endOf(session)) > 0

export function begin(sessions: Sessions, key: string, user: string, now: Instant): Sessions {
  const others = [...sessions].filter(([, session]) => lasts(session, now))
  const own = newest(
    others.filter(([, session]) => session.user === user),
    most.ofOneUser - 1,
  )
  const rest = others.filter(([, session]) => session.user !== user)
  return new Map([
    ...newest([...rest, ...own], most.inAll - 1),
    [key, { user, began: now, used: now }],
  ])
}

const newest = (
  entries: readonly (readonly [string, Session])[],
  count: number,
): readonly (readonly [string, Session])[] =>
  entries.toSorted(([, a], [, b]) => between(a.used, b.used)).slice(0, count)

/** Null when there is none, or none any more. */
export function find(sessions: Sessions, key: string, now: Instant): Session | null {
  const session = sessions.get(key)
  return session !== undefined && lasts(session, now) ? session : null
}

/** It was found, and begins to be idle now. */
export function use(sessions: Sessions, key: string, now: Instant): Sessions {
  const session = find(sessions, key, now)
  return session === null ? sessions : new Map([...sessions, [key, { ...session, used: now }]])
}

export const end = (sessions: Sessions, key: string): Sessions =>
  new Map([...sessions].filter(([each]) => each !== key))

export const endOfUsers = (sessions: Sessions, users: ReadonlySet<string>): Sessions =>
  new Map([...sessions].filter(([, { user }]) => !users.has(user)))

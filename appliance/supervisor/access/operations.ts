import type { accessOperations } from '../../api/access-operations.ts'
import type { Caller } from '../../api/caller.ts'
import type { RevisionInfo } from '../../api/configuration.ts'
import { entryOf } from '../../config/entry.ts'
import { hashPassword } from '../../linux/password.ts'
import { by, isRefusal, refused } from '../configuration/operations.ts'
import type { Control } from '../control/control.ts'
import { type Answer, json, type PerformersOf } from '../control/operation.ts'
import { problem, type Refusal } from '../control/problem.ts'
import type { Login, OpenSession } from './access.ts'
import { changePassword, changeTable, keptPassword } from './change.ts'
import { cookieFor, cookieRemoved } from './cookie.ts'
import { newToken, tokenHash } from './secrets.ts'

/** The operations on sessions, users and tokens. */
export const accessPerformers: PerformersOf<typeof accessOperations> = {
  logIn: async (control, { body, caller }) => {
    const login = await control.access.logIn(body.user, body.password, caller.from ?? '')
    await control.audit.login(caller, body.user, login)
    return begun(control, caller, login)
  },
  showSession: (control, { caller }) => {
    const session = sessionOf(control, caller)
    if (session !== null) return json(shownSession(session))
    const { name: user, role, via } = caller
    const token = via === 'token' ? entryOf(control.access.tokens, user) : undefined
    return json({ user, role, via, csrf: null, expiresAt: token?.expires ?? null })
  },
  logOut: (control, { caller }) => {
    const session = sessionOf(control, caller)
    if (session === null) return noSession
    control.access.logOut(session.id)
    control.gate.letGo()
    const { host } = control.gate.visitor(caller)
    return json({ ended: true }, 200, { 'Set-Cookie': cookieRemoved(host) })
  },
  changeOwnPassword: async (control, { body, caller }) => {
    const session = sessionOf(control, caller)
    if (session === null) return noSession
    const { configuration, access } = control
    const { user } = session
    const from = keptPassword(configuration, user)
    const refusal = await access.checkOwn(user, body.old, caller.from ?? '')
    if (refusal !== null) return begun(control, caller, refusal)
    const to = await hashPassword(body.new)
    const outcome = await changePassword(configuration, by(control, caller), { user, from, to })
    if (outcome === null) return begun(control, caller, { kind: 'refused' })
    if (isRefusal(outcome)) return refused(outcome)
    return begun(control, caller, { kind: 'session', session: access.logInAgain(user) })
  },
  listUsers: control => {
    const users = Object.entries(control.access.users)
    return json({ users: users.map(([user, { role }]) => ({ user, role })) })
  },
  setUser: async (control, { names: [user = ''], body: { role, password }, caller }) => {
    const hashed = password === undefined ? {} : { password: await hashPassword(password) }
    return changed(control, caller, 'users', user, { role, ...hashed }, revision =>
      json({ user, role, revision }),
    )
  },
  removeUser: (control, { names: [user = ''], caller }) => {
    const found = entryOf(control.access.users, user)
    if (found === undefined) return noSuch('user', user, Object.keys(control.access.users))
    return changed(control, caller, 'users', user, null, revision =>
      json({ user, role: found.role, revision }),
    )
  },
  listTokens: control => {
    const tokens = Object.entries(control.access.tokens)
    return json({
      tokens: tokens.map(([token, { role, expires = null }]) => ({ token, role, expires })),
    })
  },
  makeToken: (control, { body: { token, role, expires }, caller }) => {
    if (entryOf(control.access.tokens, token) !== undefined) {
      const detail = 'Remove it first, or choose another name.'
      return problem(409, 'token-exists', `There is a token "${token}" already`, detail)
    }
    const secret = newToken()
    const until = expires === undefined ? {} : { expires }
    const kept = { role, secret: tokenHash(secret), ...until }
    return changed(control, caller, 'tokens', token, kept, revision =>
      json({ token, role, expires: expires ?? null, secret, revision }),
    )
  },
  removeToken: (control, { names: [token = ''], caller }) => {
    const found = entryOf(control.access.tokens, token)
    if (found === undefined) return noSuch('token', token, Object.keys(control.access.tokens))
    const { role, expires = null } = found
    return changed(control, caller, 'tokens', token, null, revision =>
      json({ token, role, expires, revision }),
    )
  },
  showAudit: async control => json({ entries: await control.audit.entries() }),
}

function sessionOf(control: Control, caller: Caller): OpenSession | null {
  const { credential } = control.gate.visitor(caller)
  return credential?.kind === 'session' ? control.access.session(credential.id) : null
}

const shownSession = ({ user, role, csrf, expiresAt }: OpenSession) => ({
  user,
  role,
  via: 'session',
  csrf,
  expiresAt,
})

function begun(control: Control, caller: Caller, login: Login): Answer {
  switch (login.kind) {
    case 'session': {
      const { host } = control.gate.visitor(caller)
      const cookie = cookieFor(login.session.id, host)
      return json(shownSession(login.session), 200, { 'Set-Cookie': cookie })
    }
    case 'refused': {
      const detail = 'Try again; after several failures each attempt has to wait longer.'
      return problem(401, 'login-refused', 'The user or the password is not right', detail)
    }
    case 'wait': {
      const seconds = Math.ceil(login.wait / 1000)
      const title = 'Too many attempts to log in'
      const detail = `Try again in ${seconds} s.`
      const refusal = problem(429, 'too-many-attempts', title, detail)
      return { ...refusal, headers: { 'Retry-After': String(seconds) } }
    }
  }
}

/** An entry of `cluster.users` or `cluster.tokens` as it is to be; null: it is removed. */
async function changed(
  control: Control,
  caller: Caller,
  table: 'users' | 'tokens',
  name: string,
  entry: object | null,
  done: (revision: RevisionInfo | null) => Answer,
): Promise<Answer> {
  const outcome = await changeTable(control.configuration, by(control, caller), table, name, entry)
  return isRefusal(outcome) ? refused(outcome) : done(outcome.revision)
}

const noSession = problem(
  409,
  'no-session',
  'There is no session here',
  'This is for users that log in: the caller has a token, or is on the box itself.',
)

function noSuch(kind: 'user' | 'token', name: string, names: readonly string[]): Refusal {
  const detail = names.length === 0 ? 'There are none.' : `There are: ${names.join(', ')}.`
  return problem(404, `no-such-${kind}`, `There is no ${kind} "${name}"`, detail)
}

import { clientNetwork } from '../../access/client-network.ts'
import { admit, calm, type LoginPace, succeeded } from '../../access/login-pace.ts'
import { begin, end, endOf, endOfUsers, find, type Sessions, use } from '../../access/sessions.ts'
import type { Role } from '../../api/role.ts'
import { entryOf } from '../../config/entry.ts'
import type { Document, Token, User } from '../../config/schema.ts'
import { now } from '../../linux/monotonic-clock.ts'
import { isPassword } from '../../linux/password.ts'
import { type Duration, milliseconds, seconds } from '../../values/duration.ts'
import { csrfToken, hashOf, isHashOf, newSecret } from './secrets.ts'

/** By what a caller of the network was recognised; it can end while a stream is open. */
export type Credential =
  | { readonly kind: 'session'; readonly id: string }
  | { readonly kind: 'token'; readonly name: string; readonly secret: string; readonly role: Role }

export type Holder = { readonly name: string; readonly secret: string; readonly role: Role }

export type OpenSession = {
  readonly id: string
  readonly user: string
  readonly role: Role
  readonly csrf: string
  readonly expiresAt: string
}

export type Login =
  | { readonly kind: 'session'; readonly session: OpenSession }
  | { readonly kind: 'refused' }
  | { readonly kind: 'wait'; readonly wait: Duration }

type Keys = Pick<Document['cluster'], 'users' | 'tokens'>

/** Others wait outside: each attempt takes 16 MB and 100 ms of a core. */
const mostWaiting = 4

/** Who may come in: users, tokens and sessions. No request is known here, only what it carries. */
export class Access {
  #users: Readonly<Record<string, User>> = {}
  #tokens: Readonly<Record<string, Token>> = {}
  #sessions: Sessions = new Map()
  #pace: LoginPace = calm
  /** The networks of those whose password is being looked at. */
  readonly #waiting = new Set<string>()
  #last: Promise<unknown> = Promise.resolve()

  /** Sessions of users that are not what they were end here. */
  configure({ users, tokens }: Keys): void {
    const changed = Object.entries(this.#users).flatMap(([name, { role, password }]) => {
      const next = entryOf(users, name)
      return next?.role === role && next.password === password ? [] : [name]
    })
    this.#users = users
    this.#tokens = tokens
    if (changed.length > 0) this.#sessions = endOfUsers(this.#sessions, new Set(changed))
  }

  get hasUsers(): boolean {
    return Object.keys(this.#users).length > 0
  }

  get users(): Readonly<Record<string, User>> {
    return this.#users
  }

  get tokens(): Readonly<Record<string, Token>> {
    return this.#tokens
  }

  async logIn(user: string, password: string, from: string): Promise<Login> {
    const tried = await this.#attempt(user, password, from)
    if (tried !== null) return tried
    return { kind: 'session', session: this.#begin(user) }
  }

  /** Whether the session's user knows the password; null: yes. */
  async checkOwn(user: string, password: string, from: string): Promise<Login | null> {
    return this.#attempt(user, password, from)
  }

  /** For somebody whose password was right a moment ago. */
  logInAgain(user: string): OpenSession {
    return this.#begin(user)
  }

  logOut(id: string): void {
    this.#sessions = end(this.#sessions, hashOf(id))
  }

  /** Null: there is no such session any more. */
  session(id: string): OpenSession | null {
    const session = find(this.#sessions, hashOf(id), now())
    const user = session === null ? undefined : entryOf(this.#users, session.user)
    if (session === null || user === undefined) return null
    const left = endOf(session) - now()
    const expiresAt = new Date(Date.now() + left).toISOString()
    return { id, user: session.user, role: user.role, csrf: csrfToken(id), expiresAt }
  }

  /** It was used: it begins to be idle now. */
  touch(id: string): void {
    this.#sessions = use(this.#sessions, hashOf(id), now())
  }

  /** Null: it is nobody's, or was good until a while ago. */
  tokenHolder(secret: string): Holder | null {
    const found = Object.entries(this.#tokens).filter(([, token]) => isHashOf(secret, token.secret))
    const [name, token] = found[0] ?? []
    return name === undefined || token === undefined || isOver(token)
      ? null
      : { name, secret: token.secret, role: token.role }
  }

  stands(credential: Credential): boolean {
    if (credential.kind === 'session') return this.session(credential.id) !== null
    const token = entryOf(this.#tokens, credential.name)
    const isSameToken = token?.secret === credential.secret && token.role === credential.role
    return token !== undefined && isSameToken && !isOver(token)
  }

  #begin(user: string): OpenSession {
    const id = newSecret()
    this.#sessions = begin(this.#sessions, hashOf(id), user, now())
    const session = this.session(id)
    if (session === null) throw new Error(`${user} was removed while logging in`)
    return session
  }

  /** Null: the password is right. Unknown users are answered like known ones, and as late. */
  async #attempt(user: string, password: string, from: string): Promise<Login | null> {
    const attempt = { user, address: clientNetwork(from) }
    const busy = this.#waiting.has(attempt.address) || this.#waiting.size >= mostWaiting
    if (busy) return { kind: 'wait', wait: seconds(1) }
    const admission = admit(this.#pace, attempt, now())
    if (admission.kind === 'wait') return admission
    this.#pace = admission.pace
    this.#waiting.add(attempt.address)
    const kept = entryOf(this.#users, user)?.password ?? null
    try {
      const looked = this.#last.then(() => isPassword(password, kept))
      this.#last = looked.catch(() => undefined)
      const isRight = await looked
      // It may have been changed meanwhile.
      if (!isRight || entryOf(this.#users, user)?.password !== kept) return { kind: 'refused' }
      this.#pace = succeeded(this.#pace, attempt, now())
      return null
    } finally {
      this.#waiting.delete(attempt.address)
    }
  }
}

const isOver = ({ expires }: Token): boolean =>
  expires !== undefined && milliseconds(Date.parse(expires)) <= Date.now()

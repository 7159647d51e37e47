import { useEffect, useState } from 'preact/hooks'
import { ask, Refusal, useCsrfToken, whenLoggedOut } from './api.ts'

export type Role = 'viewer' | 'operator' | 'admin'

export type User = {
  readonly user: string
  readonly role: Role
  readonly csrf: string | null
}

/** `setup`: nobody can log in before there is a password. */
export type Session =
  | { readonly kind: 'asking' | 'setup' }
  /** `ended`: somebody was. */
  | { readonly kind: 'nobody'; readonly ended: boolean }
  | { readonly kind: 'user'; readonly user: User }

export type SessionControl = {
  readonly session: Session
  readonly logIn: (user: string, password: string) => Promise<void>
  readonly logOut: () => Promise<void>
  /** Another session of the same user, after a change of the password. */
  readonly enter: (user: User) => void
}

const retryMs = 3000

export function useSession(): SessionControl {
  const [session, setSession] = useState<Session>({ kind: 'asking' })

  const enter = (user: User): void => {
    useCsrfToken(user.csrf)
    setSession({ kind: 'user', user })
  }

  useEffect(() => {
    let retry = 0
    const look = async (): Promise<void> => {
      try {
        enter(await ask<User>('GET', '/api/v1/session'))
      } catch (error) {
        const reason = error instanceof Refusal ? error.problem.reason : ''
        if (reason === 'setup-not-finished') setSession({ kind: 'setup' })
        else if (reason === 'not-logged-in') return
        // A box that starts, or one whose setup is under way: it may be otherwise in a moment.
        retry = window.setTimeout(() => void look(), retryMs)
      }
    }
    // Several requests may find it out at once.
    whenLoggedOut(() =>
      setSession(before =>
        before.kind === 'nobody' ? before : { kind: 'nobody', ended: before.kind === 'user' },
      ),
    )
    void look()
    return () => clearTimeout(retry)
  }, [])

  return {
    session,
    logIn: async (user, password) => {
      enter(await ask<User>('POST', '/api/v1/session', { user, password }))
    },
    logOut: async () => {
      await ask('DELETE', '/api/v1/session')
      setSession({ kind: 'nobody', ended: false })
    },
    enter,
  }
}

const rank: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 }

export const may = (user: User, role: Role): boolean => rank[user.role] >= rank[role]

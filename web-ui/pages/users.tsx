import { useEffect, useState } from 'preact/hooks'
import { ask, textOf } from '../api.ts'
import type { Role } from '../session.ts'

type Entry = { readonly user: string; readonly role: Role }

const roles: readonly (readonly [Role, string])[] = [
  ['viewer', 'viewer: looks'],
  ['operator', 'operator: drains, fails over, checks'],
  ['admin', 'admin: everything'],
]

export function Users({ own }: { readonly own: string }) {
  const [users, setUsers] = useState<readonly Entry[]>([])
  const [why, setWhy] = useState('')

  const load = async (): Promise<void> => {
    const answer = await ask<{ users: readonly Entry[] }>('GET', '/api/v1/users')
    setUsers(answer.users)
  }
  const doing = async (work: () => Promise<unknown>): Promise<void> => {
    setWhy('')
    try {
      await work()
      await load()
    } catch (error) {
      setWhy(textOf(error))
    }
  }
  useEffect(() => void doing(async () => {}), [])

  const add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const data = new FormData(form)
    const [name, role, password] = ['name', 'role', 'password'].map(key => String(data.get(key)))
    await doing(async () => {
      await ask('PUT', `/api/v1/users/${encodeURIComponent(name ?? '')}`, { role, password })
      form.reset()
    })
  }
  return (
    <section aria-label="Users">
      <h2>Users</h2>
      <ul class="summary">
        {users.map(({ user, role }) => (
          <li key={user}>
            <b>{user}</b> <span>{role}</span>
            {user !== own && (
              <button
                type="button"
                onClick={() =>
                  void doing(() => ask('DELETE', `/api/v1/users/${encodeURIComponent(user)}`))
                }
              >
                Remove
              </button>
            )}
          </li>
        ))}
      </ul>
      <form class="row" onSubmit={event => void add(event)}>
        <label>
          Name
          <input name="name" required autocomplete="off" />
        </label>
        <label>
          Password
          <input
            name="password"
            type="password"
            required
            minLength={8}
            autocomplete="new-password"
          />
        </label>
        <label>
          Role
          <select name="role">
            {roles.map(([role, words]) => (
              <option key={role} value={role}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <button type="submit">Add, or set anew</button>
      </form>
      <p class="refused" role="alert">
        {why}
      </p>
    </section>
  )
}

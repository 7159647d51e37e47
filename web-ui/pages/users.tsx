import { useEffect, useState } from 'preact/hooks'
import { ask, textOf } from '../api.ts'
import type { Role } from '../session.ts'
import { Table } from '../table.tsx'
import { NameField } from './name-field.tsx'
import { RoleField } from './role-field.tsx'

type Entry = { readonly user: string; readonly role: Role }

const pathOf = (user: string): string => `/api/v1/users/${encodeURIComponent(user)}`

export function Users({ own }: { readonly own: string }) {
  const [users, setUsers] = useState<readonly Entry[]>([])
  const [why, setWhy] = useState('')

  const doing = async (work: () => Promise<unknown>): Promise<void> => {
    setWhy('')
    try {
      await work()
      setUsers((await ask<{ users: readonly Entry[] }>('GET', '/api/v1/users')).users)
    } catch (error) {
      setWhy(textOf(error))
    }
  }
  useEffect(() => void doing(async () => {}), [])

  const add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const data = new FormData(form)
    const [name = '', role, password] = ['name', 'role', 'password'].map(key =>
      String(data.get(key)),
    )
    await doing(async () => {
      await ask('PUT', pathOf(name), { role, password })
      form.reset()
    })
  }
  return (
    <section aria-label="Users">
      <h2>Users</h2>
      <Table
        headings={['User', 'Role', '']}
        rows={users.map(({ user, role }) => ({
          key: user,
          cells: [
            user,
            role,
            user === own ? (
              'you'
            ) : (
              <button
                key="remove"
                type="button"
                aria-label={`Remove user ${user}`}
                onClick={() => void doing(() => ask('DELETE', pathOf(user)))}
              >
                Remove
              </button>
            ),
          ],
        }))}
        none="Asking the box."
      />
      <form class="row" onSubmit={event => void add(event)}>
        <NameField />
        <label>
          Password, 8 characters or more
          <input
            name="password"
            type="password"
            required
            minLength={8}
            autocomplete="new-password"
          />
        </label>
        <RoleField />
        <button type="submit">Add, or set anew</button>
      </form>
      <p class="refused" role="alert">
        {why}
      </p>
    </section>
  )
}

import { useEffect, useState } from 'preact/hooks'
import { ask, textOf } from '../api.ts'
import type { Role } from '../session.ts'
import { Table } from '../table.tsx'
import { timeText } from '../times.ts'
import { NameField } from './name-field.tsx'
import { RoleField } from './role-field.tsx'

type Token = { readonly token: string; readonly role: Role; readonly expires: string | null }

/** For programs; the secret of one is shown once. */
export function Tokens() {
  const [tokens, setTokens] = useState<readonly Token[]>([])
  const [made, setMade] = useState<{ readonly token: string; readonly secret: string } | null>(null)
  const [why, setWhy] = useState('')

  const doing = async (work: () => Promise<unknown>): Promise<void> => {
    setWhy('')
    try {
      await work()
      setTokens((await ask<{ tokens: readonly Token[] }>('GET', '/api/v1/tokens')).tokens)
    } catch (error) {
      setWhy(textOf(error))
    }
  }
  useEffect(() => void doing(async () => {}), [])

  const make = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const data = new FormData(form)
    await doing(async () => {
      const body = { token: String(data.get('name')), role: String(data.get('role')) }
      setMade(await ask('POST', '/api/v1/tokens', body))
      form.reset()
    })
  }
  const remove = (token: string): Promise<void> =>
    doing(() => ask('DELETE', `/api/v1/tokens/${encodeURIComponent(token)}`))

  return (
    <section aria-label="Tokens">
      <h2>Tokens for programs</h2>
      {made !== null && (
        <p class="notice" role="status">
          The token {made.token} is shown this once: <code>{made.secret}</code>{' '}
          <button type="button" onClick={() => setMade(null)}>
            I have it
          </button>
        </p>
      )}
      <Table
        headings={['Token', 'Role', 'Ends', '']}
        rows={tokens.map(({ token, role, expires }) => ({
          key: token,
          cells: [
            token,
            role,
            expires === null ? 'never' : timeText(expires),
            <button
              key="remove"
              type="button"
              aria-label={`Remove token ${token}`}
              onClick={() => void remove(token)}
            >
              Remove
            </button>,
          ],
        }))}
        none="There are none."
      />
      <form class="row" onSubmit={event => void make(event)}>
        <NameField />
        <RoleField />
        <button type="submit">Make a token</button>
      </form>
      <p class="refused" role="alert">
        {why}
      </p>
    </section>
  )
}

import { useState } from 'preact/hooks'
import { ask, textOf } from '../api.ts'
import type { User } from '../session.ts'

export function OwnPassword({
  own,
  enter,
}: {
  readonly own: string
  readonly enter: (user: User) => void
}) {
  const [said, setSaid] = useState('')
  const [why, setWhy] = useState('')

  const change = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const data = new FormData(form)
    setSaid('')
    setWhy('')
    try {
      const passwords = { old: String(data.get('old')), new: String(data.get('new')) }
      enter(await ask<User>('PUT', '/api/v1/session/password', passwords))
      form.reset()
      setSaid('It is changed. All other sessions of yours have ended.')
    } catch (error) {
      setWhy(textOf(error))
    }
  }
  return (
    <section aria-label="Your password">
      <h2>Your password</h2>
      <form class="row" onSubmit={event => void change(event)}>
        {/* Says to a password manager whose passwords these are. */}
        <input
          class="hidden"
          autocomplete="username"
          value={own}
          readOnly
          tabIndex={-1}
          aria-hidden
        />
        <label>
          Old
          <input name="old" type="password" required autocomplete="current-password" />
        </label>
        <label>
          New, 8 characters or more
          <input name="new" type="password" required minLength={8} autocomplete="new-password" />
        </label>
        <button type="submit">Change</button>
      </form>
      <p role="status">{said}</p>
      <p class="refused" role="alert">
        {why}
      </p>
    </section>
  )
}

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { textOf } from '../api.ts'
import { useLive } from '../live.ts'
import { Mark } from '../mark.tsx'

export function Login({
  logIn,
  ended,
}: {
  /** Somebody was logged in on this page. */
  readonly ended: boolean
  readonly logIn: (user: string, password: string) => Promise<void>
}) {
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const { status } = useLive()
  const user = useRef<HTMLInputElement>(null)

  // Not `autofocus`: Chromium complains of it where something else has the focus already.
  useLayoutEffect(() => {
    if (document.activeElement === document.body) user.current?.focus()
  }, [])

  useEffect(() => {
    document.title = [status?.hostname, 'Log in', 'Diarch']
      .filter(part => part !== undefined)
      .join(' · ')
  }, [status?.hostname])

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.target as HTMLFormElement)
    setBusy(true)
    setWhy('')
    try {
      await logIn(String(form.get('user')), String(form.get('password')))
    } catch (error) {
      setWhy(textOf(error))
      setBusy(false)
    }
  }

  return (
    <main class="login">
      <form onSubmit={event => void submit(event)}>
        <p class="wordmark">
          <Mark />
          Diarch
        </p>
        <h1>{status?.hostname ?? 'Log in'}</h1>
        {ended && (
          <p class="quiet">
            Your session has ended: it was idle for long, was ended elsewhere, or the box started
            again.
          </p>
        )}
        <label>
          User
          <input ref={user} name="user" autocomplete="username" required />
        </label>
        <label>
          Password
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <p class="refused" role="alert">
          {why}
        </p>
        <button type="submit" class="primary" disabled={busy}>
          {busy ? 'Logging in' : 'Log in'}
        </button>
      </form>
    </main>
  )
}

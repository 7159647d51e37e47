import { useState } from 'preact/hooks'
import { ask, textOf } from '../api.ts'
import { useCountdown } from '../countdown.ts'
import { may, type User } from '../session.ts'

type Trial = { readonly fallBackTo: number; readonly secondsLeft: number }

/** A configuration on trial goes back by itself: everybody on the page sees when. */
export function TrialBanner({
  trial,
  user,
}: {
  readonly trial: Trial | null
  readonly user: User
}) {
  const [why, setWhy] = useState('')
  const left = useCountdown(trial?.secondsLeft ?? 0)
  if (trial === null) return null
  const say = async (method: 'POST' | 'DELETE', what: string): Promise<void> => {
    try {
      await ask(method, `/api/v1/configuration/${what}`)
    } catch (error) {
      setWhy(textOf(error))
    }
  }
  return (
    <section class="trial" aria-label="Trial">
      <p>
        The configuration is on trial. In <b>{left} s</b> it goes back to revision{' '}
        {trial.fallBackTo} by itself.
      </p>
      {may(user, 'admin') && (
        <p>
          <button type="button" class="primary" onClick={() => void say('POST', 'confirmation')}>
            Keep it
          </button>{' '}
          <button type="button" onClick={() => void say('DELETE', 'trial')}>
            Go back now
          </button>
        </p>
      )}
      <p class="refused" role="alert">
        {why}
      </p>
    </section>
  )
}

import { useEffect } from 'preact/hooks'
import { Connection } from './connection.tsx'
import { useLive, useNow } from './live.ts'
import { NextSteps } from './next-steps.tsx'
import { State, stateWord } from './state.tsx'

export function Page() {
  const live = useLive()
  const now = useNow()
  const stale = live.connection === 'lost'
  const name = live.status?.hostname

  useEffect(() => {
    const word = stale ? 'no connection' : live.status ? stateWord(live.status) : undefined
    document.title = [name, word, 'Diarch'].filter(part => part !== undefined).join(' · ')
  }, [name, live.status, stale])

  return (
    <div class="sheet">
      <header>
        <p class="wordmark">
          <Mark />
          Diarch
        </p>
        <Connection live={live} />
      </header>
      <main>
        <h1>{name ?? ' '}</h1>
        <State live={live} now={now} />
        <NextSteps />
      </main>
    </div>
  )
}

/** Two pillars and what they hold between them. */
function Mark() {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path d="M2 1h4v18H2zM14 1h4v18h-4z" />
      <path class="between" d="M8.25 8.25h3.5v3.5h-3.5z" />
    </svg>
  )
}

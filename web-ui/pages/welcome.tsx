import { useEffect } from 'preact/hooks'
import { Connection } from '../connection.tsx'
import { useLive, useNow } from '../live.ts'
import { Mark } from '../mark.tsx'
import { NextSteps } from './next-steps.tsx'
import { State, stateWord } from './state.tsx'

/** What everybody may see: the state of the box in one word, and how to go on. */
export function Welcome({ isSetup }: { readonly isSetup: boolean }) {
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
        <Connection state={live.connection} />
      </header>
      <main class="welcome">
        <h1>{name ?? ' '}</h1>
        <State live={live} now={now} />
        {isSetup && <NextSteps />}
      </main>
    </div>
  )
}

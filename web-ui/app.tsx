import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Status } from '../appliance/status/document.ts'
import { textOf } from './api.ts'
import { Connection } from './connection.tsx'
import { Mark } from './mark.tsx'
import { Alarms } from './pages/alarms.tsx'
import { AllServices } from './pages/all-services.tsx'
import { Configuration } from './pages/configuration.tsx'
import { Events } from './pages/events.tsx'
import { Overview } from './pages/overview.tsx'
import { PairPage } from './pages/pair.tsx'
import { System } from './pages/system.tsx'
import { Traffic } from './pages/traffic.tsx'
import { TrialBanner } from './pages/trial-banner.tsx'
import { linkTo, useRoute } from './route.ts'
import type { SessionControl, User } from './session.ts'
import { useStream } from './stream.ts'
import { timeText } from './times.ts'

const pages = [
  ['', 'Overview'],
  ['services', 'Services'],
  ['traffic', 'Traffic'],
  ['configuration', 'Configuration'],
  ['pair', 'Pair'],
  ['events', 'Events'],
  ['system', 'System'],
] as const

/** The box tells its figures every ten seconds; two of them missed mean that it is not there. */
const figures = { event: 'status', silenceMs: 25_000 } as const

export function App({ user, control }: { readonly user: User; readonly control: SessionControl }) {
  const [page = '', ...words] = useRoute()
  const name = page === 'configuration' ? words[2] : words[0]
  const status = useStream<Status>('/api/v1/status/stream', figures)
  const box = status.value
  const heardAt = timeText(new Date(status.heardAt).toISOString())
  const title = pages.find(([word]) => word === page)?.[1] ?? 'Not found'

  useEffect(() => {
    document.title = [box?.hostname, name ?? title, 'Diarch'].filter(Boolean).join(' · ')
  }, [box?.hostname, name, title])

  const shown = (): JSX.Element => {
    if (box === null) return <p class="quiet">Asking the box.</p>
    switch (page) {
      case '':
        return <Overview status={box} />
      case 'services':
        return <AllServices name={name} user={user} round={status.losses} />
      case 'traffic':
        return <Traffic name={name} />
      case 'configuration':
        return <Configuration user={user} status={box} words={words} />
      case 'pair':
        return <PairPage status={box} user={user} />
      case 'events':
        return <Events />
      case 'system':
        return <System status={box} user={user} enter={control.enter} />
      default:
        return <NoSuchPage />
    }
  }

  return (
    <div class="app">
      <header>
        <a class="wordmark" href={linkTo()}>
          <Mark />
          Diarch
        </a>
        <p class="which" title="The box that you look at">
          {box?.hostname ?? ''}
        </p>
        <nav aria-label="Pages">
          {pages.map(([word, text]) => (
            <a
              key={word}
              href={linkTo(...(word === '' ? [] : [word]))}
              aria-current={word === page ? 'page' : undefined}
            >
              {text}
            </a>
          ))}
        </nav>
        <Connection state={status.connection} />
        <LogOut user={user} logOut={control.logOut} />
      </header>
      <main>
        {status.connection === 'lost' && (
          <p class="stale" role="alert">
            The box does not answer.
            {box !== null && ` What is shown here is from ${heardAt} and may be wrong by now.`}
          </p>
        )}
        {box !== null && <TrialBanner trial={box.configuration?.trial ?? null} user={user} />}
        {box !== null && <Alarms alarms={box.alarms} whole={page === ''} />}
        {shown()}
      </main>
    </div>
  )
}

const NoSuchPage = () => (
  <>
    <h1>There is no such page</h1>
    <p>
      <a href={linkTo()}>Overview</a>
    </p>
  </>
)

function LogOut({ user, logOut }: { readonly user: User; readonly logOut: () => Promise<void> }) {
  const [why, setWhy] = useState('')
  return (
    <p class="who">
      <span title={`Role: ${user.role}`}>{user.user}</span>
      <button type="button" onClick={() => void logOut().catch(error => setWhy(textOf(error)))}>
        Log out
      </button>
      <span class="refused" role="alert">
        {why}
      </span>
    </p>
  )
}

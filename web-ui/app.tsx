import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Status } from '../appliance/status/document.ts'
import type { DirectorStatus, ServiceStatus } from '../appliance/status/service-status.ts'
import { Connection } from './connection.tsx'
import { Mark } from './mark.tsx'
import { Alarms } from './pages/alarms.tsx'
import { Configuration } from './pages/configuration.tsx'
import { Events } from './pages/events.tsx'
import { Overview } from './pages/overview.tsx'
import { Service } from './pages/service.tsx'
import { Services } from './pages/services.tsx'
import { System } from './pages/system.tsx'
import { TrialBanner } from './pages/trial-banner.tsx'
import { linkTo, useRoute } from './route.ts'
import type { User } from './session.ts'
import { useStream } from './stream.ts'

export type AllServices = {
  readonly services: readonly ServiceStatus[]
  readonly director: DirectorStatus
}

const pages = [
  ['', 'Overview'],
  ['services', 'Services'],
  ['configuration', 'Configuration'],
  ['events', 'Events'],
  ['system', 'System'],
] as const

export function App({
  user,
  logOut,
}: {
  readonly user: User
  readonly logOut: () => Promise<void>
}) {
  const [page = '', name] = useRoute()
  const status = useStream<Status>('/api/v1/status/stream', 'status')
  const all = useStream<AllServices>('/api/v1/services/stream', 'services')
  const box = status.value
  const title = pages.find(([word]) => word === page)?.[1] ?? 'Not found'

  useEffect(() => {
    document.title = [box?.hostname, name ?? title, 'Diarch'].filter(Boolean).join(' · ')
  }, [box?.hostname, name, title])

  const shown = (): JSX.Element => {
    if (box === null || all.value === null) return <p class="quiet">Asking the box.</p>
    const services = all.value.services
    switch (page) {
      case '':
        return <Overview status={box} />
      case 'services':
        return name === undefined ? (
          <Services services={services} />
        ) : (
          <Service service={services.find(each => each.name === name)} name={name} user={user} />
        )
      case 'configuration':
        return <Configuration user={user} revision={box.configuration?.revision ?? 0} />
      case 'events':
        return <Events />
      case 'system':
        return <System status={box} user={user} />
      default:
        return <p>There is no such page.</p>
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
        <button type="button" class="plain-button" onClick={() => void logOut()}>
          Log out {user.user}
        </button>
      </header>
      <main>
        {status.connection === 'lost' && (
          <p class="stale" role="alert">
            The connection broke. What is shown here is from{' '}
            {new Date(status.heardAt).toLocaleTimeString()} and may be wrong by now.
          </p>
        )}
        {box !== null && <TrialBanner trial={box.configuration?.trial ?? null} user={user} />}
        {box !== null && <Alarms alarms={box.alarms} />}
        {shown()}
      </main>
    </div>
  )
}

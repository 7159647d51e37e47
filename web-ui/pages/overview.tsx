import type { Status } from '../../appliance/status/document.ts'
import type { RouterStatus } from '../../appliance/status/router-status.ts'
import { Badge } from '../badge.tsx'
import { linkTo } from '../route.ts'
import { timeText } from '../times.ts'

/** Who holds which address and why, and the services under it. */
export function Overview({ status }: { readonly status: Status }) {
  const { routers, services, health, maintenance } = status
  return (
    <>
      <h1>
        {status.hostname} <Badge state={health.state} />
      </h1>
      <p class="quiet">{health.why}</p>
      {maintenance !== null && (
        <p class="notice">
          Out of service since {timeText(maintenance.since)}: “diarch maintenance off” takes it
          back.
        </p>
      )}
      <h2>Virtual routers</h2>
      {routers.length === 0 ? (
        <p class="quiet">The configuration names none: no address moves between the boxes yet.</p>
      ) : (
        <div class="cards">
          {routers.map(router => (
            <Router key={router.name} router={router} />
          ))}
        </div>
      )}
      <h2>Services</h2>
      {services.length === 0 ? (
        <p class="quiet">
          The configuration names none. <a href={linkTo('configuration')}>Configuration</a> is where
          they are made.
        </p>
      ) : (
        <ul class="summary">
          {services.slice(0, mostShown).map(({ name, state, serversUp, serversTotal, why }) => (
            <li key={name}>
              <Badge state={state} />
              <a href={linkTo('services', name)}>{name}</a>
              <span>
                {serversUp} of {serversTotal} servers up
              </span>
              <span class="quiet">{why}</span>
            </li>
          ))}
          {services.length > mostShown && (
            <li>
              <a href={linkTo('services')}>and {services.length - mostShown} more</a>
            </li>
          )}
        </ul>
      )}
    </>
  )
}

const mostShown = 20

function Router({ router }: { readonly router: RouterStatus }) {
  const { name, state, since, why, addresses, priority, master } = router
  return (
    <section class={`card ${state.toLowerCase()}`} aria-label={`Virtual router ${name}`}>
      <h3>
        {name} <Badge state={state} />
      </h3>
      <p class="addresses">
        {addresses.map(({ address, held }) => (
          <span key={address} class={held ? 'held' : 'elsewhere'}>
            {address} {held ? 'is here' : 'is not here'}
          </span>
        ))}
      </p>
      <p>
        since {timeText(since)}: {why}
      </p>
      <p class="quiet">
        {router.interface}, VRID {router.vrid}, VRRP version {router.version}, priority{' '}
        {priority.explanation}
        {master !== null && `; hears ${master.address} with priority ${master.priority}`}
      </p>
    </section>
  )
}

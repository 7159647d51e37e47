import type { ServiceSummary, Status } from '../../appliance/status/document.ts'
import type { RouterStatus } from '../../appliance/status/router-status.ts'
import { Badge } from '../badge.tsx'
import { memo } from '../memo.ts'
import { linkTo } from '../route.ts'
import { Cell, TableFrame } from '../table.tsx'
import { timeText } from '../times.ts'
import { PairPicture } from './pair-picture.tsx'

const mostShown = 20

/** Who holds which address and why, and the services under it. */
export function Overview({ status }: { readonly status: Status }) {
  const { routers, services, maintenance } = status
  // What is not well comes first: of many, only some are shown here.
  const rank = ({ state }: ServiceSummary): number => (state === 'up' ? 1 : 0)
  const sorted = services.toSorted((a, b) => rank(a) - rank(b))
  const down = services.filter(({ state }) => state === 'down').length
  return (
    <>
      <h1 class="hidden">Overview</h1>
      {maintenance !== null && (
        <p class="notice">
          This box is out of service since {timeText(maintenance.since)}; “diarch maintenance off”
          takes it back.
        </p>
      )}
      <PairPicture status={status} />
      <h2>Virtual routers</h2>
      {routers.length === 0 ? (
        <p class="quiet">
          There are none yet. <a href={linkTo('configuration')}>Configuration</a> is where they are
          made.
        </p>
      ) : (
        <TableFrame headings={routerHeadings}>
          {routers.map(router => (
            <Router key={router.name} router={router} />
          ))}
        </TableFrame>
      )}
      <h2>
        Services{' '}
        {services.length > 0 && (
          <small>
            {down === 0 ? `${services.length}, none down` : `${down} of ${services.length} down`}
          </small>
        )}
      </h2>
      {services.length === 0 ? (
        <p class="quiet">
          There are none yet. <a href={linkTo('configuration')}>Configuration</a> is where they are
          made.
        </p>
      ) : (
        <TableFrame headings={serviceHeadings}>
          {sorted.slice(0, mostShown).map(service => (
            <Service key={service.name} service={service} />
          ))}
        </TableFrame>
      )}
      {services.length > mostShown && (
        <p>
          <a href={linkTo('services')}>All {services.length} services</a>
        </p>
      )}
    </>
  )
}

const routerHeadings = ['Router', 'State', 'Addresses', 'Priority', 'Why']

const Router = memo(({ router }: { readonly router: RouterStatus }) => {
  const { name, state, since, why, addresses, priority, master } = router
  return (
    <tr>
      <th scope="row">
        {name}
        <small>
          {router.interface}, VRID {router.vrid}
        </small>
      </th>
      <Cell heading="State">
        <Badge state={state} />
      </Cell>
      <Cell heading="Addresses">
        {addresses.map(({ address, held }) => (
          <span key={address} class={held ? 'held' : 'elsewhere'}>
            {address}
            {!held && <small>not here</small>}
          </span>
        ))}
      </Cell>
      <Cell heading="Priority">
        {priority.effective}
        {priority.explanation !== String(priority.effective) && (
          <small>{priority.explanation}</small>
        )}
      </Cell>
      <Cell heading="Why">
        {why}
        <small>
          since {timeText(since)}
          {master !== null && `; hears ${master.address} with priority ${master.priority}`}
        </small>
      </Cell>
    </tr>
  )
})

const serviceHeadings = ['Service', 'State', 'Servers up', 'Why']

const Service = memo(({ service }: { readonly service: ServiceSummary }) => {
  const { name, state, at, serversUp, serversTotal, why } = service
  return (
    <tr>
      <th scope="row">
        <a href={linkTo('services', name)}>{name}</a>
        <small>{at.join(', ')}</small>
      </th>
      <Cell heading="State">
        <Badge state={state} />
      </Cell>
      <Cell heading="Servers up">
        <Healthy up={serversUp} total={serversTotal} />
      </Cell>
      <Cell heading="Why">{why}</Cell>
    </tr>
  )
})

/** So many of so many, also as a bar. */
export const Healthy = ({ up, total }: { readonly up: number; readonly total: number }) => (
  <span class="healthy">
    <meter min={0} max={Math.max(1, total)} low={total} value={up} aria-hidden="true" />
    {up} of {total}
  </span>
)

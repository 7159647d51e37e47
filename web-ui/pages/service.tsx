import { useState } from 'preact/hooks'
import type { ServerStatus, ServiceStatus } from '../../appliance/status/service-status.ts'
import { ask, textOf } from '../api.ts'
import { Badge } from '../badge.tsx'
import { linkTo } from '../route.ts'
import { may, type User } from '../session.ts'
import { timeText } from '../times.ts'

type Props = {
  /** Undefined: there is none of this name, or no longer. */
  readonly service: ServiceStatus | undefined
  readonly name: string
  readonly user: User
}

export function Service({ service, name, user }: Props) {
  const [why, setWhy] = useState('')
  if (service === undefined) {
    return (
      <p>
        There is no service “{name}”. <a href={linkTo('services')}>All services</a>
      </p>
    )
  }
  const act = async (server: string, change: Change): Promise<void> => {
    setWhy('')
    try {
      await perform(name, server, change)
    } catch (error) {
      setWhy(textOf(error))
    }
  }
  const { state, since, at, scheduler, serving, weight, quorum, servers } = service
  return (
    <>
      <p>
        <a href={linkTo('services')}>Services</a>
      </p>
      <h1>
        {name} <Badge state={state} />
      </h1>
      <p>
        since {timeText(since)}: {service.why}
      </p>
      <dl class="facts">
        <Fact term="At" text={at.join(', ')} />
        <Fact term="Scheduler" text={scheduler} />
        <Fact term="Serving" text={serving} />
        <Fact term="Weight" text={`${weight}, quorum ${quorum}`} />
      </dl>
      <p class="refused" role="alert">
        {why}
      </p>
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th scope="col">Server</th>
              <th scope="col">State</th>
              <th scope="col">Weight</th>
              <th scope="col">Why</th>
              <th scope="col">Checks</th>
              {may(user, 'operator') && <th scope="col">Do</th>}
            </tr>
          </thead>
          <tbody>
            {servers.map(server => (
              <Server
                key={server.name}
                server={server}
                act={may(user, 'operator') ? change => act(server.name, change) : null}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

type Change = 'drain' | 'disabled' | 'back'

async function perform(service: string, server: string, change: Change): Promise<void> {
  const words = [service, 'servers', server].map(encodeURIComponent).join('/')
  const path = `/api/v1/services/${words}/override`
  if (change === 'back') await ask('DELETE', path)
  else await ask('PUT', path, { state: change })
}

function Server({
  server,
  act,
}: {
  readonly server: ServerStatus
  readonly act: ((change: Change) => Promise<void>) | null
}) {
  const { name, address, port, forwarding, state, since, why, weight, explanation } = server
  const isOut = state === 'drained' || state === 'disabled'
  return (
    <tr>
      <th scope="row">
        {name}
        <small>
          {address.includes(':') ? `[${address}]` : address}:{port}, {forwarding}
        </small>
      </th>
      <td>
        <Badge state={state} />
      </td>
      <td>
        {weight ?? 'not in the table'}
        {explanation !== '' && <small>{explanation}</small>}
      </td>
      <td>
        {why}
        <small>since {timeText(since)}</small>
      </td>
      <td>
        {server.checks.map(check => (
          <p key={check.name}>
            <Badge state={check.state} /> {check.name}: {check.why}
          </p>
        ))}
      </td>
      {act !== null && (
        <td class="actions">
          {isOut ? (
            <button type="button" onClick={() => void act('back')}>
              Take back
            </button>
          ) : (
            <>
              <button type="button" onClick={() => void act('drain')}>
                Drain
              </button>
              <button type="button" onClick={() => void act('disabled')}>
                Disable
              </button>
            </>
          )}
        </td>
      )}
    </tr>
  )
}

const Fact = ({ term, text }: { readonly term: string; readonly text: string }) => (
  <div>
    <dt>{term}</dt>
    <dd>{text}</dd>
  </div>
)

import { useState } from 'preact/hooks'
import type { ServerStatus, ServiceStatus } from '../../appliance/status/service-status.ts'
import { ask, textOf } from '../api.ts'
import { Badge } from '../badge.tsx'
import { Fact } from '../fact.tsx'
import { linkTo } from '../route.ts'
import { may, type User } from '../session.ts'
import { Table } from '../table.tsx'
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
      <>
        <h1>There is no service “{name}”</h1>
        <p>
          <a href={linkTo('services')}>All services</a>
        </p>
      </>
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
  const acts = may(user, 'operator')
  const headings = ['Server', 'State', 'Weight', 'Checks']
  return (
    <>
      <p>
        <a href={linkTo('services')}>Services</a>
      </p>
      <h1>
        {name} <Badge state={state} />
      </h1>
      <p>
        {service.why} <span class="quiet">since {timeText(since)}</span>
      </p>
      <p>
        <a href={linkTo('configuration', 'cluster', 'services', name)}>Its configuration</a>
      </p>
      <dl class="facts">
        <Fact term="At" text={at.join(', ')} />
        <Fact term="Scheduler" text={scheduler} />
        <Fact term="New connections go to" text={serving} />
        <Fact term="Weight of the servers up" text={`${weight}, quorum ${quorum}`} />
      </dl>
      <p class="refused" role="alert">
        {why}
      </p>
      <Table
        headings={acts ? [...headings, ''] : headings}
        rows={servers.map(server => ({
          key: server.name,
          cells: [
            <Name key="name" server={server} />,
            <State key="state" server={server} />,
            <Weight key="weight" server={server} />,
            <Checks key="checks" server={server} />,
            ...(acts
              ? [<Buttons key="do" server={server} act={change => act(server.name, change)} />]
              : []),
          ],
        }))}
        none="It has no servers."
      />
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

type Of = { readonly server: ServerStatus }

const Name = ({ server: { name, address, port, forwarding } }: Of) => (
  <>
    {name}
    <small>
      {address.includes(':') ? `[${address}]` : address}:{port}, {forwarding}
    </small>
  </>
)

const State = ({ server: { state, since } }: Of) => (
  <>
    <Badge state={state} />
    <small>since {timeText(since)}</small>
  </>
)

const Weight = ({ server: { weight, explanation } }: Of) => (
  <>
    {weight}
    {explanation !== String(weight) && <small>{explanation}</small>}
  </>
)

/** What it is has one reason, which is mostly what one of its checks says. */
const Checks = ({ server: { why, checks } }: Of) => (
  <>
    {!checks.some(check => why.includes(check.why)) && <p>{why}</p>}
    {checks.map(check => (
      <p key={check.name}>
        <Badge state={check.state} /> {check.name}: {check.why}
      </p>
    ))}
  </>
)

function Buttons({
  server: { name, state },
  act,
}: Of & { readonly act: (change: Change) => Promise<void> }) {
  const button = (text: string, change: Change) => (
    <button type="button" aria-label={`${text} ${name}`} onClick={() => void act(change)}>
      {text}
    </button>
  )
  if (state === 'drained' || state === 'disabled') return button('Take back', 'back')
  return (
    <>
      {button('Drain', 'drain')} {button('Disable', 'disabled')}
    </>
  )
}

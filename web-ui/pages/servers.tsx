import { useState } from 'preact/hooks'
import type { ServiceTraffic } from '../../appliance/status/service-answers.ts'
import type { ServerStatus } from '../../appliance/status/service-status.ts'
import { ask, textOf } from '../api.ts'
import { useAsked } from '../asked.ts'
import { Badge } from '../badge.tsx'
import { Table } from '../table.tsx'
import { timeText } from '../times.ts'
import { CheckResults } from './check-results.tsx'
import { ServerButtons, type Word } from './server-buttons.tsx'

/** The whole table of the kernel is read for it. */
const connectionsEveryMs = 5000

const pathOfServer = (service: string, server: string): string =>
  `/api/v1/services/${[service, 'servers', server].map(encodeURIComponent).join('/')}`

type Props = {
  readonly service: string
  readonly servers: readonly ServerStatus[]
  /** Whoever looks may also say something of them. */
  readonly acts: boolean
}

/** The servers of one service: what they are and why, and what an operator says of them. */
export function Servers({ service, servers, acts }: Props) {
  const [why, setWhy] = useState('')
  const path = `/api/v1/services/${encodeURIComponent(service)}/traffic`
  const [traffic] = useAsked<{ services: readonly ServiceTraffic[] }>(path, connectionsEveryMs)
  const say = async (server: string, word: Word): Promise<boolean> => {
    setWhy('')
    try {
      await ask('PUT', `${pathOfServer(service, server)}/override`, word)
      return true
    } catch (error) {
      setWhy(textOf(error))
      return false
    }
  }
  const headings = ['Server', 'State', 'Weight', 'Connections', 'Checks']
  return (
    <>
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
            <Connections key="connections" server={server} traffic={traffic?.services ?? null} />,
            <Checks key="checks" server={server} service={service} />,
            ...(acts
              ? [
                  <ServerButtons
                    key="do"
                    server={server}
                    path={pathOfServer(service, server.name)}
                    say={word => say(server.name, word)}
                  />,
                ]
              : []),
          ],
        }))}
        none="It has no servers."
      />
    </>
  )
}

type Of = { readonly server: ServerStatus }

const endpoint = ({ address, port }: ServerStatus): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`

const Name = ({ server }: Of) => (
  <>
    {server.name}
    <small>
      {endpoint(server)}, {server.forwarding}
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

/** Of a server at all addresses of its service; one that leaves it is known by its own address. */
function Connections({
  server,
  traffic,
}: Of & { readonly traffic: readonly ServiceTraffic[] | null }) {
  if (traffic === null) return null
  const at = endpoint(server)
  const found = traffic.flatMap(({ servers }) => servers.filter(each => each.at === at))
  if (found.length === 0) return <small>not counted</small>
  const sum = (key: 'active' | 'inactive'): number =>
    found.reduce((total, each) => total + each[key], 0)
  return (
    <>
      <span class="line">{sum('active')} active</span>
      <small>{sum('inactive')} inactive</small>
    </>
  )
}

/** What it is has one reason, which is mostly what one of its checks says. */
const Checks = ({ server: { name, why, checks }, service }: Of & { readonly service: string }) => (
  <>
    {!checks.some(check => why.includes(check.why)) && <p>{why}</p>}
    {checks.map(check => (
      <p key={check.name}>
        <Badge state={check.state} /> {check.name}: {check.why}{' '}
        <span class="quiet">since {timeText(check.since)}</span>
      </p>
    ))}
    {checks.length > 0 && <CheckResults server={name} path={pathOfServer(service, name)} />}
  </>
)

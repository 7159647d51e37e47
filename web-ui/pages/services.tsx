import { useState } from 'preact/hooks'
import type { ServiceStatus } from '../../appliance/status/service-status.ts'
import { Badge } from '../badge.tsx'
import { linkTo } from '../route.ts'

/** More rows than anybody reads make a page slow; the filter finds the others. */
const rowsAtOnce = 100

export function Services({ services }: { readonly services: readonly ServiceStatus[] }) {
  const [wanted, setWanted] = useState('')
  const [rows, setRows] = useState(rowsAtOnce)
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean)
  const found = services.filter(service => words.every(word => says(service, word)))
  return (
    <>
      <h1>Services</h1>
      <label class="filter">
        Find
        <input
          type="search"
          value={wanted}
          placeholder="name, address, server, down"
          onInput={event => setWanted(event.currentTarget.value)}
        />
      </label>
      <p class="quiet" role="status">
        {found.length} of {services.length}
      </p>
      {services.length === 0 ? (
        <p>The configuration names no services.</p>
      ) : (
        <div class="wide">
          <table>
            <thead>
              <tr>
                <th scope="col">Service</th>
                <th scope="col">State</th>
                <th scope="col">At</th>
                <th scope="col">Servers up</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {found.slice(0, rows).map(service => (
                <Row key={service.name} service={service} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.length > rows && (
        <button type="button" onClick={() => setRows(rows + rowsAtOnce)}>
          Show {Math.min(rowsAtOnce, found.length - rows)} more
        </button>
      )}
    </>
  )
}

function Row({ service }: { readonly service: ServiceStatus }) {
  const { name, state, at, servers, serving, why } = service
  const up = servers.filter(server => server.state === 'up').length
  return (
    <tr>
      <th scope="row">
        <a href={linkTo('services', name)}>{name}</a>
      </th>
      <td>
        <Badge state={state} />
      </td>
      <td>{at.join(', ')}</td>
      <td>
        {up} of {servers.length}
        {serving === 'servers' ? '' : ` (serving: ${serving})`}
      </td>
      <td class="quiet">{why}</td>
    </tr>
  )
}

const says = ({ name, state, at, servers }: ServiceStatus, word: string): boolean =>
  state === word ||
  name.toLowerCase().includes(word) ||
  at.some(each => each.includes(word)) ||
  servers.some(server => server.name.toLowerCase().includes(word) || server.address.includes(word))

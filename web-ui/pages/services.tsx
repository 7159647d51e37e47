import { useState } from 'preact/hooks'
import type { ServiceStatus } from '../../appliance/status/service-status.ts'
import { Badge } from '../badge.tsx'
import { memo } from '../memo.ts'
import { linkTo } from '../route.ts'
import { Cell, TableFrame } from '../table.tsx'
import { Healthy } from './overview.tsx'

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
      <div class="bar">
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
      </div>
      {services.length === 0 && (
        <p>
          There are none yet. <a href={linkTo('configuration')}>Configuration</a> is where they are
          made.
        </p>
      )}
      {found.length > 0 && (
        <TableFrame headings={headings}>
          {found.slice(0, rows).map(service => (
            <Row key={service.name} service={service} />
          ))}
        </TableFrame>
      )}
      {found.length > rows && (
        <button type="button" onClick={() => setRows(rows + rowsAtOnce)}>
          Show {Math.min(rowsAtOnce, found.length - rows)} more
        </button>
      )}
    </>
  )
}

const headings = ['Service', 'State', 'At', 'Servers up', 'Why']

const Row = memo(({ service }: { readonly service: ServiceStatus }) => {
  const { name, state, at, servers, serving, why } = service
  const up = servers.filter(server => server.state === 'up').length
  return (
    <tr>
      <th scope="row">
        <a href={linkTo('services', name)}>{name}</a>
      </th>
      <Cell heading="State">
        <Badge state={state} />
      </Cell>
      <Cell heading="At">
        {at.map(each => (
          <span key={each} class="line">
            {each}
          </span>
        ))}
      </Cell>
      <Cell heading="Servers up">
        <Healthy up={up} total={servers.length} />
        {serving !== 'servers' && <small class="line">serving: {serving}</small>}
      </Cell>
      <Cell heading="Why">{why}</Cell>
    </tr>
  )
})

const says = ({ name, state, at, servers }: ServiceStatus, word: string): boolean =>
  state === word ||
  name.toLowerCase().includes(word) ||
  at.some(each => each.includes(word)) ||
  servers.some(server => server.name.toLowerCase().includes(word) || server.address.includes(word))

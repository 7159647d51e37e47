import type { Status } from '../../appliance/status/document.ts'
import { Badge } from '../badge.tsx'
import { may, type User } from '../session.ts'
import { timeText } from '../times.ts'
import { uptimeText } from '../uptime.ts'
import { Users } from './users.tsx'

export function System({ status, user }: { readonly status: Status; readonly user: User }) {
  const { version, commit, slot, storage, memory, watchdog, web } = status
  return (
    <>
      <h1>System</h1>
      <dl class="facts">
        <Fact term="Version" text={`${version} (${commit})`} />
        <Fact term="Up for" text={uptimeText(status.uptimeSeconds)} />
        {slot !== null && (
          <Fact term="Slot" text={`${slot.running.toUpperCase()}, ${slot.state}`} />
        )}
        <Fact
          term="State is kept"
          text={`${storage.why}: ${storage.freeMiB} of ${storage.totalMiB} MiB free`}
        />
        {memory !== null && (
          <Fact term="Memory" text={`${memory.usedMiB} of ${memory.totalMiB} MiB used`} />
        )}
        {watchdog !== null && (
          <Fact term="Watchdog" text={`${watchdog.identity}, ${watchdog.timeoutSeconds} s`} />
        )}
        {web !== null && <Fact term="Certificate, SHA-256" text={web.fingerprint} />}
      </dl>
      <h2>Ports</h2>
      <Table
        headings={['Port', 'Link', 'Addresses', 'Driver']}
        rows={status.ports.map(port => [
          port.name,
          <Badge key="link" state={port.link} />,
          port.addresses.join(', '),
          `${port.driver}, ${port.mac}`,
        ])}
        none="No network port is shown here: this is not the image."
      />
      <h2>Processes</h2>
      <Table
        headings={['Process', 'State', 'Since', 'Why', 'Memory']}
        rows={status.processes.map(({ name, state, since, why, memoryMiB }) => [
          name,
          <Badge key="state" state={state} />,
          timeText(since),
          why,
          memoryMiB === null ? '' : `${memoryMiB} MiB`,
        ])}
        none="None runs."
      />
      {may(user, 'admin') && <Users own={user.user} />}
    </>
  )
}

type Cell = string | ReturnType<typeof Badge>

export function Table({
  headings,
  rows,
  none,
}: {
  readonly headings: readonly string[]
  /** The first cell names the row. */
  readonly rows: readonly (readonly Cell[])[]
  readonly none: string
}) {
  if (rows.length === 0) return <p class="quiet">{none}</p>
  return (
    <div class="wide">
      <table>
        <thead>
          <tr>
            {headings.map(heading => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...others]) => (
            <tr key={String(first)}>
              <th scope="row">{first}</th>
              {others.map((cell, index) => (
                <td key={headings[index + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const Fact = ({ term, text }: { readonly term: string; readonly text: string }) => (
  <div>
    <dt>{term}</dt>
    <dd>{text}</dd>
  </div>
)

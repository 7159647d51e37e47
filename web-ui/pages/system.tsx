import type { Status } from '../../appliance/status/document.ts'
import { Badge } from '../badge.tsx'
import { Fact } from '../fact.tsx'
import { may, type User } from '../session.ts'
import { Table } from '../table.tsx'
import { timeText } from '../times.ts'
import { uptimeText } from '../uptime.ts'
import { Audit } from './audit.tsx'
import { Log } from './log.tsx'
import { OwnPassword } from './own-password.tsx'
import { Tokens } from './tokens.tsx'
import { Users } from './users.tsx'

export function System({
  status,
  user,
  enter,
}: {
  readonly status: Status
  readonly user: User
  readonly enter: (user: User) => void
}) {
  const { version, commit, slot, storage, memory, watchdog, web } = status
  return (
    <>
      <h1>System</h1>
      <dl class="panel facts">
        <Fact term="Version" text={`${version} (${commit})`} />
        <Fact term="Up for" text={uptimeText(status.uptimeSeconds)} />
        {slot !== null && (
          <Fact term="Slot" text={`${slot.running.toUpperCase()}, ${slot.state}`} />
        )}
        {memory !== null && (
          <Fact term="Memory" text={`${memory.usedMiB} of ${memory.totalMiB} MiB used`} />
        )}
        <Fact
          term="State is kept"
          text={`${stateIs[storage.state]}, ${storage.freeMiB} of ${storage.totalMiB} MiB free`}
        />
        {watchdog !== null && (
          <Fact term="Watchdog" text={`${watchdog.identity}, ${watchdog.timeoutSeconds} s`} />
        )}
        {web !== null && <Fact term="Certificate, SHA-256" text={web.fingerprint} />}
      </dl>
      <h2>Ports</h2>
      <Table
        headings={['Port', 'Link', 'Addresses', 'Driver']}
        rows={status.ports.map(port => ({
          key: port.name,
          cells: [
            port.name,
            <Badge key="link" state={port.link} />,
            port.addresses.join(', '),
            `${port.driver}, ${port.mac}`,
          ],
        }))}
        none="Off the image the ports are the host's own."
      />
      <h2>Processes</h2>
      <Table
        headings={['Process', 'State', 'Memory', 'Why']}
        rows={status.processes.map(({ name, state, since, why, memoryMiB, restarts }) => ({
          key: name,
          cells: [
            name,
            <Badge key="state" state={state} />,
            memoryMiB === null ? '' : `${memoryMiB} MiB`,
            <>
              {why}
              <small>
                since {timeText(since)}
                {restarts > 0 && `, started again ${restarts} times`}
              </small>
            </>,
          ],
        }))}
        none="None runs."
      />
      <Log names={status.processes.map(({ name }) => name)} />
      <OwnPassword own={user.user} enter={enter} />
      {may(user, 'admin') && (
        <>
          <Users own={user.user} />
          <Tokens />
          <Audit />
        </>
      )}
    </>
  )
}

const stateIs = {
  disk: 'on disk',
  'read-only': 'on a disk that cannot be written',
  memory: 'in memory, until power-off',
} as const

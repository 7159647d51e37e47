import type { Status } from '../../appliance/status/document.ts'
import { Badge } from '../badge.tsx'
import { Fact } from '../fact.tsx'
import { may, type User } from '../session.ts'
import { Table } from '../table.tsx'
import { timeText } from '../times.ts'
import { uptimeText } from '../uptime.ts'
import { AlertChannels } from './alert-channels.tsx'
import { Audit } from './audit.tsx'
import { Backup } from './backup.tsx'
import { Certificate } from './certificate.tsx'
import { Log } from './log.tsx'
import { Machine } from './machine.tsx'
import { OwnPassword } from './own-password.tsx'
import { Tokens } from './tokens.tsx'
import { UpgradeBox } from './upgrade.tsx'
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
  const { version, commit, slot, storage, memory, watchdog, time } = status
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
        {time !== null && <Fact term="Clock" text={`${clockIs[time.state]}: ${time.why}`} />}
        {watchdog !== null && (
          <Fact
            term="Watchdog"
            text={`${watchdog.kind}, ${watchdog.identity}, ${watchdog.timeoutSeconds} s`}
          />
        )}
      </dl>
      <Machine ports={status.ports} />
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
      <AlertChannels channels={status.alerts} user={user} />
      <Certificate user={user} now={status.now} />
      <OwnPassword own={user.user} enter={enter} />
      {may(user, 'admin') && (
        <>
          <UpgradeBox status={status} />
          <Users own={user.user} />
          <Tokens />
          <Backup />
          <Audit />
        </>
      )}
    </>
  )
}

const clockIs = {
  synchronised: 'synchronised',
  waiting: 'not set yet',
  lost: 'no longer kept',
  free: 'goes by itself',
} as const

const stateIs = {
  disk: 'on disk',
  'read-only': 'on a disk that cannot be written',
  memory: 'in memory, until power-off',
} as const

import type { GuardStatus, PathStatus } from '../../appliance/status/guard-status.ts'
import { Badge } from '../badge.tsx'
import { Table } from '../table.tsx'
import { timeText } from '../times.ts'

/** How the boxes hear of each other beside VRRP: one row for each way. */
export function Heartbeats({ guard }: { readonly guard: GuardStatus | null }) {
  return (
    <section aria-label="Heartbeats">
      <h2>Heartbeats</h2>
      {guard !== null && guard.paths.length > 0 && (
        <p>
          The other box: <Badge state={guard.peer.state} /> {guard.peer.why}{' '}
          <span class="quiet">since {timeText(guard.peer.since)}</span>
        </p>
      )}
      <Table
        headings={['Path', 'State', 'Over', 'Counted', 'Why']}
        rows={(guard?.paths ?? []).map(path => ({
          key: path.name,
          cells: [
            path.name,
            <State key="state" path={path} />,
            <Over key="over" path={path} />,
            <Counted key="counted" path={path} />,
            path.why,
          ],
        }))}
        none="No path for heartbeats is configured: a box knows of the other by VRRP alone."
      />
    </section>
  )
}

type Of = { readonly path: PathStatus }

const State = ({ path: { state, since } }: Of) => (
  <>
    <Badge state={state} />
    <small>since {timeText(since)}</small>
  </>
)

const Over = ({ path: { interface: name, peer, baud } }: Of) => (
  <>
    {baud === null ? name : `/dev/${name}`}
    <small>{baud === null ? `to ${peer}` : `serial line, ${baud} baud`}</small>
  </>
)

const Counted = ({ path: { counters } }: Of) => (
  <>
    <span class="line">{counters.missing} lost</span>
    <small>
      {counters.received} received, {counters.sent} sent
    </small>
    {Object.entries(counters.refused).map(([reason, count]) => (
      <small key={reason}>
        {count} refused: {reason}
      </small>
    ))}
  </>
)

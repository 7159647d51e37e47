import type { Status } from '../../appliance/status/document.ts'
import type { PeerReport } from '../../appliance/status/pair-status.ts'
import { Badge } from '../badge.tsx'
import { Fact } from '../fact.tsx'
import { may, type User } from '../session.ts'
import { Table } from '../table.tsx'
import { timeText } from '../times.ts'
import { Conflict } from './conflict.tsx'
import { Handover } from './handover.tsx'
import { Heartbeats } from './heartbeats.tsx'
import { PairPicture } from './pair-picture.tsx'
import { PairingCode } from './pairing-code.tsx'

/** The two boxes as a pair: how far they are with each other, and giving the addresses over. */
export function PairPage({ status, user }: { readonly status: Status; readonly user: User }) {
  const { pair, routers, guard } = status
  const { peer } = pair
  return (
    <>
      <h1>Pair</h1>
      <PairPicture status={status} />
      <Handover status={status} user={user} />
      {pair.state === 'conflict' && <Conflict user={user} />}
      {peer === null ? (
        <p class="quiet">{pair.why}.</p>
      ) : (
        <>
          <h2>The other box</h2>
          <dl class="panel facts">
            <Fact term="Pair" text={`${pair.state}: ${pair.why}`} />
            <Fact term="Since" text={timeText(pair.since)} />
            <Fact term="Name" text={peer.name} />
            <Fact term="Address" text={peer.address} />
            <Fact term="Version" text={peer.version ?? 'not said yet'} />
            {peer.report !== null && <Fact term="It says" text={saysText(peer.report)} />}
            <Fact term="Its key, SHA-256" text={peer.fingerprint} />
          </dl>
          <h2>Virtual routers on both boxes</h2>
          <Table
            headings={['Router', 'Here', 'There', 'Priority here', 'Priority there', 'Why there']}
            rows={routers.map(router => {
              const there = peer.report?.routers.find(({ name }) => name === router.name)
              return {
                key: router.name,
                cells: [
                  router.name,
                  <Badge key="here" state={router.state} />,
                  there === undefined ? 'not known' : <Badge key="there" state={there.state} />,
                  router.priority.effective,
                  there?.priority ?? '',
                  there?.why ?? '',
                ],
              }
            })}
            none="The configuration names none."
          />
        </>
      )}
      {(guard !== null || peer !== null) && <Heartbeats guard={guard} />}
      {may(user, 'admin') && <PairingCode pair={pair} />}
    </>
  )
}

const saysText = ({ health, alarms, maintenance }: PeerReport): string => {
  const count = alarms === 0 ? 'no alarms' : alarms === 1 ? '1 alarm' : `${alarms} alarms`
  return [health.state, ...(maintenance ? ['in maintenance'] : []), count, health.why].join(', ')
}

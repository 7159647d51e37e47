import type { Status } from '../../appliance/status/document.ts'
import type { PeerReport } from '../../appliance/status/pair-status.ts'
import { Badge } from '../badge.tsx'
import { Fact } from '../fact.tsx'
import { linkTo } from '../route.ts'
import { may, type User } from '../session.ts'
import { Table } from '../table.tsx'
import { timeText } from '../times.ts'
import { Conflict } from './conflict.tsx'
import { FenceDevices } from './fence-devices.tsx'
import { Handover } from './handover.tsx'
import { Heartbeats } from './heartbeats.tsx'
import { PairPicture } from './pair-picture.tsx'
import { PairingCode } from './pairing-code.tsx'
import { Unpair } from './unpair.tsx'

/** The two boxes as a pair: how far they are with each other, and giving the addresses over. */
export function PairPage({ status, user }: { readonly status: Status; readonly user: User }) {
  const { pair, routers, guard, fencing } = status
  const { peer } = pair
  return (
    <>
      <h1>Pair</h1>
      <PairPicture status={status} />
      {pair.state === 'conflict' && peer !== null && <Conflict user={user} peer={peer.name} />}
      <Handover status={status} user={user} />
      {peer !== null && (
        <>
          <h2>The other box</h2>
          {peer.version !== null && peer.version !== status.version && (
            <p class="notice">
              {peer.name} runs version {peer.version}, this box {status.version}.{' '}
              {may(user, 'admin') && status.slot !== null && (
                <a href={linkTo('system')}>System can take the software of {peer.name}.</a>
              )}
            </p>
          )}
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
      {fencing !== null && <FenceDevices fencing={fencing} user={user} />}
      {may(user, 'admin') && <PairingCode pair={pair} />}
      {may(user, 'admin') && peer !== null && <Unpair peer={peer.name} />}
    </>
  )
}

/** Of what its alarms say, the picture has the first. */
const saysText = ({ health, alarms, maintenance }: PeerReport): string => {
  const count = alarms === 1 ? '1 alarm' : `${alarms} alarms`
  const why = alarms === 0 ? ['no alarms', health.why] : [count]
  return [health.state, ...(maintenance ? ['in maintenance'] : []), ...why].join(', ')
}

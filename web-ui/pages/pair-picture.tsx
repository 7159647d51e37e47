import type { ComponentChildren } from 'preact'
import type { Status } from '../../appliance/status/document.ts'
import type { PairStatus, PeerReport, PeerStatus } from '../../appliance/status/pair-status.ts'
import type { RouterStatus } from '../../appliance/status/router-status.ts'
import { Badge } from '../badge.tsx'
import { timeText } from '../times.ts'

const mostShown = 6

/** RFC 9568 6.4.2: a backup sends no adverts. */
const silence =
  'Backups of a virtual router are silent: one that waits to take over is not seen here.'

/** The two boxes, what is between them, and who holds which address. */
export function PairPicture({ status }: { readonly status: Status }) {
  const { hostname, routers, maintenance, health, pair } = status
  const here = routers.filter(({ state }) => state === 'MASTER')
  const masters = heardMasters(routers)
  return (
    <section class="pair" aria-label="Who holds which address">
      <Box
        name={hostname}
        note="this box"
        state={maintenance ? 'maintenance' : health.state}
        holds={here.length > 0}
      >
        <Addresses
          addresses={here.flatMap(addressesOf)}
          none={routers.length === 0 ? 'No address moves yet' : 'Holds no virtual address'}
        />
        <Whys routers={here} />
      </Box>
      {pair.peer !== null && (
        <>
          <Links status={status} />
          <PeerBox peer={pair.peer} pair={pair} routers={routers} heard={masters} />
        </>
      )}
      {pair.peer === null &&
        masters.map(({ address, routers: its }) => (
          <Box key={address} name={address} note="heard as master, not paired" state={null} holds>
            <Addresses addresses={its.flatMap(addressesOf)} none="" />
          </Box>
        ))}
      {pair.peer === null && masters.length === 0 && (
        <Box name="No peer" note="" state={null} holds={false}>
          <p class="quiet">
            This box is not paired.
            {routers.length > 0 && ` ${silence}`}
          </p>
        </Box>
      )}
    </section>
  )
}

/** It says itself what it is master of; while it is away, only its adverts do. */
function PeerBox({
  peer,
  pair,
  routers,
  heard,
}: {
  readonly peer: PeerStatus
  readonly pair: PairStatus
  readonly routers: readonly RouterStatus[]
  readonly heard: readonly Heard[]
}) {
  const { report } = peer
  const there = report === null ? heard.flatMap(each => each.routers) : masteredBy(report, routers)
  const state =
    report === null ? unheard(pair.state) : report.maintenance ? 'maintenance' : report.health.state
  return (
    <Box name={peer.name} note={peer.address} state={state} holds={there.length > 0}>
      <Addresses
        addresses={there.flatMap(addressesOf)}
        none={report === null ? 'What it holds is not known' : 'Holds no virtual address'}
      />
      {pair.state === 'conflict' && there.length > 0 && (
        <p class="quiet">Its addresses as this box has them; it may have others.</p>
      )}
      {report === null ? (
        <p class="quiet">
          {pair.why}, since {timeText(pair.since)}
        </p>
      ) : (
        <>
          <Whys routers={report.routers.filter(({ state: is }) => is === 'MASTER')} />
          {report.alarms > 0 && (
            <p>
              {report.alarms === 1 ? '1 alarm' : `${report.alarms} alarms`} there:{' '}
              {report.health.why}
            </p>
          )}
        </>
      )}
    </Box>
  )
}

const unheard = (state: PairStatus['state']): string => (state === 'alone' ? 'away' : state)

/** Both boxes have the same routers: the addresses are known here. */
const masteredBy = (report: PeerReport, routers: readonly RouterStatus[]): RouterStatus[] => {
  const names = new Set(
    report.routers.filter(({ state }) => state === 'MASTER').map(({ name }) => name),
  )
  return routers.filter(({ name }) => names.has(name))
}

/** Why the master is the one. */
function Whys({ routers }: { readonly routers: readonly { name: string; why: string }[] }) {
  if (routers.length === 0) return null
  return (
    <ul class="whys quiet">
      {routers.slice(0, mostShown).map(({ name, why }) => (
        <li key={name}>
          {name}: {why}
        </li>
      ))}
    </ul>
  )
}

function Links({ status: { pair, director } }: { readonly status: Status }) {
  const isConnected = pair.state !== 'alone' && pair.state !== 'joining'
  return (
    <ul class="links" aria-label="Between the boxes">
      <li class={linkClass(pair.state)}>
        <span>pair link</span> <Badge state={isConnected ? pair.state : 'no connection'} />
      </li>
      {director.sync !== null && (
        <li class="link">
          <span>connection sync</span>{' '}
          <Badge state={director.sync.role === 'master' ? 'sends' : 'receives'} />
        </li>
      )}
    </ul>
  )
}

const linkClass = (state: PairStatus['state']): string => {
  if (state === 'alone' || state === 'joining') return 'link cut'
  return state === 'conflict' ? 'link torn' : 'link'
}

type Heard = { readonly address: string; readonly routers: readonly RouterStatus[] }

function heardMasters(routers: readonly RouterStatus[]): readonly Heard[] {
  const found = new Map<string, RouterStatus[]>()
  for (const router of routers) {
    if (router.master === null) continue
    const { address } = router.master
    found.set(address, [...(found.get(address) ?? []), router])
  }
  return [...found].map(([address, its]) => ({ address, routers: its }))
}

const addressesOf = ({ addresses }: RouterStatus): string[] =>
  addresses.map(({ address }) => address)

const Box = ({
  name,
  note,
  state,
  holds,
  children,
}: {
  readonly name: string
  readonly note: string
  /** Null: nothing is known but what is heard. */
  readonly state: string | null
  readonly holds: boolean
  readonly children: ComponentChildren
}) => (
  <div class={['box', ...(state === null ? ['other'] : []), ...(holds ? ['holds'] : [])].join(' ')}>
    <h2>
      {name} {state !== null && <Badge state={state} />}
    </h2>
    {note !== '' && <p class="quiet">{note}</p>}
    {children}
  </div>
)

function Addresses({
  addresses,
  none,
}: {
  readonly addresses: readonly string[]
  readonly none: string
}) {
  if (addresses.length === 0) return <p class="quiet">{none}</p>
  return (
    <ul class="addresses">
      {addresses.slice(0, mostShown).map(address => (
        <li key={address}>{address}</li>
      ))}
      {addresses.length > mostShown && (
        <li class="quiet">and {addresses.length - mostShown} more</li>
      )}
    </ul>
  )
}

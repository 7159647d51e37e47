import type { ComponentChildren } from 'preact'
import type { Status } from '../../appliance/status/document.ts'
import type { PairStatus } from '../../appliance/status/pair-status.ts'
import type { RouterStatus } from '../../appliance/status/router-status.ts'
import { Badge } from '../badge.tsx'
import { timeText } from '../times.ts'

const mostShown = 6

/** RFC 9568 6.4.2: a backup sends no adverts. */
const silence =
  'Backups of a virtual router are silent: one that waits to take over is not seen here.'

/** The two boxes, and who holds which address. */
export function Pair({ status }: { readonly status: Status }) {
  const { hostname, routers, maintenance, health, pair } = status
  const here = routers.filter(({ state }) => state === 'MASTER')
  const masters = heardMasters(routers)
  return (
    <section class="pair" aria-label="Who holds which address">
      <Box name={hostname} note="this box" state={maintenance ? 'maintenance' : health.state}>
        <Addresses
          addresses={here.flatMap(addressesOf)}
          none={routers.length === 0 ? 'No address moves yet' : 'Holds no virtual address'}
        />
      </Box>
      {pair.peer === null
        ? masters.map(({ address, routers: its }) => (
            <Box key={address} name={address} note="heard as master, not paired" state={null}>
              <Addresses addresses={its.flatMap(addressesOf)} none="" />
            </Box>
          ))
        : PeerBox(pair, masters)}
      {pair.peer === null && masters.length === 0 && (
        <Box name="No peer" note="" state={null}>
          <p class="quiet">
            This box is not paired.
            {routers.length > 0 && ` ${silence}`}
          </p>
        </Box>
      )}
    </section>
  )
}

/** What others hold is known by their adverts, of whatever address those come from. */
const PeerBox = ({ peer, state, since, why }: PairStatus, masters: readonly Heard[]) => (
  <Box name={peer?.name ?? ''} note={peer?.address ?? ''} state={state}>
    <Addresses
      addresses={masters.flatMap(({ routers }) => routers.flatMap(addressesOf))}
      none="Holds no virtual address"
    />
    <p class="quiet">
      {why}, since {timeText(since)}
    </p>
  </Box>
)

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
  children,
}: {
  readonly name: string
  readonly note: string
  /** Null: nothing is known but what is heard. */
  readonly state: string | null
  readonly children: ComponentChildren
}) => (
  <div class={state === null ? 'box other' : 'box'}>
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

import { planAddresses } from '../../../appliance/linux/address-plan.ts'
import { NetlinkSocket } from '../../../appliance/linux/netlink/socket.ts'
import {
  applyAddresses,
  ourOrigin,
  readAddresses,
} from '../../../appliance/linux/virtual-addresses.ts'
import { seconds } from '../../../appliance/values/duration.ts'
import { ipAddress } from '../../../appliance/values/ip-address.ts'
import { parsePrefix } from '../../../appliance/values/prefix.ts'
import { asked, indexOf, tell } from './tell.ts'

/** Brings the addresses of an interface to a goal, so many times, and tells what it took. Or only
 * renews those that are wanted, and looks at nothing else. */

type Wish = {
  readonly prefix: string
  readonly label?: string
  readonly scope?: 'global' | 'link' | 'host'
  /** In seconds. */
  readonly lease?: number
  readonly length?: number
}

const args = asked<{
  readonly interface?: string
  readonly wanted?: readonly Wish[]
  readonly unwanted?: readonly string[]
  readonly times?: number
  readonly renewBelow?: number
  readonly renews?: boolean
}>()
const {
  interface: name = 'eth0',
  wanted = [],
  unwanted = [],
  times = 1,
  renewBelow = 2,
  renews,
} = args
const interfaceIndex = indexOf(name)
const netlink = NetlinkSocket.open('route')

const goal = {
  wanted: wanted.map(({ prefix, label = null, scope = 'global', lease, length }) => {
    const parsed = parsePrefix(prefix)!
    return {
      interfaceIndex,
      prefix: { ...parsed, length: length ?? parsed.length },
      label,
      scope,
      lease: lease === undefined ? null : seconds(lease),
      origin: ourOrigin,
    }
  }),
  unwanted: unwanted.map(text => ({ interfaceIndex, address: ipAddress(text) })),
  origin: ourOrigin,
  renewBelow: seconds(renewBelow),
}

for (let round = 0; round < times; round++) {
  const ops = renews
    ? goal.wanted.map(wish => ({ kind: 'renew' as const, wish }))
    : planAddresses(goal, readAddresses(netlink))
  const refused = applyAddresses(netlink, ops)
  tell({ ops: ops.map(op => op.kind), refused: refused.map(({ error }) => error.message) })
}
netlink.close()

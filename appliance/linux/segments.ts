import { holds } from '../ipvs/networks.ts'
import { familyOf, type IpAddress } from '../values/ip-address.ts'
import type { Segment } from './arp-question.ts'
import type { Interface } from './interface-table.ts'
import { InterfaceTable } from './interface-table.ts'
import { listAddresses } from './netlink/address-message.ts'
import { listLinks } from './netlink/link-message.ts'
import { NetlinkSocket } from './netlink/socket.ts'
import { ourOrigin } from './virtual-addresses.ts'

/** A cable on which a neighbour is, and this box's own address to ask from; null: it has none. */
export type Way = { readonly segment: Segment; readonly source: IpAddress | null }

/** All interfaces with their addresses as they are now. */
export function readInterfaces(): readonly Interface[] {
  const netlink = NetlinkSocket.open('route')
  try {
    const table = new InterfaceTable()
    table.replace([listLinks, ...listAddresses].flatMap(request => netlink.dump(request)))
    return table.all()
  } finally {
    netlink.close()
  }
}

/**
 * The Ethernet that a neighbour is on: the interface with its network, or that of the name. The
 * source is of `asked`'s family, never `asked`, nor what moves with a virtual router.
 */
export function wayTo(
  neighbour: IpAddress,
  asked: IpAddress,
  interfaces: readonly Interface[],
  interfaceName: string | null,
): Way | null {
  const found = interfaces.find(
    ({ name, up, addresses }) =>
      up &&
      (interfaceName === null
        ? addresses.some(({ prefix }) => prefix.address !== neighbour && holds(prefix, neighbour))
        : name === interfaceName),
  )
  if (found === undefined || found.mac === null) return null
  const own = found.addresses.filter(
    ({ prefix, origin, state, scope }) =>
      familyOf(prefix.address) === familyOf(asked) &&
      origin !== ourOrigin &&
      state === 'usable' &&
      (scope === 'global' || holds(prefix, asked)) &&
      prefix.address !== asked,
  )
  const near = own.find(({ prefix }) => holds(prefix, neighbour)) ?? own[0]
  return {
    segment: { name: found.name, index: found.index, mac: found.mac },
    source: near?.prefix.address ?? null,
  }
}

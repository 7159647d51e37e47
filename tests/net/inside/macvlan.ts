import { Interfaces } from '../../../appliance/linux/interfaces.ts'
import {
  addMacvlan,
  keepToOwnAddresses,
  removeMacvlan,
  switchMacvlan,
} from '../../../appliance/linux/macvlan.ts'
import { announcement } from '../../../appliance/linux/neighbour-announcement.ts'
import { NetlinkSocket } from '../../../appliance/linux/netlink/socket.ts'
import { PacketSocket } from '../../../appliance/linux/packet-socket.ts'
import { applyAddresses, ourOrigin } from '../../../appliance/linux/virtual-addresses.ts'
import { ipAddress } from '../../../appliance/values/ip-address.ts'
import { parseMacAddress } from '../../../appliance/values/mac-address.ts'
import { asked, tell } from './tell.ts'

/** A virtual address on an interface with the MAC of its virtual router; SIGTERM takes it down. */
const { address, length, vrid } = asked<{ address: string; length: number; vrid: string }>()
const name = 'vrrp.51'
const mac = parseMacAddress(vrid)!
const netlink = NetlinkSocket.open('route')
// An IPv6 address is told, and usable, when a worker of the kernel has been at it: not at once.
const interfaces = Interfaces.open(changes => {
  for (const { after } of changes) if (after?.name === name) tell({ shown: after })
})
const parent = interfaces.named('eth0')!

addMacvlan(netlink, { name, parent: parent.index, mac })
keepToOwnAddresses(parent.name)
interfaces.refresh()
const { index, up } = interfaces.named(name)!
tell({ up })
switchMacvlan(netlink, index, true)
const wish = {
  interfaceIndex: index,
  prefix: { address: ipAddress(address), length },
  label: null,
  scope: 'global' as const,
  lease: null,
  origin: ourOrigin,
}
const refused = applyAddresses(netlink, [{ kind: 'add', wish }])
const frames = PacketSocket.open()
const outcome = frames.send(announcement(mac, wish.prefix.address), index)
tell({ refused, outcome })

process.on('SIGTERM', () => {
  applyAddresses(netlink, [{ kind: 'remove', address: wish }])
  switchMacvlan(netlink, index, false)
  let again = 'it was made twice'
  try {
    addMacvlan(netlink, { name, parent: parent.index, mac })
  } catch (error) {
    again = (error as Error).message
  }
  removeMacvlan(netlink, name)
  removeMacvlan(netlink, name)
  interfaces.refresh()
  tell({ again, left: interfaces.named(name) })
  interfaces.close()
  frames.close()
  netlink.close()
})

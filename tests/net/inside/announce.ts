import { announcement, gratuitousArp } from '../../../appliance/linux/neighbour-announcement.ts'
import { PacketSocket } from '../../../appliance/linux/packet-socket.ts'
import { ipAddress } from '../../../appliance/values/ip-address.ts'
import { parseMacAddress } from '../../../appliance/values/mac-address.ts'
import { asked, indexOf, tell } from './tell.ts'

/** Says on an interface where an address is; without an interface, on one that is not there. */
const {
  interface: name,
  mac,
  address,
  reply = false,
} = asked<{
  readonly interface: string | null
  readonly mac: string
  readonly address: string
  readonly reply?: boolean
}>()
const [hardware, where] = [parseMacAddress(mac)!, ipAddress(address)]
const frame = reply ? gratuitousArp(hardware, where, 'reply') : announcement(hardware, where)
const socket = PacketSocket.open()
tell({ outcome: socket.send(frame, name === null ? 4711 : indexOf(name)) })
socket.close()

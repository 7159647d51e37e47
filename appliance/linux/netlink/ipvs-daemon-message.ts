import type { DaemonRole, SyncDaemon } from '../../ipvs/sync-daemon.ts'
import { addressBytes, familyOf, ipAddressFrom } from '../../values/ip-address.ts'
import {
  type Attribute,
  decodeAttributes,
  readText,
  readUint32,
  text,
  uint8,
  uint32,
  viewOf,
} from './attributes.ts'
import { type Body, bytesOf } from './body.ts'
import { genericHeaderSize } from './generic-message.ts'
import { IPVS_CMD_ATTR_DAEMON, type IpvsRequest, ipvsRequest, uint16 } from './ipvs-message.ts'

/** The kernel's threads of connection synchronization, as in include/uapi/linux/ip_vs.h. */
const NEW_DAEMON = ['IPVS_CMD_NEW_DAEMON', 9] as const
const DEL_DAEMON = ['IPVS_CMD_DEL_DAEMON', 10] as const
const GET_DAEMON = ['IPVS_CMD_GET_DAEMON', 11] as const

const ATTR_STATE = 1
const ATTR_MCAST_IFN = 2
const ATTR_SYNC_ID = 3
const ATTR_SYNC_MAXLEN = 4
const ATTR_MCAST_GROUP = 5
const ATTR_MCAST_GROUP6 = 6
const ATTR_MCAST_PORT = 7
const ATTR_MCAST_TTL = 8

/** IP_VS_STATE_ */
const states: Readonly<Record<DaemonRole, number>> = { master: 1, backup: 2 }

export function startDaemon(daemon: SyncDaemon): IpvsRequest {
  const { role, interface: name, id, group, port, ttl, maxLength } = daemon
  const attributes: Attribute[] = [
    [ATTR_STATE, uint32(states[role])],
    [ATTR_MCAST_IFN, text(name)],
    [ATTR_SYNC_ID, uint32(id)],
  ]
  if (maxLength !== null) attributes.push([ATTR_SYNC_MAXLEN, uint16(maxLength)])
  if (group !== null) {
    const type = familyOf(group) === 'inet' ? ATTR_MCAST_GROUP : ATTR_MCAST_GROUP6
    attributes.push([type, addressBytes(group)])
  }
  if (port !== null) attributes.push([ATTR_MCAST_PORT, uint16(port)])
  if (ttl !== null) attributes.push([ATTR_MCAST_TTL, uint8(ttl)])
  return ipvsRequest(
    NEW_DAEMON,
    `the ${role} sync daemon at ${name}`,
    [[IPVS_CMD_ATTR_DAEMON, attributes]],
    {
      EEXIST: 'It runs already: stop it first.',
      ENODEV: 'There is no such interface.',
      EADDRNOTAVAIL: 'The interface has no address yet, or is down.',
      ENETUNREACH: 'The interface has no address yet, or is down.',
      EINVAL:
        'Its group is a multicast address, its length fits the MTU of the interface, ' +
        'and no service has destinations of the other family.',
    },
  )
}

export const stopDaemon = (role: DaemonRole): IpvsRequest =>
  ipvsRequest(
    DEL_DAEMON,
    `the ${role} sync daemon`,
    [[IPVS_CMD_ATTR_DAEMON, [[ATTR_STATE, uint32(states[role])]]]],
    { ESRCH: 'It did not run.' },
  )

export const listDaemons: IpvsRequest = ipvsRequest(GET_DAEMON, 'all sync daemons', [])

/** What was left to the kernel is told too. */
export function decodeDaemon(body: Body): SyncDaemon | null {
  const nested = decodeAttributes(bytesOf(body).subarray(genericHeaderSize)).get(
    IPVS_CMD_ATTR_DAEMON,
  )
  if (nested === undefined) return null
  const attributes = decodeAttributes(nested)
  const short = (type: number): number | null => {
    const value = attributes.get(type)
    return value === undefined ? null : viewOf(value).getUint16(0, true)
  }
  const group = attributes.get(ATTR_MCAST_GROUP) ?? attributes.get(ATTR_MCAST_GROUP6)
  return {
    role: readUint32(attributes.get(ATTR_STATE)) === states.master ? 'master' : 'backup',
    interface: readText(attributes.get(ATTR_MCAST_IFN)) ?? '',
    id: readUint32(attributes.get(ATTR_SYNC_ID)) ?? 0,
    group: group === undefined ? null : ipAddressFrom(group),
    port: short(ATTR_MCAST_PORT),
    ttl: attributes.get(ATTR_MCAST_TTL)?.[0] ?? null,
    maxLength: short(ATTR_SYNC_MAXLEN),
  }
}

import type {
  DestinationAt,
  DestinationSettings,
  Forwarding,
  SeenDestination,
  ServiceAt,
  Tunnel,
  TunnelChecksum,
} from '../../ipvs/service.ts'
import { destinationText, serviceText } from '../../ipvs/service-text.ts'
import { type Family, familyOf } from '../../values/ip-address.ts'
import { AF_INET, AF_INET6 } from '../socket-address.ts'
import { attributeFinder, endOfValue } from './attribute-offsets.ts'
import { type Attribute, uint8, uint32 } from './attributes.ts'
import { type Body, readAddress } from './body.ts'
import { genericHeaderSize } from './generic-message.ts'
import {
  type Advice,
  addressUnion,
  IPVS_CMD_ATTR_DEST,
  type IpvsRequest,
  ipvsRequest,
  port16,
  uint16,
} from './ipvs-message.ts'
import { serviceFamily, serviceIdentity } from './ipvs-service-message.ts'
import { decodeTraffic } from './ipvs-traffic.ts'

/** Destinations as in include/uapi/linux/ip_vs.h. */
const NEW_DEST = ['IPVS_CMD_NEW_DEST', 5] as const
const SET_DEST = ['IPVS_CMD_SET_DEST', 6] as const
const DEL_DEST = ['IPVS_CMD_DEL_DEST', 7] as const
const GET_DEST = ['IPVS_CMD_GET_DEST', 8] as const

const ATTR_ADDR = 1
const ATTR_PORT = 2
const ATTR_FWD_METHOD = 3
const ATTR_WEIGHT = 4
const ATTR_U_THRESH = 5
const ATTR_L_THRESH = 6
const ATTR_ACTIVE_CONNS = 7
const ATTR_INACT_CONNS = 8
const ATTR_PERSIST_CONNS = 9
const ATTR_ADDR_FAMILY = 11
const ATTR_STATS64 = 12
const ATTR_TUN_TYPE = 13
const ATTR_TUN_PORT = 14
const ATTR_TUN_FLAGS = 15

/** IP_VS_CONN_F_MASQ, _TUNNEL and _DROUTE */
const methods: Readonly<Record<Forwarding['method'], number>> = { nat: 0, tunnel: 2, direct: 3 }
/** IP_VS_CONN_F_TUNNEL_TYPE_ */
const tunnelTypes: Readonly<Record<Tunnel['type'], number>> = { ipip: 0, gue: 1, gre: 2 }
/** IP_VS_TUNNEL_ENCAP_FLAG_ */
const checksums: Readonly<Record<TunnelChecksum, number>> = { none: 0, full: 1, remote: 2 }

export const addDestination = (
  service: ServiceAt,
  at: DestinationAt,
  settings: DestinationSettings,
): IpvsRequest => put(NEW_DEST, service, at, settings)

/** How it is reached may change too: only connections to come go the new way. */
export const changeDestination = (
  service: ServiceAt,
  at: DestinationAt,
  settings: DestinationSettings,
): IpvsRequest => put(SET_DEST, service, at, settings)

function put(
  command: typeof NEW_DEST | typeof SET_DEST,
  service: ServiceAt,
  at: DestinationAt,
  { forwarding, weight, upper, lower }: DestinationSettings,
): IpvsRequest {
  const attributes: readonly Attribute[] = [
    ...identity(at),
    [ATTR_FWD_METHOD, uint32(methods[forwarding.method])],
    [ATTR_WEIGHT, uint32(weight)],
    [ATTR_U_THRESH, uint32(upper)],
    [ATTR_L_THRESH, uint32(lower)],
    ...(forwarding.method === 'tunnel' ? tunnelAttributes(forwarding.tunnel) : []),
  ]
  const mixed = familyOf(at.address) !== serviceFamily(service)
  return request(command, service, at, attributes, mixed ? mixedRefusals : refusals)
}

export const removeDestination = (service: ServiceAt, at: DestinationAt): IpvsRequest =>
  request(DEL_DEST, service, at, identity(at), {
    ENOENT: 'It was not there.',
    ESRCH: 'Its service was not there.',
  })

/** The kernel lists those of one service only. */
export const listDestinations = (service: ServiceAt): IpvsRequest =>
  ipvsRequest(GET_DEST, `destinations of ${serviceText(service)}`, [serviceIdentity(service)])

const request = (
  command: readonly [op: string, command: number],
  service: ServiceAt,
  at: DestinationAt,
  attributes: readonly Attribute[],
  advice: Advice,
): IpvsRequest =>
  ipvsRequest(
    command,
    `${destinationText(at)} of ${serviceText(service)}`,
    [serviceIdentity(service), [IPVS_CMD_ATTR_DEST, attributes]],
    advice,
  )

const identity = (at: DestinationAt): readonly Attribute[] => [
  [ATTR_ADDR, addressUnion(at.address)],
  [ATTR_PORT, port16(at.port)],
  [ATTR_ADDR_FAMILY, uint16(familyOf(at.address) === 'inet' ? AF_INET : AF_INET6)],
]

const tunnelAttributes = (tunnel: Tunnel): readonly Attribute[] => [
  [ATTR_TUN_TYPE, uint8(tunnelTypes[tunnel.type])],
  [ATTR_TUN_PORT, port16(tunnel.type === 'gue' ? tunnel.port : 0)],
  [ATTR_TUN_FLAGS, uint16(tunnel.type === 'ipip' ? 0 : checksums[tunnel.checksum])],
]

const refusals: Advice = {
  EEXIST: 'Somebody else has added it meanwhile.',
  ENOENT: 'Somebody else has removed it meanwhile.',
  ESRCH: 'Its service is not in the table.',
  ERANGE: 'The lower threshold may not be above the upper one, nor the weight above 2147483647.',
  EINVAL: 'A destination is one host, and is not link-local; a gue tunnel has a port.',
}

const mixedRefusals: Advice = {
  ...refusals,
  EINVAL:
    'Its family is not the service’s: that takes a tunnel, and no connection synchronization.',
}

const findInMessage = attributeFinder(IPVS_CMD_ATTR_DEST)
const findInDestination = attributeFinder(ATTR_TUN_FLAGS)

/** `family` is the service's, for kernels before 3.18, which have no other. */
export function decodeDestination(body: Body, family: Family): SeenDestination | null {
  const { bytes, view, from, to } = body
  const start = findInMessage(view, from + genericHeaderSize, to)[IPVS_CMD_ATTR_DEST] ?? 0
  if (start === 0) return null
  const offsets = findInDestination(view, start, endOfValue(view, start))
  const value = (type: number): number => offsets[type] ?? 0
  const uint32 = (type: number): number => view.getUint32(value(type), true)
  return {
    at: {
      address: readAddress(bytes, value(ATTR_ADDR), addressLength(view, offsets, family)),
      port: view.getUint16(value(ATTR_PORT)),
    },
    settings: {
      forwarding: decodeForwarding(view, offsets),
      weight: uint32(ATTR_WEIGHT),
      upper: uint32(ATTR_U_THRESH),
      lower: uint32(ATTR_L_THRESH),
    },
    active: uint32(ATTR_ACTIVE_CONNS),
    inactive: uint32(ATTR_INACT_CONNS),
    persistent: uint32(ATTR_PERSIST_CONNS),
    traffic: decodeTraffic(view, value(ATTR_STATS64)),
  }
}

function addressLength(view: DataView, offsets: Uint32Array, family: Family): 4 | 16 {
  const at = offsets[ATTR_ADDR_FAMILY] ?? 0
  const inet = at === 0 ? family === 'inet' : view.getUint16(at, true) === AF_INET
  return inet ? 4 : 16
}

function decodeForwarding(view: DataView, offsets: Uint32Array): Forwarding {
  const method = view.getUint32(offsets[ATTR_FWD_METHOD] ?? 0, true)
  if (method === methods.nat) return { method: 'nat' }
  if (method !== methods.tunnel) return { method: 'direct' }
  const [type = 0, port = 0, flags = 0] = offsets.subarray(ATTR_TUN_TYPE)
  return {
    method: 'tunnel',
    tunnel: decodeTunnel(
      type === 0 ? 0 : view.getUint8(type),
      port === 0 ? 0 : view.getUint16(port),
      flags === 0 ? 0 : view.getUint16(flags, true),
    ),
  }
}

function decodeTunnel(type: number, port: number, flags: number): Tunnel {
  const full = (flags & checksums.full) !== 0
  if (type === tunnelTypes.gre) return { type: 'gre', checksum: full ? 'full' : 'none' }
  if (type !== tunnelTypes.gue) return { type: 'ipip' }
  if ((flags & checksums.remote) !== 0) return { type: 'gue', port, checksum: 'remote' }
  return { type: 'gue', port, checksum: full ? 'full' : 'none' }
}

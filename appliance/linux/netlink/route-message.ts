import {
  addressBytes,
  type Family,
  type IpAddress,
  ipAddressFrom,
} from '../../values/ip-address.ts'
import { type Prefix, prefixText } from '../../values/prefix.ts'
import { AF_INET, AF_INET6 } from '../socket-address.ts'
import {
  type Attribute,
  concatenated,
  decodeAttributes,
  encodeAttributes,
  readUint32,
  uint32,
} from './attributes.ts'
import { type Message, NLM_F_CREATE, NLM_F_EXCL } from './message.ts'
import type { Request } from './socket.ts'

/** A route with one way to go, as it is in the kernel or should be. */
export type Route = {
  readonly family: Family
  /** Null: everything. Its address has no bits behind the prefix. */
  readonly destination: Prefix | null
  readonly gateway: IpAddress | null
  /** Null in a wish: the kernel finds the gateway. */
  readonly interfaceIndex: number | null
  /** The box's own address for connections that take it. */
  readonly source: IpAddress | null
  readonly table: number
  /** Null in a wish: the kernel's usual one. */
  readonly metric: number | null
  /** rtm_protocol: who put it there. */
  readonly origin: number
}

const RTM_NEWROUTE = 24
const RTM_DELROUTE = 25
const RTM_GETROUTE = 26

/** include/uapi/linux/rtnetlink.h */
const RTA_DST = 1
const RTA_OIF = 4
const RTA_GATEWAY = 5
const RTA_PRIORITY = 6
const RTA_PREFSRC = 7
const RTA_TABLE = 15
const RT_SCOPE_UNIVERSE = 0
const RT_SCOPE_LINK = 253
const RT_SCOPE_NOWHERE = 255
const RTN_UNICAST = 1

/** struct rtmsg */
const headerSize = 12

const familyNumber = (family: Family): number => (family === 'inet' ? AF_INET : AF_INET6)

/** The metric that the kernel gives to a route that names none. */
export const usualMetric = (family: Family): number => (family === 'inet' ? 0 : 1024)

function body(route: Route, scope: number): Uint8Array {
  const { family, destination, gateway, interfaceIndex, source, table, metric, origin } = route
  const header = new Uint8Array(headerSize)
  header.set([familyNumber(family), destination?.length ?? 0, 0, 0])
  header.set([table < 256 ? table : 0, origin, scope, RTN_UNICAST], 4)
  const attributes: Attribute[] = [[RTA_TABLE, uint32(table)]]
  if (destination !== null) attributes.push([RTA_DST, addressBytes(destination.address)])
  if (gateway !== null) attributes.push([RTA_GATEWAY, addressBytes(gateway)])
  if (interfaceIndex !== null) attributes.push([RTA_OIF, uint32(interfaceIndex)])
  if (source !== null) attributes.push([RTA_PREFSRC, addressBytes(source)])
  if (metric !== null) attributes.push([RTA_PRIORITY, uint32(metric)])
  return concatenated([header, encodeAttributes(attributes)])
}

/**
 * IPv4: before a route of somebody else to the same place with the same metric, as keepalived does
 * it. IPv6 would share the traffic between the two: there it is refused.
 */
export const addRoute = (route: Route): Request => ({
  op: 'RTM_NEWROUTE',
  target: describe(route),
  type: RTM_NEWROUTE,
  flags: route.family === 'inet' ? NLM_F_CREATE : NLM_F_CREATE | NLM_F_EXCL,
  body: body(
    route,
    route.family === 'inet' && route.gateway === null ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
  ),
  advice: {
    EEXIST: 'Another route goes there with the same metric: give the virtual one another metric.',
    ENETUNREACH: 'The gateway is on no network of this box: name the interface, or correct it.',
    EHOSTUNREACH: 'The gateway is on no network of this box: name the interface, or correct it.',
    ENETDOWN: 'The interface is down.',
    ENODEV: 'The interface is gone; the route comes back with it.',
    EINVAL: 'The source must be an address of this box; a prefix has no bits behind its length.',
  },
})

export const removeRoute = (route: Route): Request => ({
  op: 'RTM_DELROUTE',
  target: describe(route),
  type: RTM_DELROUTE,
  flags: 0,
  body: body(route, RT_SCOPE_NOWHERE),
  advice: { ESRCH: 'It was not there.' },
})

/** Of one family, those with this origin; the kernel picks them out. */
export const listRoutes = (family: Family, origin: number): Request => {
  const header = new Uint8Array(headerSize)
  header[0] = familyNumber(family)
  header[5] = origin
  const target = `all tables, ${family}, protocol ${origin}`
  return { op: 'RTM_GETROUTE', target, type: RTM_GETROUTE, flags: 0, body: header }
}

/** Null for what Diarch never makes: not unicast, several ways to go. */
export function decodeRoute({ body }: Message): Route | null {
  const family = body[0] === AF_INET ? 'inet' : body[0] === AF_INET6 ? 'inet6' : null
  if (body.length < headerSize || family === null || body[7] !== RTN_UNICAST) return null
  const attributes = decodeAttributes(body.subarray(headerSize))
  const address = (type: number): IpAddress | null => {
    const bytes = attributes.get(type)
    return bytes === undefined ? null : ipAddressFrom(bytes)
  }
  const interfaceIndex = readUint32(attributes.get(RTA_OIF))
  if (interfaceIndex === null) return null
  const destination = address(RTA_DST)
  return {
    family,
    destination: destination === null ? null : { address: destination, length: body[1] ?? 0 },
    gateway: address(RTA_GATEWAY),
    interfaceIndex,
    source: address(RTA_PREFSRC),
    table: readUint32(attributes.get(RTA_TABLE)) ?? body[4] ?? 0,
    metric: readUint32(attributes.get(RTA_PRIORITY)) ?? 0,
    origin: body[5] ?? 0,
  }
}

function describe({ family, destination, gateway, interfaceIndex, table }: Route): string {
  const to = destination === null ? `default (${family})` : prefixText(destination)
  const via = gateway === null ? '' : ` via ${gateway}`
  const by = interfaceIndex === null ? '' : ` at interface ${interfaceIndex}`
  return `${to}${via}${by} in table ${table}`
}

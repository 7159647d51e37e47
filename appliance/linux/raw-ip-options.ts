import { addressBytes, type Family, familyOf, type IpAddress } from '../values/ip-address.ts'

/** What setsockopt takes for sockets of IP, as tables: include/uapi/linux/in.h and in6.h. */

export type SocketOption = readonly [
  name: string,
  level: number,
  option: number,
  value: number | Uint8Array,
]

const IPPROTO_IP = 0
const IPPROTO_IPV6 = 41

/** Precedence "internetwork control" (RFC 791 3.1), as keepalived sends its adverts. */
const internetControl = 0xc0

/** For a socket that speaks on one interface and hears nothing of itself. */
export const protocolSettings = (
  family: Family,
  interfaceIndex: number,
  ttl: number,
): readonly SocketOption[] =>
  family === 'inet'
    ? [
        ['IP_TOS', IPPROTO_IP, 1, internetControl],
        ['IP_TTL', IPPROTO_IP, 2, ttl],
        ['IP_MULTICAST_IF', IPPROTO_IP, 32, membership(new Uint8Array(4), interfaceIndex)],
        ['IP_MULTICAST_TTL', IPPROTO_IP, 33, ttl],
        ['IP_MULTICAST_LOOP', IPPROTO_IP, 34, 0],
        // Else groups that other sockets have joined are heard too.
        ['IP_MULTICAST_ALL', IPPROTO_IP, 49, 0],
      ]
    : [
        ['IPV6_UNICAST_HOPS', IPPROTO_IPV6, 16, ttl],
        ['IPV6_MULTICAST_IF', IPPROTO_IPV6, 17, interfaceIndex],
        ['IPV6_MULTICAST_HOPS', IPPROTO_IPV6, 18, ttl],
        ['IPV6_MULTICAST_LOOP', IPPROTO_IPV6, 19, 0],
        ['IPV6_RECVPKTINFO', IPPROTO_IPV6, 49, 1],
        ['IPV6_RECVHOPLIMIT', IPPROTO_IPV6, 51, 1],
        ['IPV6_TCLASS', IPPROTO_IPV6, 67, internetControl],
      ]

export const groupMembership = (group: IpAddress, interfaceIndex: number): SocketOption => {
  const value = membership(addressBytes(group), interfaceIndex)
  return familyOf(group) === 'inet'
    ? [`IP_ADD_MEMBERSHIP ${group}`, IPPROTO_IP, 35, value]
    : [`IPV6_JOIN_GROUP ${group}`, IPPROTO_IPV6, 20, value]
}

/** struct ip_mreqn (group, address, interface) or struct ipv6_mreq (group, interface). */
function membership(group: Uint8Array, interfaceIndex: number): Uint8Array {
  const bytes = new Uint8Array(group.length === 4 ? 12 : 20)
  bytes.set(group)
  new DataView(bytes.buffer).setInt32(bytes.length - 4, interfaceIndex, true)
  return bytes
}

/** A control message (cmsg(3)) that says which address of ours a packet comes from. */
export function sourceControl(source: Uint8Array): Uint8Array {
  const header = 16
  // struct in_pktinfo (interface, source, -) or in6_pktinfo (source, interface); 0: the bound one.
  const inet = source.length === 4
  const length = header + (inet ? 12 : 20)
  const bytes = new Uint8Array(Math.ceil(length / 8) * 8)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(length), true)
  view.setInt32(8, inet ? IPPROTO_IP : IPPROTO_IPV6, true)
  view.setInt32(12, inet ? 8 : 50, true)
  bytes.set(source, header + (inet ? 4 : 0))
  return bytes
}

import {
  addressBytes,
  familyOf,
  type IpAddress,
  isLinkLocal,
  isMulticast,
} from '../values/ip-address.ts'

/** Addresses as the kernel takes them. Numbers are in the host's order unless said otherwise. */

/** include/linux/socket.h */
export const AF_INET = 2
export const AF_INET6 = 10
export const AF_NETLINK = 16
export const AF_PACKET = 17

/** struct sockaddr_in or sockaddr_in6. */
export function ipSocketAddress(address: IpAddress, interfaceIndex: number, port = 0): Uint8Array {
  if (familyOf(address) === 'inet') {
    const bytes = new Uint8Array(16)
    const view = new DataView(bytes.buffer)
    view.setUint16(0, AF_INET, true)
    view.setUint16(2, port)
    bytes.set(addressBytes(address), 4)
    return bytes
  }
  const bytes = new Uint8Array(28)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, AF_INET6, true)
  view.setUint16(2, port)
  bytes.set(addressBytes(address), 8)
  // A scope on any other address is refused.
  if (isLinkLocal(address) || isMulticast(address)) view.setUint32(24, interfaceIndex, true)
  return bytes
}

/** struct sockaddr_ll of packet(7), for frames that bring their own header. */
export function packetSocketAddress(interfaceIndex: number): Uint8Array {
  const bytes = new Uint8Array(20)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, AF_PACKET, true)
  view.setInt32(4, interfaceIndex, true)
  return bytes
}

/** struct sockaddr_nl; `groups` is a mask. */
export function netlinkSocketAddress(groups: number): Uint8Array {
  const bytes = new Uint8Array(12)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, AF_NETLINK, true)
  view.setUint32(8, groups, true)
  return bytes
}

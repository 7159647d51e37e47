import { readFileSync } from 'node:fs'
import { familyOf, type IpAddress, isLinkLocal } from '../values/ip-address.ts'
import { checked } from './kernel-error.ts'
import { hostInteger } from './kernel-socket.ts'
import { native } from './native/binding.ts'
import { AF_INET, AF_INET6, ipSocketAddress } from './socket-address.ts'

/** include/uapi/asm-generic/socket.h, include/uapi/linux/in.h */
const SOL_SOCKET = 1
const SO_BINDTODEVICE = 25
const SO_MARK = 36
const IPPROTO_IP = 0
const IP_BIND_ADDRESS_NO_PORT = 24

export const SOCK_STREAM = 1
export const SOCK_DGRAM = 2
export const SOCK_RAW = 3

/** From where something is asked; null: as the kernel's routes say. */
export type Origin = {
  readonly source: IpAddress | null
  readonly interface: string | null
  readonly mark: number | null
}

/**
 * A non-blocking socket towards `to`, bound but not connected. Node's own cannot be bound to an
 * interface and carry no mark. Throws a KernelError. Returns its file descriptor.
 */
export function openOutgoing(
  [type, protocol]: readonly [type: number, protocol: number],
  to: IpAddress,
  origin: Origin,
): number {
  const kernel = native()
  const domain = familyOf(to) === 'inet' ? AF_INET : AF_INET6
  const fd = checked(kernel.openSocket(domain, type, protocol), { op: 'socket', target: to })
  const { source, interface: name, mark } = origin
  const set = (op: string, level: number, option: number, value: Uint8Array) =>
    checked(kernel.setOption(fd, level, option, value), { op: `setsockopt ${op}`, target: to })
  try {
    if (name !== null) {
      set(`SO_BINDTODEVICE ${name}`, SOL_SOCKET, SO_BINDTODEVICE, Buffer.from(`${name}\0`))
    }
    if (mark !== null) {
      set('SO_MARK', SOL_SOCKET, SO_MARK, new Uint8Array(Uint32Array.of(mark).buffer))
    }
    if (source !== null) {
      // The port is chosen by connect, which may use one for many destinations.
      if (type !== SOCK_RAW) {
        set('IP_BIND_ADDRESS_NO_PORT', IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, hostInteger(1))
      }
      const address = ipSocketAddress(source, scopeOf(source, name))
      checked(kernel.bindSocket(fd, address), { op: 'bind', target: source })
    }
    return fd
  } catch (error) {
    kernel.closeDescriptor(fd)
    throw error
  }
}

/** As connect and sendto take it. */
export const destinationAddress = (to: IpAddress, port: number, origin: Origin): Uint8Array =>
  ipSocketAddress(to, scopeOf(to, origin.interface), port)

/** A link-local address means nothing without its interface. */
function scopeOf(address: IpAddress, name: string | null): number {
  if (name === null || !isLinkLocal(address)) return 0
  try {
    return Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8'))
  } catch {
    return 0
  }
}

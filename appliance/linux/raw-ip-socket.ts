import { addressBytes, type Family, type IpAddress } from '../values/ip-address.ts'
import { type Datagram, DatagramReader } from './datagram-reader.ts'
import { KernelSocket, type SendOutcome } from './kernel-socket.ts'
import { groupMembership, protocolSettings, sourceControl } from './raw-ip-options.ts'
import { AF_INET, AF_INET6, ipSocketAddress } from './socket-address.ts'
import { atLeast, below } from './time-to-live-filter.ts'

export type { Datagram } from './datagram-reader.ts'

export type RawIpOptions = {
  readonly protocol: number
  readonly interface: { readonly name: string; readonly index: number }
  readonly family: Family
  /** Multicast groups that are heard. None: unicast only. */
  readonly groups: readonly IpAddress[]
  /** Of what is sent. */
  readonly ttl: number
  /** What arrives with less is dropped by the kernel, and counted (RFC 5082). */
  readonly leastTtl: number
}

const SOCK_RAW = 3

/**
 * A stall of one second with 250 routers at 0.1 s is 2,500 adverts, and a small packet may occupy
 * 2,304 bytes. The kernel doubles this number, and takes memory only for what waits.
 */
const receiveBuffer = 4 * 1024 * 1024

/** Of the socket that hears what is refused: some 150 packets. */
const refusedBuffer = 64 * 1024

/** The field has 8 bits. */
const nobodysTtl = 256

/** In one call of `drain`, so that a flood cannot hold up everything else. */
const mostAtOnce = 4096

/** Packets of one IP protocol on one interface: all virtual routers there share it. */
export class RawIpSocket {
  readonly #socket: KernelSocket
  readonly #belowLeast: KernelSocket | null
  readonly #options: RawIpOptions
  readonly #reader: DatagramReader
  readonly #refusedReader: DatagramReader
  readonly #addresses = new Map<IpAddress, Uint8Array>()
  readonly #sources = new Map<IpAddress, Uint8Array>()
  #draining = false
  #refused = 0

  private constructor(options: RawIpOptions) {
    const { protocol, family, groups, leastTtl } = options
    this.#options = options
    this.#reader = new DatagramReader(family, groups)
    this.#refusedReader = new DatagramReader(family, groups)
    const title = `${family} protocol ${protocol} on ${options.interface.name}`
    this.#socket = this.#openSocket(title, receiveBuffer, atLeast(family, leastTtl))
    try {
      this.#belowLeast =
        leastTtl > 1
          ? this.#openSocket(`${title}, low TTL`, refusedBuffer, below(family, leastTtl))
          : null
    } catch (error) {
      this.#socket.close()
      throw error
    }
  }

  static open(options: RawIpOptions): RawIpSocket {
    return new RawIpSocket(options)
  }

  #openSocket(title: string, bufferBytes: number, filter: Uint8Array): KernelSocket {
    const { protocol, family, groups, ttl } = this.#options
    const { index } = this.#options.interface
    const kind = [family === 'inet' ? AF_INET : AF_INET6, SOCK_RAW, protocol] as const
    return KernelSocket.open(kind, title, socket => {
      // It hears from its first moment on, and on all interfaces: nothing until it is set up.
      socket.filter(atLeast(family, nobodysTtl))
      socket.receiveBuffer(bufferBytes)
      socket.timestamps()
      for (const [name, level, option, value] of protocolSettings(family, index, ttl)) {
        socket.option(name, level, option, value)
      }
      // IP_TOS and IPV6_TCLASS set it too, so it comes after them.
      socket.priority(6)
      socket.bindToInterface(index)
      for (const group of groups) {
        const [name, level, option, value] = groupMembership(group, index)
        socket.option(name, level, option, value)
      }
      socket.filter(filter)
    })
  }

  /** Called in every turn of the loop in which something is there; `drain` it then. */
  onReadable(callback: () => void): void {
    this.#socket.onReadable(callback)
  }

  /** Hands over all that waits, now. Returns how much it read: the most at once, more may wait. */
  drain(handler: (datagram: Datagram) => void): number {
    // The handler may drain everything when one of its deadlines has passed.
    if (this.#draining) return 0
    this.#draining = true
    try {
      for (let count = 0; count < mostAtOnce; count++) {
        const datagram = this.#reader.read(this.#socket)
        if (datagram === 'empty') return count
        if (datagram !== 'none') handler(datagram)
      }
      return mostAtOnce
    } finally {
      this.#draining = false
    }
  }

  /** `source` null: the interface's own. Otherwise the errno: ENOBUFS, ENETDOWN, EPERM, ... */
  send(payload: Uint8Array, destination: IpAddress, source: IpAddress | null): SendOutcome {
    const control = source === null ? null : this.#controlFor(source)
    return this.#socket.send(payload, this.#addressOf(destination), control)
  }

  #addressOf(destination: IpAddress): Uint8Array {
    const known = this.#addresses.get(destination)
    if (known !== undefined) return known
    const made = ipSocketAddress(destination, this.#options.interface.index)
    this.#addresses.set(destination, made)
    return made
  }

  #controlFor(source: IpAddress): Uint8Array {
    const known = this.#sources.get(source)
    if (known !== undefined) return known
    const made = sourceControl(addressBytes(source))
    this.#sources.set(source, made)
    return made
  }

  /** Since it was opened: what found the receive buffer full. */
  lost(): number {
    return this.#socket.drops()
  }

  /**
   * Since it was opened: what had less than the least TTL; the handler sees what is new. Of a flood
   * some 100 are counted between two calls; the kernel's own count of the rest has others in it.
   */
  refused(handler: (datagram: Datagram) => void = () => undefined): number {
    if (this.#belowLeast === null) return 0
    for (let count = 0; count < mostAtOnce; count++) {
      const datagram = this.#refusedReader.read(this.#belowLeast)
      if (datagram === 'empty') break
      if (datagram === 'none') continue
      this.#refused++
      handler(datagram)
    }
    return this.#refused
  }

  close(): void {
    this.#socket.close()
    this.#belowLeast?.close()
  }
}

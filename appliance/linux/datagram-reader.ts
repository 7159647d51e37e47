import type { Instant } from '../values/duration.ts'
import type { Family, IpAddress } from '../values/ip-address.ts'
import type { KernelSocket } from './kernel-socket.ts'
import { KnownAddresses } from './known-addresses.ts'
import { now } from './monotonic-clock.ts'
import { Envelope } from './native/binding.ts'
import { AF_INET6 } from './socket-address.ts'

/** A packet: one object that is filled anew for each. Keep copies only. */
export type Datagram = {
  /** Behind the IP header. */
  readonly payload: Uint8Array
  readonly source: IpAddress
  readonly destination: IpAddress
  readonly ttl: number
  /** When the kernel got it: earlier than now when this process was held up. */
  readonly arrived: Instant
}

type Filled = { -readonly [Key in keyof Datagram]: Datagram[Key] }

const EAGAIN = -11

/** Views that are kept: adverts have few lengths, and a new view for each would be garbage. */
const mostViews = 256

/** Reads packets of raw IP sockets without garbage: thousands a second come from a few senders. */
export class DatagramReader {
  readonly #family: Family
  readonly #groups: readonly IpAddress[]
  readonly #buffer = new Uint8Array(65_536)
  readonly #envelope = new Envelope()
  readonly #known = new KnownAddresses()
  readonly #views = new Map<number, Uint8Array>()
  readonly #datagram: Filled
  #foundEmpty = now()

  constructor(family: Family, groups: readonly IpAddress[]) {
    this.#family = family
    this.#groups = groups
    const [source, destination] = ['' as IpAddress, '' as IpAddress]
    this.#datagram = { payload: this.#buffer, source, destination, ttl: 0, arrived: now() }
  }

  /** `none`: an error that is cleared by now, or a packet that is not for this socket. */
  read(socket: KernelSocket): Datagram | 'none' | 'empty' {
    const length = socket.receive(this.#buffer, this.#envelope)
    if (length === EAGAIN) {
      this.#foundEmpty = now()
      return 'empty'
    }
    if (length < 0) return 'none'
    const isOurs = this.#family === 'inet' ? this.#fillInet(length) : this.#fillInet6(length)
    if (!isOurs) return 'none'
    this.#datagram.arrived = this.#arrival()
    return this.#datagram
  }

  /** IPv4 comes with its header, RFC 791 3.1. */
  #fillInet(length: number): boolean {
    const headerLength = ((this.#buffer[0] ?? 0) & 15) * 4
    if (length < 20 || headerLength > length) return false
    this.#datagram.payload = this.#view(headerLength, length - headerLength)
    this.#datagram.source = this.#known.at(this.#buffer, 12, 4)
    this.#datagram.destination = this.#known.at(this.#buffer, 16, 4)
    this.#datagram.ttl = this.#buffer[8] ?? 0
    return true
  }

  #fillInet6(length: number): boolean {
    const { sender, destination, hopLimit } = this.#envelope
    if (sender[0] !== AF_INET6) return false
    this.#datagram.payload = this.#view(0, length)
    // struct sockaddr_in6
    this.#datagram.source = this.#known.at(sender, 8, 16)
    this.#datagram.destination = this.#known.at(destination, 0, 16)
    this.#datagram.ttl = hopLimit
    // The kernel hands over what any socket has joined, for IPV6_MULTICAST_ALL is not looked at on
    // a raw socket that is bound to no address.
    return destination[0] !== 0xff || this.#groups.includes(this.#datagram.destination)
  }

  #view(offset: number, length: number): Uint8Array {
    const key = offset * 65_536 + length
    const known = this.#views.get(key)
    if (known !== undefined) return known
    if (this.#views.size >= mostViews) this.#views.clear()
    const view = this.#buffer.subarray(offset, offset + length)
    this.#views.set(key, view)
    return view
  }

  /** The wall clock may have been set meanwhile: not before the socket was last seen empty. */
  #arrival(): Instant {
    const waited = Math.max(this.#envelope.waited, 0)
    return Math.max(now() - waited, this.#foundEmpty) as Instant
  }
}

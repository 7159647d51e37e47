import { type Instant, instant } from '../values/duration.ts'
import { addressSize, familyOf, type IpAddress, ipAddress } from '../values/ip-address.ts'
import { KernelSocket, type SendOutcome } from './kernel-socket.ts'
import { KnownAddresses } from './known-addresses.ts'
import { now } from './monotonic-clock.ts'
import { Envelope } from './native/binding.ts'
import { AF_INET, AF_INET6, ipSocketAddress } from './socket-address.ts'

const SOCK_DGRAM = 2
const SOL_SOCKET = 1
const SO_REUSEADDR = 2

const EAGAIN = -11

/** A stall of some seconds must not lose what was said meanwhile. */
const receiveBuffer = 1024 * 1024

/** In one call of `drain`, so that a flood cannot hold up everything else. */
const mostAtOnce = 1024

export type UdpOptions = {
  readonly interface: { readonly name: string; readonly index: number }
  /** Null: any that the interface has. */
  readonly source: IpAddress | null
  readonly port: number
  /** What comes from others is dropped. */
  readonly peer: IpAddress
}

/** Datagrams to and from one peer by one interface, with the time at which they came in. */
export class UdpSocket {
  readonly #socket: KernelSocket
  readonly #peer: IpAddress
  readonly #to: Uint8Array
  readonly #buffer = new Uint8Array(2048)
  readonly #envelope = new Envelope()
  readonly #known = new KnownAddresses()
  #foundEmpty = now()

  private constructor({ interface: on, source, port, peer }: UdpOptions) {
    const family = familyOf(peer)
    this.#peer = peer
    this.#to = ipSocketAddress(peer, on.index, port)
    const any = ipAddress(family === 'inet' ? '0.0.0.0' : '::')
    const kind = [family === 'inet' ? AF_INET : AF_INET6, SOCK_DGRAM, 0] as const
    this.#socket = KernelSocket.open(kind, `UDP port ${port} on ${on.name}`, socket => {
      socket.bindToInterface(on.index)
      socket.receiveBuffer(receiveBuffer)
      socket.timestamps()
      socket.priority(6)
      // The supervisor speaks from here too, for a vrrpd that has died.
      socket.option('SO_REUSEADDR', SOL_SOCKET, SO_REUSEADDR, 1)
      socket.bind(ipSocketAddress(source ?? any, on.index, port))
    })
  }

  /** Throws KernelError: no such interface or address, the port is taken. */
  static open(options: UdpOptions): UdpSocket {
    return new UdpSocket(options)
  }

  /** Called in every turn of the loop in which something is there; `drain` it then. */
  onReadable(callback: () => void): void {
    this.#socket.onReadable(callback)
  }

  /** Hands over what waits, now. The bytes are valid during the call. */
  drain(handler: (bytes: Uint8Array, arrived: Instant) => void): void {
    for (let count = 0; count < mostAtOnce; count++) {
      const length = this.#socket.receive(this.#buffer, this.#envelope)
      if (length === EAGAIN) {
        this.#foundEmpty = now()
        return
      }
      // An ICMP error about an earlier datagram.
      if (length < 0 || this.#sender() !== this.#peer) continue
      const waited = Math.max(this.#envelope.waited, 0)
      // The wall clock may have been set meanwhile: not before the socket was last seen empty.
      const arrived = instant(Math.max(now() - waited, this.#foundEmpty))
      handler(this.#buffer.subarray(0, length), arrived)
    }
  }

  /** struct sockaddr_in or sockaddr_in6 */
  #sender(): IpAddress {
    const { sender } = this.#envelope
    const family = familyOf(this.#peer)
    return this.#known.at(sender, family === 'inet' ? 4 : 8, addressSize(family))
  }

  send(bytes: Uint8Array): SendOutcome {
    return this.#socket.send(bytes, this.#to, null)
  }

  close(): void {
    this.#socket.close()
  }
}

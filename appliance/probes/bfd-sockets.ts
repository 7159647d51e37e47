import { randomInt } from 'node:crypto'
import type { Target } from '../health/question.ts'
import { checked, errorCode } from '../linux/kernel-error.ts'
import { hostInteger, KernelSocket } from '../linux/kernel-socket.ts'
import { KnownAddresses } from '../linux/known-addresses.ts'
import { Envelope, native } from '../linux/native/binding.ts'
import { destinationAddress, openOutgoing, SOCK_DGRAM } from '../linux/outgoing-socket.ts'
import { AF_INET, AF_INET6, ipSocketAddress } from '../linux/socket-address.ts'
import { atLeast } from '../linux/time-to-live-filter.ts'
import { type Family, familyOf, type IpAddress, ipAddress } from '../values/ip-address.ts'

/** RFC 5881 4. */
const port = 3784
const firstSourcePort = 49_152

/** include/uapi/linux/in.h, in6.h */
const IPPROTO_IP = 0
const IP_TTL = 2
const IPPROTO_IPV6 = 41
const IPV6_UNICAST_HOPS = 16
const IPV6_V6ONLY = 26

const anyAddress = { inet: ipAddress('0.0.0.0'), inet6: ipAddress('::') }

/** Hears for all sessions of a family. */
export class BfdListener {
  readonly #socket: KernelSocket
  readonly #family: Family
  readonly #known = new KnownAddresses()
  readonly #bytes = new Uint8Array(256)
  readonly #envelope = new Envelope()

  static open(family: Family, onReadable: () => void): BfdListener {
    const kind = [family === 'inet' ? AF_INET : AF_INET6, SOCK_DGRAM, 0] as const
    const socket = KernelSocket.open(kind, `BFD (UDP port ${port})`, opened => {
      if (family === 'inet6') opened.option('IPV6_V6ONLY', IPPROTO_IPV6, IPV6_V6ONLY, 1)
      opened.bind(ipSocketAddress(anyAddress[family], 0, port))
      opened.onReadable(onReadable)
    })
    return new BfdListener(socket, family)
  }

  private constructor(socket: KernelSocket, family: Family) {
    this.#socket = socket
    this.#family = family
  }

  /** What comes with less is dropped by the kernel (RFC 5881 5). */
  require(ttl: number): void {
    this.#socket.filter(atLeast(this.#family, ttl))
  }

  /** The bytes are good until the handler returns. */
  drain(handler: (bytes: Uint8Array, source: IpAddress) => void): void {
    // A flood does not hold up everything else: what is left is told again.
    for (let count = 0; count < 4096; count++) {
      const length = this.#socket.receive(this.#bytes, this.#envelope)
      if (length < 0) return
      const { sender } = this.#envelope
      // struct sockaddr_in, sockaddr_in6
      const source =
        this.#family === 'inet' ? this.#known.at(sender, 4, 4) : this.#known.at(sender, 8, 16)
      handler(this.#bytes.subarray(0, length), source)
    }
  }

  close(): void {
    this.#socket.close()
  }
}

/** Speaks for one session, from a port of its own. What cannot be sent is lost, like a packet. */
export class BfdSender {
  readonly #fd: number
  readonly #destination: Uint8Array

  static open(target: Target, ttl: number): BfdSender {
    const family = familyOf(target.address)
    const fd = openOutgoing([SOCK_DGRAM, 0], target.address, { ...target, source: null })
    try {
      const [level, option] =
        family === 'inet' ? [IPPROTO_IP, IP_TTL] : [IPPROTO_IPV6, IPV6_UNICAST_HOPS]
      const set = native().setOption(fd, level, option, hostInteger(ttl))
      checked(set, { op: 'setsockopt TTL', target: target.address })
      bindToFreePort(fd, target.source ?? anyAddress[family])
      return new BfdSender(fd, destinationAddress(target.address, port, target))
    } catch (error) {
      native().closeDescriptor(fd)
      throw error
    }
  }

  private constructor(fd: number, destination: Uint8Array) {
    this.#fd = fd
    this.#destination = destination
  }

  send(bytes: Uint8Array): void {
    native().send(this.#fd, bytes, this.#destination, null)
  }

  close(): void {
    native().closeDescriptor(this.#fd)
  }
}

/** RFC 5881 4: 49152 to 65535, and the same for the whole life of a session. */
function bindToFreePort(fd: number, source: IpAddress): void {
  for (let attempt = 0; ; attempt++) {
    const chosen = randomInt(firstSourcePort, 65_536)
    const result = native().bindSocket(fd, ipSocketAddress(source, 0, chosen))
    if (result < 0 && errorCode(result) === 'EADDRINUSE' && attempt < 32) continue
    checked(result, { op: 'bind', target: `${source} for BFD` })
    return
  }
}

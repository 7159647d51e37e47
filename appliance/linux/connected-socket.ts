import type { IpAddress } from '../values/ip-address.ts'
import { checked, errorCode } from './kernel-error.ts'
import { Envelope, native } from './native/binding.ts'
import { destinationAddress, type Origin, openOutgoing } from './outgoing-socket.ts'

/**
 * A datagram or raw socket that talks with one peer: the kernel hands over that peer's packets
 * only, and the ICMP errors about it as an errno. Opening throws a KernelError, using it does not.
 */
export class ConnectedSocket {
  readonly #fd: number
  readonly #envelope = new Envelope()
  #unwatch: (() => void) | null = null
  #closed = false

  private constructor(fd: number) {
    this.#fd = fd
  }

  /** `port` is 0 where the protocol has none. */
  static open(
    kind: readonly [type: number, protocol: number],
    to: IpAddress,
    port: number,
    origin: Origin,
  ): ConnectedSocket {
    const socket = new ConnectedSocket(openOutgoing(kind, to, origin))
    try {
      const address = destinationAddress(to, port, origin)
      checked(native().connectSocket(socket.#fd, address), { op: 'connect', target: to })
      return socket
    } catch (error) {
      socket.close()
      throw error
    }
  }

  option(name: string, level: number, option: number, value: Uint8Array): void {
    const attempt = { op: `setsockopt ${name}`, target: 'a socket of a check' }
    checked(native().setOption(this.#fd, level, option, value), attempt)
  }

  /** 'sent', or the errno. */
  send(data: Uint8Array): string {
    const result = native().send(this.#fd, data, null, null)
    return result >= 0 ? 'sent' : errorCode(result)
  }

  /** How many bytes it put there, or the errno: EAGAIN when nothing waits. */
  receive(into: Uint8Array): number | string {
    const result = native().receive(this.#fd, into, this.#envelope.bytes)
    return result >= 0 ? result : errorCode(result)
  }

  /** Called again as long as something is left unread. */
  onReadable(callback: () => void): void {
    const watching = native().watch(this.#fd, callback, true)
    if (typeof watching === 'number') {
      checked(watching, { op: 'watch', target: 'a socket of a check' })
      return
    }
    this.#unwatch = watching
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#unwatch?.()
    native().closeDescriptor(this.#fd)
  }
}

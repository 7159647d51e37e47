import { KernelSocket, type SendOutcome } from './kernel-socket.ts'
import { AF_PACKET, packetSocketAddress } from './socket-address.ts'

const SOCK_RAW = 3
/** Of protocol 0 nothing is received. */
const nothing = 0

/** Sends frames as they are, on every interface. */
export class PacketSocket {
  readonly #socket: KernelSocket
  readonly #addresses = new Map<number, Uint8Array>()

  private constructor(socket: KernelSocket) {
    this.#socket = socket
  }

  static open(): PacketSocket {
    const kind = [AF_PACKET, SOCK_RAW, nothing] as const
    return new PacketSocket(KernelSocket.open(kind, 'packet socket', socket => socket.priority(6)))
  }

  /** With its Ethernet header. Otherwise the errno: ENETDOWN, ENXIO (no such interface), ... */
  send(frame: Uint8Array, interfaceIndex: number): SendOutcome {
    return this.#socket.send(frame, this.#addressOf(interfaceIndex), null)
  }

  #addressOf(interfaceIndex: number): Uint8Array {
    const known = this.#addresses.get(interfaceIndex)
    if (known !== undefined) return known
    const made = packetSocketAddress(interfaceIndex)
    this.#addresses.set(interfaceIndex, made)
    return made
  }

  close(): void {
    this.#socket.close()
  }
}

import { KernelSocket, type SendOutcome } from './kernel-socket.ts'
import { Envelope } from './native/binding.ts'
import { AF_PACKET, packetSocketAddress } from './socket-address.ts'

const SOCK_RAW = 3
/** Of protocol 0 nothing is received: until it is bound to its interface. */
const nothing = 0

/** include/uapi/linux/if_ether.h */
export const etherType = { inet: 0x0800, arp: 0x0806, inet6: 0x86dd } as const

/** In one go, so that a flood cannot hold up everything else. */
const mostAtOnce = 256

export type Listening = {
  readonly interfaceIndex: number
  readonly etherType: number
  /** Classic BPF; what it refuses never wakes us. Null: all of the type. */
  readonly filter: Uint8Array | null
}

/** Hears and sends frames of one type on one interface. What the box itself sends is not heard. */
export class FrameListener {
  readonly #socket: KernelSocket
  readonly #address: Uint8Array
  readonly #buffer = new Uint8Array(2048)
  readonly #envelope = new Envelope()

  private constructor({ interfaceIndex, etherType, filter }: Listening) {
    this.#address = packetSocketAddress(interfaceIndex)
    const bound = this.#address.slice()
    new DataView(bound.buffer).setUint16(2, etherType)
    const kind = [AF_PACKET, SOCK_RAW, nothing] as const
    const title = `frames of interface ${interfaceIndex}`
    this.#socket = KernelSocket.open(kind, title, socket => {
      if (filter !== null) socket.filter(filter)
      socket.bind(bound)
    })
  }

  /** Throws KernelError: no such interface, no right to. The frame is valid during the call. */
  static open(listening: Listening, onFrame: (frame: Uint8Array) => void): FrameListener {
    const listener = new FrameListener(listening)
    listener.#socket.onReadable(() => listener.#read(onFrame))
    return listener
  }

  #read(onFrame: (frame: Uint8Array) => void): void {
    for (let count = 0; count < mostAtOnce; count++) {
      const length = this.#socket.receive(this.#buffer, this.#envelope)
      if (length < 0) return
      onFrame(this.#buffer.subarray(0, length))
    }
  }

  send(frame: Uint8Array): SendOutcome {
    return this.#socket.send(frame, this.#address, null)
  }

  close(): void {
    this.#socket.close()
  }
}

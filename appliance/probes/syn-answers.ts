import { tcpFromPort } from '../linux/frame-filter.ts'
import { etherType, FrameListener } from '../linux/frame-listener.ts'
import type { SendOutcome } from '../linux/kernel-socket.ts'
import { readSegment, type TcpSegment } from '../linux/tcp-frames.ts'
import type { Family } from '../values/ip-address.ts'

/** Above those that Linux gives to connections by itself (ip_local_port_range ends at 60999). */
const firstPort = 61_000
const ports = 65_536 - firstPort

/**
 * Hears the answers to SYNs that left as frames. All questions on an interface share one socket,
 * which is there as long as one of them is open: each socket would look at all that arrives.
 */
export class SynAnswers {
  readonly #listener: FrameListener
  readonly #key: string
  readonly #asking = new Map<number, (segment: TcpSegment) => void>()
  #next: number

  private constructor(interfaceIndex: number, family: Family, key: string) {
    this.#key = key
    this.#next = Math.floor(Math.random() * ports)
    this.#listener = FrameListener.open(
      { interfaceIndex, etherType: etherType[family], filter: tcpFromPort(family, firstPort) },
      frame => {
        const segment = readSegment(frame)
        if (segment !== null) this.#asking.get(segment.to.port)?.(segment)
      },
    )
  }

  static on(interfaceIndex: number, family: Family): SynAnswers {
    const key = `${interfaceIndex} ${family}`
    const known = open.get(key)
    if (known !== undefined) return known
    const made = new SynAnswers(interfaceIndex, family, key)
    open.set(key, made)
    return made
  }

  /** A port of one's own until it is released; null: all are in use. */
  take(onSegment: (segment: TcpSegment) => void): number | null {
    if (this.#asking.size === ports) return null
    do this.#next = (this.#next + 1) % ports
    while (this.#asking.has(firstPort + this.#next))
    const port = firstPort + this.#next
    this.#asking.set(port, onSegment)
    return port
  }

  release(port: number): void {
    this.#asking.delete(port)
    if (this.#asking.size > 0) return
    this.#listener.close()
    open.delete(this.#key)
  }

  send(frame: Uint8Array): SendOutcome {
    return this.#listener.send(frame)
  }
}

const open = new Map<string, SynAnswers>()

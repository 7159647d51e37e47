import type { UdpPath } from '../guard/guard-config.ts'
import { UdpSocket } from '../linux/udp-socket.ts'
import type { Instant } from '../values/duration.ts'

type Path = { readonly config: UdpPath; readonly index: number; readonly socket: UdpSocket }

type OnSent = (path: string, outcome: string, packet: Uint8Array) => void

export type HeartbeatPathsSite = {
  readonly onReadable: () => void
  readonly onHeartbeat: (path: string, bytes: Uint8Array, arrived: Instant) => void
  readonly onRefused: (path: string, why: string) => void
}

/** A socket for each path to the other box, as long as its interface is there. */
export class HeartbeatPaths {
  readonly #site: HeartbeatPathsSite
  readonly #paths = new Map<string, Path>()

  constructor(site: HeartbeatPathsSite) {
    this.#site = site
  }

  /** `indexes`: of the interfaces that are there. What stays the same loses nothing. */
  want(configs: readonly UdpPath[], indexes: ReadonlyMap<string, number>): void {
    for (const [name, { config, index, socket }] of this.#paths) {
      const wanted = configs.find(each => each.name === name)
      if (
        wanted !== undefined &&
        isSame(wanted, config) &&
        indexes.get(config.interface) === index
      ) {
        continue
      }
      socket.close()
      this.#paths.delete(name)
    }
    for (const config of configs) {
      const index = indexes.get(config.interface)
      if (index === undefined || this.#paths.has(config.name)) continue
      const socket = this.#open(config, index)
      if (socket !== null) this.#paths.set(config.name, { config, index, socket })
    }
  }

  #open(config: UdpPath, index: number): UdpSocket | null {
    const { name, source, peer, port } = config
    try {
      const on = { name: config.interface, index }
      const socket = UdpSocket.open({ interface: on, source, peer, port })
      socket.onReadable(this.#site.onReadable)
      return socket
    } catch (error) {
      this.#site.onRefused(name, error instanceof Error ? error.message : String(error))
      return null
    }
  }

  /** Hands over everything that waits. */
  drain(): void {
    for (const [name, { socket }] of this.#paths) {
      socket.drain((bytes, arrived) => this.#site.onHeartbeat(name, bytes, arrived))
    }
  }

  /** Over every path; `onSent` hears what became of it. */
  send(packets: readonly Uint8Array[], onSent: OnSent): void {
    for (const packet of packets) {
      for (const [name, { socket }] of this.#paths) onSent(name, socket.send(packet), packet)
    }
  }

  close(): void {
    for (const { socket } of this.#paths.values()) socket.close()
    this.#paths.clear()
  }
}

const isSame = (a: UdpPath, b: UdpPath): boolean => JSON.stringify(a) === JSON.stringify(b)

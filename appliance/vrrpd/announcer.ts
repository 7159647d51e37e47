import type { Interfaces } from '../linux/interfaces.ts'
import { announcement } from '../linux/neighbour-announcement.ts'
import { PacketSocket } from '../linux/packet-socket.ts'
import type { RouterConfig, VirtualAddress } from '../vrrp/router-config.ts'
import { interfaceOf } from './virtual-macs.ts'

type Frame = { readonly bytes: Uint8Array; readonly on: string; readonly interfaceIndex: number }

type IsThere = (config: RouterConfig, address: VirtualAddress) => boolean

/** Beyond this the oldest go: whoever waits in a queue so long is announced again anyway. */
const mostQueued = 4096

/** Tells the neighbours which hardware address the virtual addresses have now. */
export class Announcer {
  readonly #socket = PacketSocket.open()
  readonly #interfaces: Interfaces
  readonly #onSent: (on: string, frame: Uint8Array) => void
  /** By interface: frames that wait for their turn, where a switch wants them slower. */
  readonly #queues = new Map<number, { frames: Frame[]; timer: NodeJS.Timeout | null }>()

  constructor(interfaces: Interfaces, onSent: (on: string, frame: Uint8Array) => void) {
    this.#interfaces = interfaces
    this.#onSent = onSent
  }

  /** Round by round, so that the last router's first frame does not wait for the first's last. */
  announce(routers: readonly RouterConfig[], isThere: IsThere): void {
    const bursts = routers.map(config => ({ config, frames: this.#framesOf(config, isThere) }))
    const rounds = Math.max(0, ...routers.map(({ announcing }) => announcing.repeat))
    for (let round = 0; round < rounds; round++) {
      for (const { config, frames } of bursts) {
        if (round >= config.announcing.repeat) continue
        for (const frame of frames) this.#send(frame, config.announcing.spacing)
      }
    }
  }

  #framesOf(config: RouterConfig, isThere: IsThere): Frame[] {
    return config.addresses.flatMap(address => {
      if (!isThere(config, address)) return []
      const on = this.#interfaces.named(interfaceOf(config, address))
      // A tunnel has no hardware address, and nobody there asks for one.
      if (on === null || on.mac === null) return []
      const bytes = announcement(on.mac, address.prefix.address, { router: true })
      return [{ bytes, on: on.name, interfaceIndex: on.index }]
    })
  }

  #send(frame: Frame, spacing: number): void {
    if (spacing === 0) {
      this.#put(frame)
      return
    }
    const known = this.#queues.get(frame.interfaceIndex)
    const queue = known ?? { frames: [], timer: null }
    this.#queues.set(frame.interfaceIndex, queue)
    queue.frames.push(frame)
    if (queue.frames.length > mostQueued) queue.frames.shift()
    queue.timer ??= setInterval(() => {
      const next = queue.frames.shift()
      if (next !== undefined) this.#put(next)
      else if (queue.timer !== null) {
        clearInterval(queue.timer)
        queue.timer = null
      }
    }, spacing)
  }

  #put({ bytes, on, interfaceIndex }: Frame): void {
    this.#socket.send(bytes, interfaceIndex)
    this.#onSent(on, bytes)
  }

  close(): void {
    for (const { timer } of this.#queues.values()) if (timer !== null) clearInterval(timer)
    this.#socket.close()
  }
}

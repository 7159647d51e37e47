import type { Cluster } from './cluster.ts'
import type { Packet } from './packet.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'
import type { Timeline } from './timeline.ts'
import { Trouble } from './trouble.ts'

/** Of one segment. Each is a list, since faults overlap: the worst one counts. */
type Weather = {
  readonly loss: number[]
  readonly duplication: number[]
  /** Up to so much longer. */
  readonly delay: number[]
  readonly trouble: Trouble
}

/** From one box to another. */
type Way = { cuts: number; lastArrival: number; readonly trouble: Trouble }

type Receiver = { readonly arrives: (segment: number, packet: Packet) => void }

/** The segments between the boxes. */
export class Network {
  readonly weather: readonly Weather[]
  readonly #ways: readonly (readonly (readonly Way[])[])[]
  readonly #receivers: Receiver[] = []
  readonly #delay: readonly [number, number]
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #tally: Tally

  constructor(cluster: Cluster, timeline: Timeline, random: Random, tally: Tally) {
    const { segments, boxes, delay } = cluster
    this.weather = segments.map(() => ({
      loss: [],
      duplication: [],
      delay: [],
      trouble: new Trouble(),
    }))
    const way = (): Way => ({ cuts: 0, lastArrival: 0, trouble: new Trouble() })
    this.#ways = segments.map(() => boxes.map(() => boxes.map(way)))
    this.#delay = delay
    this.#timeline = timeline
    this.#random = random
    this.#tally = tally
  }

  /** In the order of the boxes. */
  attach(receiver: Receiver): void {
    this.#receivers.push(receiver)
  }

  way(segment: number, from: number, to: number): Way {
    return this.#ways[segment]![from]![to]!
  }

  /** Null: from a stranger, whom no partition stops. */
  send(from: number | null, segment: number, packet: Packet): void {
    for (const [to, receiver] of this.#receivers.entries()) {
      if (to !== from) this.#transmit(from, to, receiver, segment, packet)
    }
  }

  /** From when on two boxes could hear each other; Infinity: they cannot. */
  quietSince(segment: number, one: number, other: number): number {
    return Math.max(
      this.weather[segment]!.trouble.quietSince(),
      this.way(segment, one, other).trouble.quietSince(),
      this.way(segment, other, one).trouble.quietSince(),
    )
  }

  #transmit(
    from: number | null,
    to: number,
    receiver: Receiver,
    segment: number,
    packet: Packet,
  ): void {
    const { loss, duplication } = this.weather[segment]!
    const way = from === null ? null : this.way(segment, from, to)
    if (way !== null && way.cuts > 0) {
      this.#tally.count('packets cut off by a partition')
      return
    }
    if (loss.length > 0 && this.#random.chance(Math.max(...loss))) {
      this.#tally.count('packets lost')
      return
    }
    this.#deliver(way, receiver, segment, packet)
    if (duplication.length > 0 && this.#random.chance(Math.max(...duplication))) {
      this.#tally.count('packets duplicated')
      this.#deliver(way, receiver, segment, packet)
    }
  }

  #deliver(way: Way | null, receiver: Receiver, segment: number, packet: Packet): void {
    const { delay } = this.weather[segment]!
    const extra = delay.length > 0 ? this.#random.between(0, Math.max(...delay)) : 0
    const soonest = this.#timeline.now + this.#random.between(...this.#delay) + extra
    // A switch keeps the order; what overtakes went another way.
    const inOrder = delay.length === 0 && way !== null
    const at = inOrder ? Math.max(soonest, way.lastArrival) : soonest
    if (way !== null) {
      if (at < way.lastArrival) this.#tally.count('packets that overtook another')
      way.lastArrival = Math.max(way.lastArrival, at)
    }
    this.#timeline.at(at, () => receiver.arrives(segment, packet))
  }
}

/**
 * The last hour of every service and server: connections, packets and bytes in a second, from the
 * kernel's counters. A thousand services with ten servers each take some 12 MB; what is not there
 * takes nothing.
 */

import { between, type Duration, type Instant, minutes, seconds } from '../values/duration.ts'
import {
  destinationKey,
  type SeenService,
  type ServiceAt,
  serviceKey,
  type Traffic,
} from './service.ts'

/** Null: nothing was seen then. The newest is the last. */
export type Series = {
  readonly connections: readonly (number | null)[]
  readonly packets: readonly (number | null)[]
  readonly bytes: readonly (number | null)[]
}

type Grain = { readonly every: Duration; readonly kept: number }

/** Of services, and of each of their servers. */
export const serviceGrain: Grain = { every: seconds(10), kept: 360 }
export const serverGrain: Grain = { every: minutes(1), kept: 60 }

export class TrafficHistory {
  readonly #services = new Map<string, Ring>()
  readonly #servers = new Map<string, Ring>()
  #total = new Ring(serviceGrain)
  #seenAt: Instant | null = null

  /** When it has looked last; null: not yet. */
  get seenAt(): Instant | null {
    return this.#seenAt
  }

  see(table: readonly SeenService[], now: Instant): void {
    const [services, servers] = [new Set<string>(), new Set<string>()]
    for (const { at, traffic, destinations } of table) {
      const key = serviceKey(at)
      services.add(key)
      ringOf(this.#services, key, serviceGrain).see(countsOf(traffic), now)
      for (const { at: end, traffic: own } of destinations) {
        const of = `${key} ${destinationKey(end)}`
        servers.add(of)
        ringOf(this.#servers, of, serverGrain).see(countsOf(own), now)
      }
    }
    for (const key of this.#services.keys()) if (!services.has(key)) this.#services.delete(key)
    for (const key of this.#servers.keys()) if (!servers.has(key)) this.#servers.delete(key)
    this.#total.put(sumOf([...this.#services.values()].map(ring => ring.newest)), now)
    this.#seenAt = now
  }

  total(now: Instant): Series {
    return this.#total.series(now)
  }

  /** Null: it is not in the kernel's table. */
  service(at: ServiceAt, now: Instant): Series | null {
    return this.#services.get(serviceKey(at))?.series(now) ?? null
  }

  /** The last rates of a service. */
  newest(at: ServiceAt): Rates | null {
    return this.#services.get(serviceKey(at))?.newest ?? null
  }

  server(at: ServiceAt, end: Parameters<typeof destinationKey>[0], now: Instant): Series | null {
    const key = `${serviceKey(at)} ${destinationKey(end)}`
    return this.#servers.get(key)?.series(now) ?? null
  }
}

/** Connections, packets and bytes. */
export type Rates = readonly [number, number, number]

const countsOf = (traffic: Traffic): Rates => [
  traffic.connections,
  traffic.packetsIn + traffic.packetsOut,
  traffic.bytesIn + traffic.bytesOut,
]

function sumOf(all: readonly (Rates | null)[]): Rates {
  const sum: [number, number, number] = [0, 0, 0]
  for (const rates of all) {
    for (const index of columns) sum[index] += rates?.[index] ?? 0
  }
  return sum
}

const columns = [0, 1, 2] as const

const ringOf = (rings: Map<string, Ring>, key: string, grain: Grain): Ring => {
  const ring = rings.get(key) ?? new Ring(grain)
  rings.set(key, ring)
  return ring
}

/** So many slots of equal length, in a circle; a slot has the number of its time. */
class Ring {
  readonly #grain: Grain
  readonly #values: Float32Array
  #slot = Number.NEGATIVE_INFINITY
  #counts: Rates | null = null
  #at: Instant | null = null
  /** What was written last. */
  newest: Rates | null = null

  constructor(grain: Grain) {
    this.#grain = grain
    this.#values = new Float32Array(grain.kept * columns.length).fill(Number.NaN)
  }

  /** The counters as they are now. They go back when somebody has made the service anew. */
  see(counts: Rates, now: Instant): void {
    const [before, at] = [this.#counts, this.#at]
    if (before !== null && at !== null) {
      if (this.#slotAt(now) === this.#slot) return
      const length = between(at, now) / 1000
      const isAnew = counts.some((count, index) => count < (before[index] ?? 0))
      if (length > 0 && !isAnew) {
        const rate = (index: 0 | 1 | 2): number => (counts[index] - before[index]) / length
        this.put([rate(0), rate(1), rate(2)], now)
      }
    }
    this.#counts = counts
    this.#at = now
  }

  put(rates: Rates, now: Instant): void {
    const slot = this.#slotAt(now)
    const missed = Math.min(slot - this.#slot - 1, this.#grain.kept)
    // A look may come a little late: then it tells of two slots.
    for (let back = missed; back > 0; back--) this.#write(slot - back, missed === 1 ? rates : null)
    this.#write(slot, rates)
    this.#slot = slot
    this.newest = rates
  }

  series(now: Instant): Series {
    const { kept } = this.#grain
    const last = this.#slotAt(now)
    const column = (index: number): (number | null)[] =>
      Array.from({ length: kept }, (_, place) => {
        const slot = last - kept + 1 + place
        if (slot > this.#slot || slot <= this.#slot - kept) return null
        const value = this.#values[this.#place(slot) + index] ?? Number.NaN
        return Number.isNaN(value) ? null : Math.round(value * 10) / 10
      })
    return { connections: column(0), packets: column(1), bytes: column(2) }
  }

  #write(slot: number, rates: Rates | null): void {
    for (const index of columns) {
      this.#values[this.#place(slot) + index] = rates?.[index] ?? Number.NaN
    }
  }

  #slotAt(now: Instant): number {
    return Math.floor(now / this.#grain.every)
  }

  #place(slot: number): number {
    const { kept } = this.#grain
    return (((slot % kept) + kept) % kept) * columns.length
  }
}

import type { Traffic } from '../ipvs/service.ts'
import { counter, counter64, gauge, type Value } from './value.ts'

/** Where in a table of KEEPALIVED-MIB each group of the kernel's counters begins. */
export type TrafficPlaces = {
  readonly connections: number
  /** Packets in and out, bytes in and out. */
  readonly packets: number
  /** Per second: connections, packets in and out, bytes in and out. */
  readonly rates: number
  /** Connections, packets in and out once more, in 64 bits. */
  readonly wide: number
  /** The rates once more, each as the low and the high half of 64 bits. */
  readonly wideRates: number
}

type Counted = { readonly traffic: Traffic | null }

const half = 2 ** 32

/** What is not in the kernel's table has none of them. */
export function trafficColumns(places: TrafficPlaces) {
  const { connections, packets, rates, wide, wideRates } = places
  const columns: Record<number, (row: Counted) => Value | null> = {}
  const put = (number: number, value: (traffic: Traffic) => Value): void => {
    columns[number] = ({ traffic }) => (traffic === null ? null : value(traffic))
  }
  put(connections, each => gauge(each.connections))
  put(packets, each => counter(each.packetsIn))
  put(packets + 1, each => counter(each.packetsOut))
  put(packets + 2, each => counter64(each.bytesIn))
  put(packets + 3, each => counter64(each.bytesOut))
  for (const [place, rate] of rateNames.entries()) {
    put(rates + place, each => gauge(each[rate]))
    put(wideRates + 2 * place, each => gauge(each[rate] % half))
    put(wideRates + 2 * place + 1, each => gauge(Math.floor(each[rate] / half)))
  }
  put(wide, each => counter64(each.connections))
  put(wide + 1, each => counter64(each.packetsIn))
  put(wide + 2, each => counter64(each.packetsOut))
  return columns
}

const rateNames = [
  'connectionsPerSecond',
  'packetsInPerSecond',
  'packetsOutPerSecond',
  'bytesInPerSecond',
  'bytesOutPerSecond',
] as const

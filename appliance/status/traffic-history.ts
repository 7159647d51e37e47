import type { Series } from '../ipvs/traffic-history.ts'

export type { Series }

export type TrafficTimes = {
  readonly everySeconds: number
  /** The moment of the last value of each series. */
  readonly endsAt: string
}

export type TrafficHistoryOfAll = TrafficTimes & {
  readonly total: Series
  /** In a second, as of the last look; null: not known. */
  readonly services: readonly {
    readonly service: string
    readonly at: string
    readonly connections: number | null
    readonly packets: number | null
    readonly bytes: number | null
  }[]
}

export type ServiceTrafficHistory = TrafficTimes & {
  readonly serversEverySeconds: number
  readonly places: readonly {
    readonly at: string
    /** Null: it is not in the kernel's table. */
    readonly series: Series | null
    readonly servers: readonly {
      readonly name: string
      readonly at: string
      readonly series: Series | null
    }[]
  }[]
}

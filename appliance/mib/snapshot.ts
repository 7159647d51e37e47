import type { Traffic } from '../ipvs/service.ts'
import type { RouterCounters, RouterStateName } from '../status/router-status.ts'
import type { ServerState } from '../status/service-status.ts'

/** What the agent knows of the box: no secret, and no sentence, since it comes for every look. */
export type Snapshot = {
  readonly version: string
  readonly hostname: string
  readonly routers: readonly RouterFacts[]
  readonly trackers: readonly { readonly name: string; readonly state: string }[]
  readonly services: readonly ServiceFacts[]
}

export type RouterFacts = {
  readonly name: string
  readonly state: RouterStateName
  readonly interface: string
  readonly vrid: number
  readonly family: 'inet' | 'inet6'
  readonly version: 2 | 3
  readonly intervalSeconds: number
  readonly preempt: boolean
  /** Its addresses are closed to all but the services when false. */
  readonly accept: boolean
  readonly preemptDelaySeconds: number
  readonly announceDelaySeconds: number
  readonly authentication: 'none' | 'password' | 'hmac'
  /** Null: unicast. */
  readonly group: string | null
  readonly syncGroup: string | null
  readonly priority: { readonly effective: number; readonly configured: number }
  readonly source: string | null
  readonly master: string | null
  readonly addresses: readonly AddressFacts[]
  readonly counters: RouterCounters
}

export type AddressFacts = {
  /** With the length of its network. */
  readonly address: string
  readonly interface: string
  readonly scope: 'global' | 'link' | 'host'
  readonly held: boolean
  readonly advertised: boolean
}

export type ServiceFacts = {
  readonly name: string
  readonly at: readonly PlaceFacts[]
  readonly scheduler: string
  readonly persistence: { readonly seconds: number } | null
  readonly onePacket: boolean
  readonly up: boolean
  readonly quorum: number
  readonly hysteresis: number
  readonly traffic: Traffic | null
  readonly servers: readonly ServerFacts[]
}

export type PlaceFacts =
  | {
      readonly kind: 'address'
      readonly protocol: 'tcp' | 'udp' | 'sctp'
      readonly address: string
      readonly port: number
    }
  | { readonly kind: 'mark'; readonly mark: number }

export type ServerFacts = {
  readonly name: string
  readonly isSorry: boolean
  readonly address: string
  readonly port: number
  readonly forwarding: 'nat' | 'direct' | 'tunnel'
  readonly state: ServerState
  readonly weight: number
  readonly upper: number
  readonly lower: number
  readonly inhibit: boolean
  readonly active: number
  readonly inactive: number
  readonly persistent: number
  readonly traffic: Traffic | null
}

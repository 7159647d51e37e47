import type { Override } from '../health/service-config.ts'
import type { Traffic } from '../ipvs/service.ts'
import type { ServerState } from './service-status.ts'

/** What the director answers when somebody asks. */

export type ServiceTraffic = {
  readonly service: string
  readonly at: string
  /** Null: it is not in the kernel's table. */
  readonly traffic: Traffic | null
  readonly servers: readonly ServerTraffic[]
}

export type ServerTraffic = {
  readonly name: string
  readonly at: string
  readonly forwarding: 'nat' | 'direct' | 'tunnel'
  readonly weight: number
  readonly active: number
  readonly inactive: number
  readonly persistent: number
  readonly traffic: Traffic
}

/** Why a server is what it is. */
export type Explanation = {
  readonly server: string
  readonly at: string
  readonly scheduler: string
  readonly state: ServerState
  readonly since: string
  readonly why: string
  /** Null: it is not in the table. */
  readonly weight: number | null
  readonly explanation: string
  /** Why there is no table, and the weight only what it would be; null: there is one. */
  readonly missing: string | null
  readonly override: Override | null
  readonly checks: readonly ExplainedCheck[]
}

export type ExplainedCheck = {
  readonly name: string
  readonly kind: string
  readonly says: string
  /** The services that use what it finds. */
  readonly usedBy: readonly string[]
  readonly latencyMs: {
    readonly last: number
    readonly median: number
    readonly longest: number
  } | null
  readonly history: readonly {
    readonly at: string
    readonly tookMs: number | null
    readonly passed: boolean
    readonly reason: string | null
    readonly why: string
  }[]
}

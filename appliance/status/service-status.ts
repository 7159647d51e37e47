/** One service of this box, in keepalived's words. */
export type ServiceStatus = {
  readonly name: string
  /** `up`: its quorum is there. `unknown`: not all of its servers have been asked yet. */
  readonly state: 'up' | 'down' | 'unknown'
  readonly since: string
  readonly why: string
  /** `tcp 192.0.2.100:80`, `mark 7 (IPv4)`. */
  readonly at: readonly string[]
  readonly scheduler: string
  /** Who gets new connections. `all`: also servers whose checks fail, because too few are up. */
  readonly serving: 'servers' | 'sorry-server' | 'all' | 'nobody'
  /** The weights of the servers that are up, and how much makes the quorum. */
  readonly weight: number
  readonly quorum: number
  readonly servers: readonly ServerStatus[]
}

export type ServerStatus = {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly forwarding: 'nat' | 'direct' | 'tunnel'
  readonly state: ServerState
  readonly since: string
  readonly why: string
  /** In the kernel's table; null: it is not there. */
  readonly weight: number | null
  /** As in `100 - 30 (check page is down) = 70`. */
  readonly explanation: string
  readonly checks: readonly CheckStatus[]
}

/**
 * `drained` and `disabled`: by an operator. `draining`: no longer configured, and its connections
 * have not ended.
 */
export type ServerState = 'up' | 'down' | 'unknown' | 'drained' | 'disabled' | 'draining'

export type CheckStatus = {
  readonly name: string
  readonly state: 'up' | 'down' | 'unknown'
  readonly since: string
  readonly why: string
}

/** What the director does beside its services. */
export type DirectorStatus = DirectorReport & {
  /** `no-table`: the kernel has none. `degraded`: it refuses some, or somebody else answers. */
  readonly state: 'ok' | 'degraded' | 'no-table'
  readonly since: string
  readonly why: string
}

/** The same as it says it itself. */
export type DirectorReport = {
  /** Null: connections are not carried over to the other box. */
  readonly sync: {
    readonly role: 'master' | 'backup' | 'none'
    readonly interface: string
    readonly id: number
    readonly since: string
    readonly why: string
  } | null
  /** Why there is no table at all; null: there is one. */
  readonly missing: string | null
  /** Operations that the kernel refused, in its words; they are tried again. */
  readonly refused: readonly string[]
  /** Who else answers for our virtual addresses, and what to do about it. */
  readonly claims: readonly string[]
}

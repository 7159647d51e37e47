import type { Alarm } from './document.ts'

/** What the boxes say to each other beside VRRP; null in the document if nothing is configured. */
export type GuardStatus = {
  readonly policy: 'availability-first' | 'one-owner-first'
  /** Why this box may not lead; null: it may. */
  readonly restraint: string | null
  /** `unknown`: it was never heard since this box has started. */
  readonly peer: {
    readonly state: 'heard' | 'silent' | 'unknown'
    readonly since: string
    readonly why: string
  }
  readonly paths: readonly PathStatus[]
  /** Routers whose addresses both boxes have. */
  readonly splits: readonly {
    readonly router: string
    readonly since: string
    readonly why: string
  }[]
  /** At each witness, one that only one box can have. */
  readonly leases: readonly LeaseStatus[]
}

/** With what the supervisor knows of it: since when. */
export type ShownGuard = Omit<GuardStatus, 'leases'> & {
  /** Null: it may lead. */
  readonly restrainedSince: string | null
  readonly leases: readonly (LeaseStatus & { readonly since: string })[]
}

export type LeaseStatus = {
  readonly name: string
  readonly state: 'unknown' | 'silent' | 'free' | 'starting' | 'held' | 'taken'
  readonly why: string
  readonly address: string
  readonly port: number
}

export type PathStatus = {
  readonly name: string
  readonly state: 'up' | 'silent' | 'unknown'
  readonly since: string
  readonly why: string
  /** Or the device of a serial line, which has no peer but a speed. */
  readonly interface: string
  readonly peer: string | null
  readonly baud: number | null
  readonly heardAt: string | null
  readonly counters: {
    readonly sent: number
    readonly received: number
    readonly missing: number
    readonly refused: Readonly<Record<string, number>>
  }
}

/** What vrrpd tells the supervisor of it. */
export type GuardReport = {
  readonly status: GuardStatus
  readonly alarms: readonly Alarm[]
  /** For the last heartbeat, which the supervisor says when vrrpd has died. */
  readonly session: { readonly boot: number; readonly accepted: number }
  readonly fencing: {
    /** Why no router takes the place of a silent master; null: it may. */
    readonly held: string | null
    /** The other box is to be switched off. `known`: it was heard since this one has started. */
    readonly wish: { readonly id: string; readonly known: boolean } | null
  }
}

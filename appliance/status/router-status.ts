/** One virtual router of this box, in keepalived's words. */
export type RouterStatus = {
  readonly name: string
  readonly state: RouterStateName
  readonly since: string
  readonly why: string
  readonly interface: string
  readonly vrid: number
  readonly family: 'inet' | 'inet6'
  readonly version: 2 | 3
  readonly intervalSeconds: number
  readonly preempt: boolean
  readonly syncGroup: string | null
  readonly priority: {
    readonly effective: number
    readonly configured: number
    /** As in `100 - 30 check_nginx = 70`. */
    readonly explanation: string
  }
  /** The source of our adverts; null while the interface has none. */
  readonly source: string | null
  /** Whom a backup has heard last; null when none was heard, and for a master. */
  readonly master: {
    readonly address: string
    readonly priority: number
    readonly since: string
  } | null
  /** When a backup becomes master if it hears nothing more; null for all others. */
  readonly expectsMasterInSeconds: number | null
  readonly addresses: readonly { readonly address: string; readonly held: boolean }[]
  readonly counters: RouterCounters
}

/** `INIT`: it does not take part yet, or no longer. */
export type RouterStateName = 'MASTER' | 'BACKUP' | 'FAULT' | 'INIT'

/** Since vrrpd has started. */
export type RouterCounters = {
  readonly sent: number
  readonly received: number
  readonly priorityZeroSent: number
  readonly priorityZeroReceived: number
  readonly becameMaster: number
  readonly sendFailures: number
  /** Accepted, with a v3 checksum over the advert alone. */
  readonly withoutPseudoHeader: number
  /** Accepted, with other addresses than ours. */
  readonly addressesDiffer: number
  /** By the reason tokens of the ladder. */
  readonly rejected: Readonly<Record<string, number>>
}

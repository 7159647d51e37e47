import type { Duration, Instant } from '../values/duration.ts'
import type { IpAddress } from '../values/ip-address.ts'
import type { Advert } from './advert.ts'
import type { RouterConfig } from './router-config.ts'

/** Every state says since when, and why. */
type Known = { readonly since: Instant; readonly why: string }

export type RouterState =
  /** Null: not started, or stopped for good. */
  | (Known & { readonly kind: 'initialize'; readonly startsAt: Instant | null })
  | BackupState
  | MasterState
  | (Known & { readonly kind: 'fault' })

export type BackupState = Known & {
  readonly kind: 'backup'
  readonly masterDownAt: Instant
  /** Whom we heard last; null until then. */
  readonly master: HeardMaster | null
  /** Of its first advert with no other master's between; null until then. */
  readonly masterSince: Instant | null
  /** It has given up: its place is free from `masterDownAt` on. */
  readonly released: boolean
  /** When a lower master may be preempted; null as long as none was heard. */
  readonly preemptAt: Instant | null
  /** After a handover that somebody asked for: a lower master is left in peace. */
  readonly patient: boolean
  /** The peer has said beside VRRP that it leads: until then its silence there proves nothing. */
  readonly heldUntil: Instant | null
}

/** What the other box says of a router over a path beside VRRP: see appliance/guard. */
export type PeerWord =
  /** It is master, has the addresses, and serves; true for as long as `holds` says. */
  | {
      readonly says: 'leads'
      readonly priority: number
      readonly address: IpAddress
      readonly holds: Duration
      /** It hears nothing of us, so that nothing we say can make it give way. */
      readonly deaf: boolean
    }
  /** It was master, and is not any more. Null: it does not know its address any more. */
  | { readonly says: 'released'; readonly address: IpAddress | null }

export type HeardMaster = {
  readonly address: IpAddress
  readonly priority: number
  /** As its adverts say: v3 learns it. */
  readonly interval: Duration
}

export type MasterState = Known & {
  readonly kind: 'master'
  readonly advertAt: Instant
  /** The coming bursts of announcements, earliest first. */
  readonly announceAt: readonly Instant[]
  /** An advert out of turn is sent again from here on: a flood must not make us flood. */
  readonly answerAfter: Instant
  /** Contested addresses are announced out of turn again from here on. */
  readonly contestAfter: Instant
  /** It did not run for so long that another may be master: it listens before it speaks. */
  readonly listens: boolean
}

/** What holds at the moment of an input, beside it. */
export type Circumstances = {
  readonly config: RouterConfig
  /** After trackers; 255 for an owner. */
  readonly priority: number
  /** Reasons for FAULT; none when all is well. */
  readonly faults: readonly string[]
  /** The source of our adverts; null as long as the interface has none. */
  readonly self: IpAddress | null
  /** A silent master keeps its place for so long at least: see guard/policy.ts. Usually 0. */
  readonly leastSilence: Duration
  /** Not null: the silence of a master is no reason to take over, see guard/fence-watch.ts. */
  readonly heldBack: string | null
}

export type RouterInput =
  | { readonly input: 'Started'; readonly now: Instant }
  /** One that has passed every check of decode.ts. */
  | {
      readonly input: 'AdvertReceived'
      readonly now: Instant
      readonly advert: Advert
      readonly source: IpAddress
      /** It came over a second path: only a release counts there. */
      readonly secondPath: boolean
    }
  /** Comes after everything that waits in the sockets: after a stall the silence was ours. */
  | {
      readonly input: 'TimerDue'
      readonly now: Instant
      /** It comes so late that a master may have spoken meanwhile and nothing of it be left. */
      readonly stoodStill: boolean
    }
  | { readonly input: 'PeerSaid'; readonly now: Instant; readonly word: PeerWord }
  /** The box stood still, and so did its monotonic clock: for so long. */
  | { readonly input: 'Paused'; readonly now: Instant; readonly lost: Duration }
  /** The direct link to the other box is dead: one missing advert is enough then. */
  | { readonly input: 'PeerDoubted'; readonly now: Instant }
  /** The circumstances are others than before. */
  | { readonly input: 'Changed'; readonly now: Instant; readonly before: Circumstances }
  /** Somebody wants another master: an operator, or the other routers of the sync group. */
  | {
      readonly input: 'Yielded'
      readonly now: Instant
      readonly why: string
      readonly patient: boolean
    }
  | { readonly input: 'Stopped'; readonly now: Instant; readonly why: string }

/** Of a router that takes part. */
export type LiveInput = Exclude<RouterInput, { readonly input: 'Stopped' }>

/** To be performed in this order. */
export type RouterEffect =
  /** 0: we give up. Also on the second paths then. */
  | { readonly effect: 'SendAdvert'; readonly priority: number }
  /** Addresses, routes and rules are to be there from now on. */
  | { readonly effect: 'HoldAddresses' }
  | { readonly effect: 'ReleaseAddresses' }
  /** Tells the neighbours where the addresses are. */
  | { readonly effect: 'Announce'; readonly because: AnnounceReason }
  | {
      readonly effect: 'StateChanged'
      readonly from: RouterState['kind']
      readonly to: RouterState['kind']
      readonly why: string
    }
  /** For the record; nothing depends on it. */
  | { readonly effect: 'Noticed'; readonly notice: Notice }

export type AnnounceReason = 'took-over' | 'repeat' | 'contested' | 'new-addresses' | 'was-away'

export type Notice =
  | { readonly reason: 'master-changed'; readonly to: HeardMaster }
  | { readonly reason: 'lower-master'; readonly address: IpAddress; readonly priority: number }
  /** It holds our source address: one of the two is configured wrongly. */
  | { readonly reason: 'own-address'; readonly address: IpAddress }

export type RouterStep = { readonly state: RouterState; readonly effects: readonly RouterEffect[] }

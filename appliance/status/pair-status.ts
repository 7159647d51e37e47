import type { RouterStateName } from './router-status.ts'

/** The two boxes: whether they are one, and what is missing. */
export type PairStatus = {
  /**
   * `single`: paired with nobody. `joining`: the peer's configuration is on its way for the first
   * time. `alone`: the peer is away. `behind`: connected, and not the same yet. `conflict`: both
   * were changed while they were apart, and a person has to choose.
   */
  readonly state: 'single' | 'joining' | 'alone' | 'in-sync' | 'behind' | 'conflict'
  readonly since: string
  readonly why: string
  readonly peer: PeerStatus | null
  /** Of this box; null: it has not needed one yet. */
  readonly key: PairKeyStatus | null
  /** Not null: another box may join until then. The code itself is nobody's here. */
  readonly codeExpiresAt: string | null
  /** The last one that somebody asked this box for since it has started. */
  readonly handover: HandoverReceipt | null
}

/** What the box shows when it connects to the other one. */
export type PairKeyStatus = {
  /** SHA-256 of its certificate, upper-case hex pairs with colons. */
  readonly fingerprint: string
  readonly since: string
  /** Another one is wanted, and comes when both boxes are connected and in sync. */
  readonly isChanging: boolean
}

export type PeerStatus = {
  readonly name: string
  readonly address: string
  /** SHA-256 of its certificate, upper-case hex pairs with colons. */
  readonly fingerprint: string
  /** Since when this box knows it by that; null: that was not written down. */
  readonly keySince: string | null
  /** Of its software; null before it has said so. */
  readonly version: string | null
  /** When the connection began or ended last; null: not since this box has started. */
  readonly heardAt: string | null
  /** What it says of itself; null: it is not connected, or has not said it yet. */
  readonly report: PeerReport | null
}

export type PeerReport = {
  readonly health: { readonly state: 'starting' | 'ok' | 'degraded'; readonly why: string }
  readonly alarms: number
  readonly maintenance: boolean
  readonly routers: readonly PeerRouter[]
}

/** Which addresses it has is the same on both boxes. */
export type PeerRouter = {
  readonly name: string
  readonly state: RouterStateName
  readonly priority: number
  readonly why: string
}

/** What an orderly handover has cost, as far as it could be measured. */
export type HandoverReceipt = {
  readonly at: string
  readonly routers: readonly string[]
  /** `handed-over`; `not-taken`: this box is master again; `unknown`: nobody was heard in time. */
  readonly outcome: 'handed-over' | 'not-taken' | 'unknown'
  /** The peer's name, or the address of who is master now. */
  readonly to: string | null
  /** How long no box held the addresses: of several routers the longest. */
  readonly gap: {
    readonly ms: number
    /** It may be so much more or less. */
    readonly withinMs: number
    /** The clocks of both boxes, or what this one alone has heard. */
    readonly by: 'pair-link' | 'adverts'
  } | null
  /** Established ones, of those that were looked up at the peer. */
  readonly connections: { readonly kept: number; readonly of: number } | null
  /** Why they were not measured. */
  readonly connectionsWhy: string | null
  /** All of it in a sentence. */
  readonly text: string
}

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
}

export type PeerStatus = {
  readonly name: string
  readonly address: string
  /** SHA-256 of its certificate, upper-case hex pairs with colons. */
  readonly fingerprint: string
  /** Of its software; null before it has said so. */
  readonly version: string | null
  /** When the connection began or ended last; null: not since this box has started. */
  readonly heardAt: string | null
}

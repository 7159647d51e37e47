/** What one box knows of the common configuration, what it hears, and what it does about it. */

import type { Content, ShareFrame } from './frames.ts'
import type { Half } from './reunion.ts'

/** How far the two are with each other. */
export type Stage =
  | { readonly kind: 'away' }
  /** Connected: the other one has not said what it has. */
  | { readonly kind: 'meeting' }
  | { readonly kind: 'in-sync' }
  /** The other one is to take what is here. */
  | { readonly kind: 'giving' }
  | { readonly kind: 'awaiting' }
  /** What is here was refused there, or the other way round. */
  | { readonly kind: 'refused'; readonly whys: readonly string[] }
  | { readonly kind: 'conflict'; readonly why: string }

/** What is under way, of the two boxes together: one thing at a time. */
export type Work =
  | { readonly kind: 'none' }
  /** Ours, and it waits for a word of the other box; `writing`: it has that. */
  | {
      readonly kind: 'proposing' | 'writing'
      readonly id: string
      readonly hash: string
      readonly isTrial: boolean
      /** The connection that it was proposed over has ended. */
      readonly isCut: boolean
    }
  /** Theirs: our processes take it, have taken it, it is being written. */
  | {
      readonly kind: 'taking' | 'taken' | 'committing'
      readonly id: string
      readonly hash: string
      readonly isTrial: boolean
      readonly isCut: boolean
      readonly agreed: Half['agreed'] | null
    }
  /** What the reunion brings: taken and written at once. */
  | {
      readonly kind: 'receiving'
      readonly id: string
      readonly given: Half
      readonly isCut: boolean
    }

export type Replication = {
  readonly own: Half
  readonly theirs: Half | null
  /** When both propose at once, one gives way: it is the other one's turn. */
  readonly yields: boolean
  readonly stage: Stage
  readonly work: Work
  /** Something was given while other work was under way: it has to be given again. */
  readonly isOwed: boolean
}

export type ReplicationInput =
  | { readonly input: 'linked'; readonly agreed: Half['agreed']; readonly yields: boolean }
  | { readonly input: 'cut' }
  | { readonly input: 'heard'; readonly frame: ShareFrame }
  /** Somebody here wants it; the processes here have taken it already. */
  | {
      readonly input: 'change'
      readonly id: string
      readonly hash: string
      readonly content: Content
    }
  /** A change of here or of there is on the disk, or cannot be. */
  | { readonly input: 'written' | 'dropped'; readonly id: string }
  /** The other box has not answered in time. */
  | { readonly input: 'late'; readonly id: string }
  /** What the other box proposes: the processes here. */
  | { readonly input: 'took'; readonly id: string }
  | { readonly input: 'not-taken'; readonly id: string; readonly whys: readonly string[] }
  /** What is in force here has become another without having been proposed. */
  | { readonly input: 'own'; readonly hash: string }
  | { readonly input: 'resolve'; readonly keep: 'ours' | 'theirs'; readonly id: string }

export type ReplicationEffect =
  | { readonly effect: 'send'; readonly frame: ShareFrame }
  /** What is in force here, as a `give`. */
  | { readonly effect: 'give'; readonly over: string; readonly chosen: boolean }
  /** To the one who wants the change: it goes on when there is no reason against it. */
  | { readonly effect: 'answer'; readonly id: string; readonly whys: readonly string[] }
  /** `isGiven`: it is written at once, else after `commit`. */
  | {
      readonly effect: 'take'
      readonly id: string
      readonly content: Content
      readonly isGiven: boolean
    }
  | { readonly effect: 'commit' | 'abandon'; readonly id: string }
  | { readonly effect: 'record'; readonly agreed: Half['agreed'] }

export type ReplicationStep = {
  readonly state: Replication
  readonly effects: readonly ReplicationEffect[]
}

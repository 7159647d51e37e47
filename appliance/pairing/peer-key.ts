/** The key of the other box, as this one knows it; own-key.ts has the other end. */

export type PinnedKey = {
  readonly fingerprint: string
  /** What it says that it uses next: it may connect with either. */
  readonly next: string | null
}

/** It has made another one. What it told before it has lost, or it would go on with that. */
export const pinnedBeside = ({ fingerprint }: PinnedKey, told: string): PinnedKey => ({
  fingerprint,
  next: told === fingerprint ? null : told,
})

/** It has shown the new one, so it has no old one any more: nobody is let in with that. */
export const afterUse = ({ fingerprint, next }: PinnedKey, shown: string): PinnedKey =>
  shown === next ? { fingerprint: next, next: null } : { fingerprint, next }

export const isKeyOf = ({ fingerprint, next }: PinnedKey, shown: string): boolean =>
  shown === fingerprint || shown === next

/**
 * Two boxes that have been apart compare what they have of the cluster's half of the document.
 * Each knows what both had agreed on last; whoever has not moved since takes what the other has.
 */

/** What one box has. */
export type Half = {
  /** SHA-256 of the cluster's half as it is in force here, secrets and all. */
  readonly hash: string
  /** What both have had, as far as this box knows; counted up with each change of both. */
  readonly agreed: { readonly hash: string; readonly count: number }
}

export type Reunion =
  /** Both agree on it from now on. */
  | { readonly kind: 'same'; readonly agreed: Half['agreed'] }
  | { readonly kind: 'take-theirs' }
  | { readonly kind: 'give-ours' }
  /** Both were changed: a person has to choose, and nothing is lost until then. */
  | { readonly kind: 'conflict'; readonly why: string }

export function reunion(ours: Half, theirs: Half): Reunion {
  const count = Math.max(ours.agreed.count, theirs.agreed.count)
  if (ours.hash === theirs.hash) return { kind: 'same', agreed: { hash: ours.hash, count } }
  const [weMoved, theyMoved] = [ours, theirs].map(half => half.hash !== half.agreed.hash)
  if (weMoved && theyMoved) {
    return { kind: 'conflict', why: 'both boxes were changed while they were apart' }
  }
  // Who has not moved may have missed the last common change: it ended in between.
  if (theyMoved) return newer(theirs, ours) ? { kind: 'take-theirs' } : overtaken
  if (weMoved) return newer(ours, theirs) ? { kind: 'give-ours' } : overtaken
  if (ours.agreed.count === theirs.agreed.count) {
    return { kind: 'conflict', why: 'the boxes remember different common configurations' }
  }
  return ours.agreed.count > theirs.agreed.count ? { kind: 'give-ours' } : { kind: 'take-theirs' }
}

const overtaken: Reunion = {
  kind: 'conflict',
  why: 'one box was changed while it did not know the last change of both',
}

/** What moved did so on top of what the other one has. */
const newer = (moved: Half, stayed: Half): boolean => moved.agreed.count >= stayed.agreed.count

import type { ChangeRefusal } from '../../api/configuration.ts'
import { findingText } from '../../config/finding.ts'
import { newestVersion } from '../../config/migrations.ts'
import { partsOf } from '../../config/parts.ts'
import { momentAfter, thisMoment } from '../../store/trial.ts'
import { canonical } from '../../values/canonical.ts'
import type { Duration } from '../../values/duration.ts'
import type { ConfigurationCore } from './core.ts'

/** A change as the paired box hears of it. */
export type SharedChange = {
  /** With its secrets. */
  readonly cluster: Readonly<Record<string, unknown>>
  readonly author: string
  readonly reason: string
  readonly confirmWithin: Duration | null
}

/** Writes a change of here when the paired box has taken it too; `write` gives why it cannot. */
export type Share = (
  change: SharedChange,
  write: () => string | null,
) => Promise<ChangeRefusal | null>

export type NodeHalf =
  | { readonly kind: 'node'; readonly node: unknown }
  | { readonly kind: 'refused'; readonly whys: readonly string[] }

/** What the paired box says of its change meanwhile. */
export type PeerWord = {
  /** False: it has let go of it before its turn came. */
  readonly isWanted: () => boolean
  /** The processes have it. True: write it, false: it is taken back. */
  readonly settled: () => Promise<boolean>
  /** What of this box goes with the cluster's half, or why it does not fit to this box. */
  readonly nodeFor: (cluster: SharedChange['cluster'], node: unknown) => NodeHalf
}

export const clusterOf = (raw: unknown): SharedChange['cluster'] =>
  (raw as { readonly cluster?: SharedChange['cluster'] } | null)?.cluster ?? {}

/**
 * A change of the paired box, with what this box has of its own. Gives why it is not taken; empty:
 * it is in force, or was taken back because the other box has let go of it.
 */
export async function takeFromPeer(
  change: SharedChange,
  word: PeerWord,
  core: ConfigurationCore,
): Promise<readonly string[]> {
  const { site, store } = core
  const { file } = site
  const before = core.inForce()
  if (!word.isWanted()) return []
  if (file !== null) return [`its configuration is read from ${file}`]
  if (store.trial !== null) {
    const isKept = change.confirmWithin === null && isSame(change.cluster, clusterOf(before.raw))
    if (!isKept) return [`revision ${store.newest?.number} is on trial there`]
    if (!(await word.settled())) return []
    const why = await core.confirm(change.author)
    return why === null ? [] : [why]
  }
  const own = (before.raw ?? {}) as Readonly<Record<string, unknown>>
  const fitting = word.nodeFor(change.cluster, own.node)
  if (fitting.kind === 'refused') return fitting.whys
  const { node } = fitting
  const raw = {
    schemaVersion: newestVersion,
    cluster: change.cluster,
    ...(node === undefined ? {} : { node }),
  }
  const parsed = core.parsed(raw)
  if (parsed.kind === 'refused') return parsed.findings.map(findingText)
  const parts = partsOf(parsed.document, before.parts)
  const whys = await site.give(parts)
  if (whys.length > 0) {
    await core.giveBack(before.parts)
    return whys
  }
  if (!(await word.settled())) {
    await core.giveBack(before.parts)
    return []
  }
  const { author, reason, confirmWithin } = change
  const trialUntil = confirmWithin && momentAfter(thisMoment(), confirmWithin)
  const written = { document: raw, author, reason, time: new Date(), trialUntil }
  const why = core.commit(written, { document: parsed.document, parts })
  if (why === null) return []
  await core.giveBack(before.parts)
  return [why]
}

const isSame = (a: unknown, b: unknown): boolean => a === b || canonical(a) === canonical(b)

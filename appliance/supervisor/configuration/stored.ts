import { type Document, parseDocument } from '../../config/document.ts'
import type { Finding } from '../../config/finding.ts'
import type { Revision } from '../../store/revision-folder.ts'
import type { Store } from '../../store/store.ts'

export type UsableRevision = { readonly revision: Revision; readonly document: Document }

/** Whole, but this software does not know what is in it: the box has gone back to an older one. */
export type RefusedRevision = { readonly number: number; readonly findings: readonly Finding[] }

/** The newest revision that this software can run with, and the newer ones that it refuses. */
export function newestUsable(store: Store): {
  readonly usable: UsableRevision | null
  readonly refused: readonly RefusedRevision[]
} {
  const refused: RefusedRevision[] = []
  const newest = store.newest
  if (newest === null) return { usable: null, refused }
  for (const number of [newest.number, ...olderThan(newest.number, store)]) {
    const loaded = store.at(number)
    if (loaded.kind !== 'revision') continue
    const parsed = parseDocument(loaded.revision.document)
    if (parsed.kind === 'document') {
      return { usable: { revision: loaded.revision, document: parsed.document }, refused }
    }
    refused.push({ number, findings: parsed.findings })
  }
  return { usable: null, refused }
}

const olderThan = (number: number, store: Store): readonly number[] =>
  store
    .history()
    .heads.map(head => head.number)
    .filter(each => each < number)

import type { ChangeRefusal, ChangeRequest } from '../../api/configuration.ts'
import { parseDuration } from '../../config/duration-text.ts'
import { type Patched, patched } from '../../config/json-patch.ts'
import { joinSecrets, type Secrets } from '../../config/secrets.ts'
import type { Store } from '../../store/store.ts'
import { type Duration, minutes, seconds } from '../../values/duration.ts'

/** What there is before the change. */
export type Ground = {
  /** With its secrets; null: nothing. */
  readonly raw: unknown
  readonly secrets: Secrets
  readonly store: Store
}

export type Wish = {
  readonly kind: 'wish'
  /** With its secrets. */
  readonly raw: unknown
  readonly reason: string
  readonly confirmWithin: Duration | null
}

const [shortest, longest] = [seconds(5), minutes(24 * 60)]

const bad = (why: string): ChangeRefusal => ({ kind: 'bad-request', why })

/** The document that somebody asks for. */
export function wishOf(request: ChangeRequest, ground: Ground): Wish | ChangeRefusal {
  const { document, patch, revision, confirmWithin } = request
  const given = [document, patch, revision].filter(each => each !== undefined)
  if (given.length !== 1) return bad('exactly one of document, patch and revision is needed')
  if (document !== undefined && request.parent === undefined && ground.raw !== null) {
    return bad('a document needs the number of the revision that it was made from, as parent')
  }
  const wait = confirmWithin === undefined ? null : parseDuration(confirmWithin)
  if (confirmWithin !== undefined && (wait === null || wait < shortest || wait > longest)) {
    return bad('confirmWithin is a time from "5s" to "24h"')
  }
  const wanted = wantedDocument(request, ground)
  if (wanted.kind !== 'document') return wanted
  const reason = request.reason ?? (revision === undefined ? '' : `back to revision ${revision}`)
  return { kind: 'wish', raw: wanted.document, reason, confirmWithin: wait }
}

type Wanted = { readonly kind: 'document'; readonly document: unknown }

function wantedDocument(request: ChangeRequest, ground: Ground): Wanted | ChangeRefusal {
  const { document, patch, revision } = request
  if (revision !== undefined) {
    const loaded = ground.store.at(revision)
    if (loaded.kind === 'revision') return { kind: 'document', document: loaded.revision.document }
    const why = loaded.kind === 'damaged' ? loaded.why : 'it is not kept, or never was'
    return { kind: 'no-such-revision', number: revision, why }
  }
  const written = patch === undefined ? asIs(document) : patched(ground.raw ?? {}, patch)
  if (written.kind === 'refused') return bad(written.why)
  const joined = joinSecrets(written.value, ground.secrets)
  return joined.kind === 'document' ? joined : { kind: 'secrets-missing', places: joined.places }
}

const asIs = (value: unknown): Patched => ({ kind: 'value', value })

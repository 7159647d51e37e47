import { alternatives, type Described, description } from './description.ts'

/** A part of the schema below which a document has secrets. */
export type SecretPlace = {
  /** The value itself is one, when it is text. */
  readonly secret: boolean
  readonly keys: ReadonlyMap<string, SecretPlace>
  /** Of the entries of a table, whatever their names. */
  readonly entries: SecretPlace | null
  readonly items: SecretPlace | null
  /** Headers of HTTP by their names: some carry credentials. */
  readonly headers: boolean
}

/** The schema's own keys: an operator's name for something is never one of them. */
const secretKey = /^(password|secret)$/

const leaf: SecretPlace = place({ secret: true })
const headers: SecretPlace = place({ headers: true })

let made: SecretPlace | undefined

export function secretPlaces(): SecretPlace {
  made ??= placeOf(description()) ?? place({})
  return made
}

function place(some: Partial<SecretPlace>): SecretPlace {
  const none = { secret: false, keys: new Map(), entries: null, items: null, headers: false }
  return { ...none, ...some }
}

/** Null: there are none below. */
function placeOf(node: Described): SecretPlace | null {
  const found = alternatives(node).map(inside)
  return found.reduce(merged, null)
}

function inside({ properties = {}, additionalProperties, items }: Described): SecretPlace | null {
  const keys = new Map<string, SecretPlace>()
  for (const [name, child] of Object.entries(properties)) {
    const below = secretKey.test(name) ? leaf : name === 'headers' ? headers : placeOf(child)
    if (below !== null) keys.set(name, below)
  }
  const entries = additionalProperties ? placeOf(additionalProperties) : null
  const each = items ? placeOf(items) : null
  return keys.size === 0 && entries === null && each === null
    ? null
    : place({ keys, entries, items: each })
}

/** What one of several kinds of value has, the place has. */
function merged(a: SecretPlace | null, b: SecretPlace | null): SecretPlace | null {
  if (a === null || b === null || a === b) return a ?? b
  const keys = new Map(a.keys)
  for (const [name, other] of b.keys) {
    const both = merged(keys.get(name) ?? null, other)
    if (both !== null) keys.set(name, both)
  }
  return {
    secret: a.secret || b.secret,
    keys,
    entries: merged(a.entries, b.entries),
    items: merged(a.items, b.items),
    headers: a.headers || b.headers,
  }
}

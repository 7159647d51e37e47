/**
 * Passwords and keys are kept apart from the document, as it is written: in it stands a word in
 * their place. An edited document comes back with that word where a secret stays as it was.
 */

import { notShown } from './not-shown.ts'
import { type Path, pathText } from './path.ts'
import { secretHeader } from './secret-header.ts'
import { type SecretPlace, secretPlaces } from './secret-places.ts'

/** By where they stand; entries of a list that have an `id` by that: `hmac.keys[id=2].secret`. */
export type Secrets = Readonly<Record<string, string>>

export { notShown }

export function splitSecrets(document: unknown): {
  readonly public: unknown
  readonly secrets: Secrets
} {
  const secrets: [string, string][] = []
  const shown = eachSecret(document, (value, place) => {
    secrets.push([place, value])
    return notShown
  })
  return { public: shown, secrets: Object.fromEntries(secrets) }
}

export type Joined =
  | { readonly kind: 'document'; readonly document: unknown }
  /** Where a secret should stay as it was and there was none. */
  | { readonly kind: 'missing'; readonly places: readonly string[] }

/** Only the word is replaced: what somebody has written instead of it is a new secret. */
export function joinSecrets(shown: unknown, secrets: Secrets): Joined {
  const missing: string[] = []
  const document = eachSecret(shown, (value, place) => {
    if (value !== notShown) return value
    if (Object.hasOwn(secrets, place)) return secrets[place] ?? value
    missing.push(place)
    return value
  })
  return missing.length === 0
    ? { kind: 'document', document }
    : { kind: 'missing', places: missing }
}

/** Where each secret of a document stands, by its name in `Secrets`. */
export function pathsOfSecrets(document: unknown): ReadonlyMap<string, Path> {
  const paths = new Map<string, Path>()
  eachSecret(document, (value, place, path) => {
    paths.set(place, path)
    return value
  })
  return paths
}

type Visit = (value: string, place: string, path: Path) => string

/** What has no secret comes back as the same object. */
const eachSecret = (document: unknown, visit: Visit): unknown =>
  walked(document, secretPlaces(), { path: [], place: '' }, visit)

type Where = { readonly path: Path; readonly place: string }

/**
 * Objects without a secret, and as which part of a document they were looked through. Of a large
 * one little changes between two revisions, and nobody changes an object that is part of one.
 */
const plain = new WeakMap<object, SecretPlace>()

function walked(value: unknown, within: SecretPlace, where: Where, visit: Visit): unknown {
  if (within.secret && typeof value === 'string') return visit(value, where.place, where.path)
  if (typeof value !== 'object' || value === null || plain.get(value) === within) return value
  let found = 0
  const counting: Visit = (...secret) => {
    found += 1
    return visit(...secret)
  }
  const after = Array.isArray(value)
    ? walkedList(value, within, where, counting)
    : walkedTable(value, within, where, counting)
  if (found > 0) return after
  plain.set(value, within)
  return value
}

function walkedList(
  list: readonly unknown[],
  { items }: SecretPlace,
  where: Where,
  visit: Visit,
): readonly unknown[] {
  if (items === null) return list
  const marks = list.map(markOf)
  return list.map((each, index) =>
    walked(each, items, entered(where, index, marks[index], marks), visit),
  )
}

function walkedTable(table: object, within: SecretPlace, where: Where, visit: Visit): object {
  const entries = Object.entries(table).map(([key, part]): [string, unknown] => {
    const below = within.keys.get(key) ?? within.entries
    if (within.headers && typeof part === 'string' && secretHeader.test(key)) {
      const { place, path } = stepped(where, key)
      return [key, visit(part, place, path)]
    }
    return [key, below === null ? part : walked(part, below, stepped(where, key), visit)]
  })
  return Object.fromEntries(entries)
}

/** What an entry of a list is known by when the others around it change. */
const markOf = (entry: unknown): string | null =>
  typeof entry === 'object' && entry !== null && 'id' in entry
    ? `[id=${JSON.stringify(entry.id)}]`
    : null

function entered(
  where: Where,
  index: number,
  mark: string | null | undefined,
  marks: readonly (string | null)[],
): Where {
  const own = mark ?? null
  const unique = own !== null && marks.indexOf(own) === marks.lastIndexOf(own)
  return {
    path: [...where.path, index],
    place: `${where.place}${unique ? own : `[${index}]`}`,
  }
}

const stepped = ({ path, place }: Where, key: string): Where => {
  const text = pathText([key])
  return {
    path: [...path, key],
    place: place === '' || text.startsWith('[') ? `${place}${text}` : `${place}.${text}`,
  }
}

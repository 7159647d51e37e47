/**
 * Passwords and keys are kept apart from the document, as it is written: in it stands a word in
 * their place. An edited document comes back with that word where a secret stays as it was.
 */

import { notShown } from './not-shown.ts'
import { type Path, pathText } from './path.ts'
import { type SecretPlace, secretHeader, secretPlaces } from './secret-places.ts'

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

const eachSecret = (document: unknown, visit: Visit): unknown =>
  walked(document, secretPlaces(), { path: [], place: '' }, visit)

type Where = { readonly path: Path; readonly place: string }

function walked(value: unknown, within: SecretPlace, where: Where, visit: Visit): unknown {
  if (within.secret && typeof value === 'string') return visit(value, where.place, where.path)
  if (Array.isArray(value)) {
    const { items } = within
    if (items === null) return value
    const marks = value.map(markOf)
    return value.map((each, index) =>
      walked(each, items, entered(where, index, marks[index], marks), visit),
    )
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, part]): [string, unknown] => {
    const below = within.keys.get(key) ?? within.entries
    const here = stepped(where, key)
    if (within.headers && typeof part === 'string' && secretHeader.test(key)) {
      return [key, visit(part, here.place, here.path)]
    }
    return [key, below === null ? part : walked(part, below, here, visit)]
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

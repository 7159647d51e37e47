import { type Path, pathText } from '../config/path.ts'
import { canonical } from '../values/canonical.ts'

export type Merged = {
  readonly document: unknown
  /** Paths that both have changed, each in another way: there it is as `mine` has it. */
  readonly clashes: readonly string[]
}

/** What `mine` changes in `base`, on top of `theirs`. A list is changed as a whole. */
export function merged(base: unknown, mine: unknown, theirs: unknown): Merged {
  const clashes: string[] = []
  const document = mergedValue(base, mine, theirs, [], clashes)
  return { document, clashes }
}

/** Undefined is what is not there. */
function mergedValue(
  base: unknown,
  mine: unknown,
  theirs: unknown,
  path: Path,
  clashes: string[],
): unknown {
  if (isSame(mine, base)) return theirs
  if (isSame(theirs, base) || isSame(mine, theirs)) return mine
  if (!isTable(mine) || !isTable(theirs)) {
    clashes.push(pathText(path) || 'the document')
    return mine
  }
  const old = isTable(base) ? base : {}
  const keys = new Set([...Object.keys(theirs), ...Object.keys(mine)])
  const entries = [...keys].map(key => {
    const at = [...path, key]
    const value = mergedValue(own(old, key), own(mine, key), own(theirs, key), at, clashes)
    return [key, value] as const
  })
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

type Table = Readonly<Record<string, unknown>>

const own = (table: Table, key: string): unknown =>
  Object.hasOwn(table, key) ? table[key] : undefined

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isSame = (one: unknown, other: unknown): boolean =>
  one === undefined || other === undefined ? one === other : canonical(one) === canonical(other)

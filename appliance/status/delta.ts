/**
 * What has changed between two documents, in few words. An entry of a list whose entries have names
 * is known by its name, so that one changed server of ten thousand is one short change.
 */

export type Delta = readonly Change[]

/** Names of keys, and of entries of a list: `services`, `shop`, `state`. Empty: the whole. */
type Path = readonly string[]

export type Change =
  /** This stands there now; an entry that a list did not have goes to its end. */
  | { readonly at: Path; readonly is: unknown }
  | { readonly at: Path; readonly gone: true }
  /** In this order come the entries of a list. */
  | { readonly at: Path; readonly order: readonly string[] }

const nobody: ReadonlySet<string> = new Set()

/** Keys in `quiet` are no news where both documents have them. */
export const statusDelta = (
  before: unknown,
  after: unknown,
  quiet: ReadonlySet<string> = nobody,
): Delta => {
  const changes: Change[] = []
  compare(before, after, [], quiet, changes)
  return changes
}

/** What is the same object on both sides is not looked into: most of a large document is. */
function compare(
  before: unknown,
  after: unknown,
  at: Path,
  quiet: ReadonlySet<string>,
  changes: Change[],
): void {
  if (before === after) return
  if (isNamedList(before) && isNamedList(after)) {
    compareLists(before, after, at, quiet, changes)
  } else if (isTable(before) && isTable(after)) {
    compareTables(before, after, at, quiet, changes)
  } else if (!isSame(before, after)) changes.push({ at, is: after })
}

function compareTables(
  before: Table,
  after: Table,
  at: Path,
  quiet: ReadonlySet<string>,
  changes: Change[],
): void {
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(after, key)) changes.push({ at: [...at, key], gone: true })
  }
  for (const key of Object.keys(after)) {
    if (!Object.hasOwn(before, key)) changes.push({ at: [...at, key], is: after[key] })
    else if (!quiet.has(key)) compare(before[key], after[key], [...at, key], quiet, changes)
  }
}

function compareLists(
  before: readonly Named[],
  after: readonly Named[],
  at: Path,
  quiet: ReadonlySet<string>,
  changes: Change[],
): void {
  const old = new Map(before.map(entry => [entry.name, entry]))
  const staying = new Set(after.map(({ name }) => name))
  const kept = before.filter(({ name }) => staying.has(name)).map(({ name }) => name)
  for (const { name } of before) {
    if (!staying.has(name)) changes.push({ at: [...at, name], gone: true })
  }
  const added: string[] = []
  for (const entry of after) {
    const was = old.get(entry.name)
    if (was === undefined) {
      added.push(entry.name)
      changes.push({ at: [...at, entry.name], is: entry })
    } else compare(was, entry, [...at, entry.name], quiet, changes)
  }
  const order = after.map(({ name }) => name)
  if (!isSame(order, [...kept, ...added])) changes.push({ at, order })
}

/** The document after the changes. What none of them touches is shared with the one before. */
export const applyDelta = (document: unknown, delta: Delta): unknown =>
  delta.reduce((value, change) => applied(value, change.at, change), document)

function applied(value: unknown, [step, ...rest]: Path, change: Change): unknown {
  if (step === undefined) return changed(value, change)
  const gone = rest.length === 0 && 'gone' in change
  if (isNamedList(value)) {
    if (gone) return value.filter(({ name }) => name !== step)
    const index = value.findIndex(({ name }) => name === step)
    const entry = applied(value[index], rest, change)
    return index < 0 ? [...value, entry] : value.with(index, entry as Named)
  }
  const table = isTable(value) ? value : {}
  if (!gone) return { ...table, [step]: applied(table[step], rest, change) }
  return Object.fromEntries(Object.entries(table).filter(([key]) => key !== step))
}

function changed(value: unknown, change: Change): unknown {
  if ('is' in change) return change.is
  if (!('order' in change) || !isNamedList(value)) return value
  const entries = new Map(value.map(entry => [entry.name, entry]))
  return change.order.flatMap(name => entries.get(name) ?? [])
}

type Table = Readonly<Record<string, unknown>>
type Named = Table & { readonly name: string }

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Also an empty one: what comes into it may have names. */
function isNamedList(value: unknown): value is readonly Named[] {
  if (!Array.isArray(value)) return false
  const names = new Set<unknown>()
  for (const entry of value) {
    if (!isTable(entry) || !Object.hasOwn(entry, 'name') || typeof entry.name !== 'string') {
      return false
    }
    names.add(entry.name)
  }
  return names.size === value.length
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, index) => isSame(value, b[index]))
  }
  if (!isTable(a) || !isTable(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => Object.hasOwn(b, key) && isSame(a[key], b[key]))
  )
}

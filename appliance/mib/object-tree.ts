import { compareOids, isBelow, type Oid } from './oid.ts'
import type { Missing, Value } from './value.ts'

/**
 * All objects of the agent, in the order of their names. A column of a table is one entry here
 * however many rows it has: a name is found by two searches in halves, and a value is made when
 * somebody asks for it. A tree with a node for each of 300,000 values would be made anew at every
 * look at the box.
 */
export type ObjectTree = readonly Column[]

export type Column = {
  readonly at: Oid
  /** What stands behind `at`, in order. */
  readonly rows: readonly Oid[]
  /** Null: the row has none in this column. */
  readonly value: (row: number) => Value | null
}

export type Row<T> = { readonly index: Oid; readonly of: T }

export const scalar = (at: Oid, value: Value): Column => ({ at, rows: [[0]], value: () => value })

/** One column for each number of `columns`; the rows in any order. */
export function tableColumns<T>(
  entry: Oid,
  rows: readonly Row<T>[],
  columns: Readonly<Record<number, (row: T) => Value | null>>,
): readonly Column[] {
  const sorted = rows.toSorted((a, b) => compareOids(a.index, b.index))
  const indexes = sorted.map(({ index }) => index)
  return Object.entries(columns).map(([number, of]) => ({
    at: [...entry, Number(number)],
    rows: indexes,
    value: place => {
      const row = sorted[place]
      return row === undefined ? null : of(row.of)
    },
  }))
}

export const objectTree = (columns: readonly Column[]): ObjectTree =>
  columns.toSorted((a, b) => compareOids(a.at, b.at))

export function valueAt(tree: ObjectTree, name: Oid): Value | Missing {
  const column = tree[firstAbove(tree, ({ at }) => compareOids(at, name)) - 1]
  if (column === undefined || !isBelow(name, column.at)) return { type: 'no-such-object' }
  const index = name.slice(column.at.length)
  const place = firstAbove(column.rows, row => compareOids(row, index)) - 1
  const row = column.rows[place]
  const found = row !== undefined && compareOids(row, index) === 0
  return (found ? column.value(place) : null) ?? { type: 'no-such-instance' }
}

/** The first object behind `name`; null: there is none. */
export function nextAfter(tree: ObjectTree, name: Oid) {
  const above = firstAbove(tree, ({ at }) => compareOids(at, name))
  const own = tree[above - 1]
  if (own !== undefined && isBelow(name, own.at)) {
    const index = name.slice(own.at.length)
    const found = firstValue(
      own,
      firstAbove(own.rows, row => compareOids(row, index)),
    )
    if (found !== null) return found
  }
  for (let place = above; place < tree.length; place += 1) {
    const column = tree[place]
    const found = column === undefined ? null : firstValue(column, 0)
    if (found !== null) return found
  }
  return null
}

function firstValue({ at, rows, value }: Column, from: number) {
  for (let place = from; place < rows.length; place += 1) {
    const found = value(place)
    if (found !== null) return { name: [...at, ...(rows[place] ?? [])], value: found }
  }
  return null
}

/** Where in a sorted list the first one stands that `compare` puts above 0. */
function firstAbove<T>(sorted: readonly T[], compare: (one: T) => number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const one = sorted[middle]
    if (one !== undefined && compare(one) > 0) high = middle
    else low = middle + 1
  }
  return low
}

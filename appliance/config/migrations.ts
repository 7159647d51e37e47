/**
 * How documents of older software become those of today, step by step. A step says what it renames
 * once: documents are rewritten by it, and findings led back to the text as it was written.
 */

import { type Path, pathText } from './path.ts'

/** What this software writes. It reads every version up to this one. */
export const newestVersion = 2

type Rename = {
  /** Where the key stands; `*` is any name. */
  readonly within: readonly string[]
  readonly from: string
  readonly to: string
}

type Step = { readonly to: number; readonly renames: readonly Rename[] }

const server = ['cluster', 'services', '*', 'servers', '*']

/** In the order of the versions. What a released step does is never changed. */
const steps: readonly Step[] = [
  {
    // The names of keepalived and the kernel said neither of what nor in which unit.
    to: 2,
    renames: [
      { within: server, from: 'upper', to: 'mostConnections' },
      { within: server, from: 'lower', to: 'resumeBelow' },
      { within: ['cluster', 'director', 'sync'], from: 'maxLength', to: 'mostBytes' },
    ],
  },
]

export type Migrated = {
  readonly value: unknown
  /** The version as it was written; null: there is none that could be one. */
  readonly from: number | null
  /** For people: what is called otherwise now. */
  readonly notes: readonly string[]
  /** Where in the document as it was written something of `value` stands. */
  readonly writtenAt: (path: Path) => Path
}

/** Of a version that is newer than this software, or of none, nothing is changed. */
export function migrated(value: unknown): Migrated {
  const from = versionOf(value)
  const due = steps.filter(({ to }) => from !== null && from < to)
  const notes: string[] = []
  let newest = value
  for (const { to, renames } of due) {
    for (const rename of renames) {
      const next = renamed(newest, rename)
      if (next !== newest) notes.push(noteOf(rename))
      newest = next
    }
    newest = { ...(newest as Table), schemaVersion: to }
  }
  const undone = due.flatMap(({ renames }) => renames).reverse()
  return { value: newest, from, notes, writtenAt: path => undone.reduce(asBefore, path) }
}

type Table = Readonly<Record<string, unknown>>

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null

function versionOf(value: unknown): number | null {
  const version = isTable(value) ? value.schemaVersion : null
  return typeof version === 'number' && Number.isInteger(version) && version > 0 ? version : null
}

/** The same object where nothing is to be renamed. */
function renamed(value: unknown, rename: Rename, depth = 0): unknown {
  if (!isTable(value)) return value
  const { within, from, to } = rename
  const step = within[depth]
  if (step === undefined) {
    if (!Object.hasOwn(value, from) || Object.hasOwn(value, to)) return value
    return mapped(value, (key, inner) => [key === from ? to : key, inner])
  }
  return mapped(value, (key, inner) => [
    key,
    step === '*' || step === key ? renamed(inner, rename, depth + 1) : inner,
  ])
}

function mapped(
  table: Table,
  change: (key: string, value: unknown) => readonly [string, unknown],
): unknown {
  if (Array.isArray(table)) return table
  const before = Object.entries(table)
  const after = before.map(([key, value]) => change(key, value))
  const isSame = after.every(([key, value], index) => {
    const [oldKey, old] = before[index] ?? []
    return key === oldKey && value === old
  })
  return isSame ? table : Object.fromEntries(after)
}

/** For a key that older versions had: what it is called now. */
export function newName(path: Path): string | null {
  for (const { to: version, renames } of steps) {
    const found = renames.find(rename => isAt(path, rename, rename.from))
    if (found !== undefined) return `it is ${found.to} since version ${version}`
  }
  return null
}

const noteOf = ({ within, from, to }: Rename): string =>
  `${pathText([...within.map(step => (step === '*' ? 'NAME' : step)), from])} is ${to} now`

const asBefore = (path: Path, rename: Rename): Path =>
  isAt(path, rename, rename.to)
    ? path.map((step, at) => (at === rename.within.length ? rename.from : step))
    : path

const isAt = (path: Path, { within }: Rename, key: string): boolean =>
  path[within.length] === key && within.every((step, at) => step === '*' || step === path[at])

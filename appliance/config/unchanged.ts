import { newestVersion } from './migrations.ts'
import type { Document } from './schema.ts'

/** A document that was good, as it was written and as it was read. */
export type Before = { readonly raw: unknown; readonly document: Document }

type Table = Readonly<Record<string, unknown>>
type Names = ReadonlySet<string>

/**
 * Of a large document mostly one thing is changed. The schema reads each entry of these tables by
 * itself, so one that is written as before is what it was, and is not read again.
 */
export type Unchanged = {
  /** What is left to read. */
  readonly rest: unknown
  /** The whole document, of the rest as it was read; what did not change is the same object. */
  readonly whole: (rest: Document) => Document
}

/** Null when nothing can be kept. */
export function unchanged({ raw: before, document }: Before, raw: unknown): Unchanged | null {
  if (!isNewest(before) || !isNewest(raw)) return null
  const [was, is] = [clusterOf(before), clusterOf(raw)]
  if (was === null || is === null) return null
  const routers = sameNames(was.routers, is.routers)
  const checks = sameNames(was.checks, is.checks)
  const services = sameNames(was.services, is.services)
  const cluster = { ...is }
  for (const [key, names] of Object.entries({ routers, checks, services })) {
    if (names.size > 0) cluster[key] = without(is[key] as Table, names)
  }
  return {
    rest: { ...(raw as Table), cluster },
    whole: rest => ({
      ...rest,
      cluster: {
        ...rest.cluster,
        routers: joined(is.routers, routers, document.cluster.routers, rest.cluster.routers),
        checks: joined(is.checks, checks, document.cluster.checks, rest.cluster.checks),
        services: joined(is.services, services, document.cluster.services, rest.cluster.services),
      },
    }),
  }
}

const isNewest = (raw: unknown): boolean => isTable(raw) && raw.schemaVersion === newestVersion

function clusterOf(raw: unknown): Record<string, unknown> | null {
  const cluster = isTable(raw) ? raw.cluster : null
  return isTable(cluster) ? cluster : null
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function sameNames(was: unknown, is: unknown): Names {
  if (!isTable(was) || !isTable(is)) return new Set()
  const names = Object.keys(is)
  return new Set(names.filter(name => Object.hasOwn(was, name) && isAlike(was[name], is[name])))
}

/** Also in the order of its keys: servers are shown in the order in which they are written. */
function isAlike(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [keys, others] = [Object.keys(a), Object.keys(b)]
  if (keys.length !== others.length) return false
  return keys.every(
    (key, at) => key === others[at] && isAlike((a as Table)[key], (b as Table)[key]),
  )
}

const without = (table: Table, names: Names): Table =>
  Object.fromEntries(Object.entries(table).filter(([name]) => !names.has(name)))

/** In the order in which they are written. */
function joined<T>(
  written: unknown,
  same: Names,
  before: Readonly<Record<string, T>>,
  rest: Readonly<Record<string, T>>,
): Record<string, T> {
  const all: Record<string, T> = {}
  for (const name of isTable(written) ? Object.keys(written) : []) {
    const entry = same.has(name) ? before[name] : rest[name]
    if (entry !== undefined) all[name] = entry
  }
  return all
}

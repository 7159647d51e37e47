import { canonical } from '../values/canonical.ts'
import { type Path, pathText } from './path.ts'
import { notShown, pathsOfSecrets, splitSecrets } from './secrets.ts'

/** One thing in which two documents differ, as they are written. Secrets are not in it. */
export type Change =
  | { readonly kind: 'added'; readonly path: Path; readonly to: unknown }
  | { readonly kind: 'removed'; readonly path: Path; readonly from: unknown }
  | { readonly kind: 'changed'; readonly path: Path; readonly from: unknown; readonly to: unknown }
  /** The same entries of a list in another order. */
  | { readonly kind: 'reordered'; readonly path: Path }
  | { readonly kind: 'secret-changed'; readonly path: Path }

/** In the order of the later document; what is gone comes after what its object still has. */
export function difference(before: unknown, after: unknown): readonly Change[] {
  const [old, next] = [splitSecrets(before), splitSecrets(after)]
  const changes: Change[] = []
  compare(old.public, next.public, [], changes)
  for (const [place, path] of pathsOfSecrets(after)) {
    if (Object.hasOwn(old.secrets, place) && old.secrets[place] !== next.secrets[place]) {
      changes.push({ kind: 'secret-changed', path })
    }
  }
  return changes
}

function compare(from: unknown, to: unknown, path: Path, changes: Change[]): void {
  if (from === to) return
  if (Array.isArray(from) && Array.isArray(to)) compareLists(from, to, path, changes)
  else if (isTable(from) && isTable(to)) compareTables(from, to, path, changes)
  else if (canonical(from) !== canonical(to)) changes.push({ kind: 'changed', path, from, to })
}

type Table = Readonly<Record<string, unknown>>

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The order of keys means nothing. */
function compareTables(from: Table, to: Table, path: Path, changes: Change[]): void {
  for (const [key, value] of Object.entries(to)) {
    const at = [...path, key]
    if (Object.hasOwn(from, key)) compare(from[key], value, at, changes)
    else changes.push({ kind: 'added', path: at, to: value })
  }
  for (const [key, value] of Object.entries(from)) {
    if (!Object.hasOwn(to, key))
      changes.push({ kind: 'removed', path: [...path, key], from: value })
  }
}

/** Entries that can be told apart are followed wherever they went, others by their place. */
function compareLists(
  from: readonly unknown[],
  to: readonly unknown[],
  path: Path,
  changes: Change[],
): void {
  const [old, next] = [known(from), known(to)]
  if (old === null || next === null) {
    compareByPlace(from, to, path, changes)
    return
  }
  for (const [mark, index] of next) {
    const before = old.get(mark)
    if (before !== undefined) compare(from[before], to[index], [...path, index], changes)
    else changes.push({ kind: 'added', path: [...path, index], to: to[index] })
  }
  for (const [mark, index] of old) {
    if (!next.has(mark))
      changes.push({ kind: 'removed', path: [...path, index], from: from[index] })
  }
  const stayed = [...next.keys()].filter(mark => old.has(mark))
  const earlier = [...old.keys()].filter(mark => next.has(mark))
  if (stayed.some((mark, index) => mark !== earlier[index]))
    changes.push({ kind: 'reordered', path })
}

function compareByPlace(
  from: readonly unknown[],
  to: readonly unknown[],
  path: Path,
  changes: Change[],
): void {
  for (const [index, value] of to.entries()) {
    if (index < from.length) compare(from[index], value, [...path, index], changes)
    else changes.push({ kind: 'added', path: [...path, index], to: value })
  }
  for (const [index, value] of [...from.entries()].slice(to.length)) {
    changes.push({ kind: 'removed', path: [...path, index], from: value })
  }
}

/** Index by what names an entry; null when two have the same name, or one has none. */
function known(list: readonly unknown[]): ReadonlyMap<string, number> | null {
  const found = new Map<string, number>()
  for (const [index, entry] of list.entries()) {
    const name = nameOf(entry)
    if (name === null || found.has(name)) return null
    found.set(name, index)
  }
  return found
}

/** An address may be a text in one document, and an object with a label in the other. */
const naming = ['id', 'tracker', 'check', 'address', 'destination', 'preference', 'path'] as const

function nameOf(entry: unknown): string | null {
  if (typeof entry === 'string' || typeof entry === 'number') return `${entry}`
  if (!isTable(entry)) return null
  const key = naming.find(each => Object.hasOwn(entry, each))
  return key === undefined ? null : `${entry[key]}${'port' in entry ? ` ${entry.port}` : ''}`
}

const longest = 60

/** One line for people. */
export function changeText(change: Change): string {
  const at = pathText(change.path) || 'the document'
  switch (change.kind) {
    case 'added':
      return `${at}: added ${shown(change.to)}`
    case 'removed':
      return `${at}: removed, was ${shown(change.from)}`
    case 'changed':
      return `${at}: ${shown(change.from)} -> ${shown(change.to)}`
    case 'reordered':
      return `${at}: in another order`
    case 'secret-changed':
      return `${at}: changed ${notShown}`
  }
}

function shown(value: unknown): string {
  if (value === notShown) return notShown
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > longest ? `${text.slice(0, longest)}...` : text
}

/** Values as keepalived writes them. What cannot be read is said at its line. */

import { durationText, parseDuration } from '../config/duration-text.ts'
import { milliseconds } from '../values/duration.ts'
import { isMulticast, parseIpAddress } from '../values/ip-address.ts'
import type { Handler, Site, Target } from './import-site.ts'
import type { Entry } from './tree.ts'

export const wordOf = (entry: Entry, index = 0): string => entry.words[index] ?? ''

/** keepalived writes times as seconds with a fraction. Null: it is none, and that is said. */
export function time(
  { notes }: Site,
  entry: Entry,
  text: string,
  limits: readonly [least: string, most: string],
): string | null {
  const ms = /^\d{1,9}(\.\d+)?$/.test(text) ? Math.round(Number(text) * 1e6) / 1e3 : null
  if (ms === null) {
    notes.unsupported(entry, `"${text}" is no number of seconds: our default stays`)
    return null
  }
  const taken = milliseconds(Math.min(Math.max(ms, limitOf(limits[0])), limitOf(limits[1])))
  const written = durationText(taken)
  if (taken !== ms) {
    notes.translated(entry, `${text} s is ${written} here: from ${limits[0]} to ${limits[1]}`)
  }
  return written
}

const knownLimits = new Map<string, number>()

/** Each is read once: a large file has a hundred thousand times, with one of a few limits. */
function limitOf(text: string): number {
  const known = knownLimits.get(text) ?? parseDuration(text) ?? 0
  knownLimits.set(text, known)
  return known
}

export const isWhole = (text: string, least: number, most: number): boolean =>
  /^[+-]?\d{1,10}$/.test(text) && Number(text) >= least && Number(text) <= most

export function whole(
  { notes }: Site,
  entry: Entry,
  text: string,
  least: number,
  most: number,
): number | null {
  if (isWhole(text, least, most)) return Number(text)
  const expected = `a whole number from ${least} to ${most}`
  notes.unsupported(entry, `expected ${expected}, not "${text}": our default stays`)
  return null
}

/** A keyword alone means yes. */
export function yes({ notes }: Site, entry: Entry): boolean | null {
  const word = wordOf(entry).toLowerCase()
  if (['', 'on', 'true', 'yes'].includes(word)) return true
  if (['off', 'false', 'no'].includes(word)) return false
  notes.unsupported(entry, `expected on, off, true, false, yes or no, not "${wordOf(entry)}"`)
  return null
}

export function address({ notes }: Site, entry: Entry, text: string): string | null {
  const found = parseIpAddress(text)
  if (found === null) notes.unsupported(entry, `"${text}" is no IP address`)
  return found
}

export function multicastGroup({ notes }: Site, entry: Entry): string | null {
  const found = parseIpAddress(wordOf(entry))
  if (found !== null && isMulticast(found)) return found
  notes.unsupported(entry, `"${wordOf(entry)}" is no multicast address`)
  return null
}

/** As keepalived does: `virtual_router_id 51 priority 100` in one line has no priority. */
export function firstAlone({ notes }: Site, entry: Entry): void {
  if (entry.words.length < 2) return
  const others = JSON.stringify(entry.words.slice(1).join(' '))
  notes.translated(entry, `${others} behind it is left out: a line has one keyword`)
}

/** The rows of the tables: a keyword that is one key of the document. */

export const timeKey =
  <T extends Target>(key: string, least: string, most: string): Handler<T> =>
  (entry, { site, path, json }) => {
    const value = time(site, entry, wordOf(entry), [least, most])
    if (value !== null) json[key] = value
    firstAlone(site, entry)
    return `${path}.${key}`
  }

export const wholeKey =
  <T extends Target>(key: string, least: number, most: number): Handler<T> =>
  (entry, { site, path, json }) => {
    const value = whole(site, entry, wordOf(entry), least, most)
    if (value !== null) json[key] = value
    firstAlone(site, entry)
    return `${path}.${key}`
  }

export const yesKey =
  <T extends Target>(key: string): Handler<T> =>
  (entry, { site, path, json }) => {
    const value = yes(site, entry)
    if (value !== null) json[key] = value
    firstAlone(site, entry)
    return `${path}.${key}`
  }

export const wordKey =
  <T extends Target>(key: string): Handler<T> =>
  (entry, { site, path, json }) => {
    if (wordOf(entry) === '') site.notes.unsupported(entry, `${entry.keyword} needs a word`)
    else json[key] = wordOf(entry)
    firstAlone(site, entry)
    return `${path}.${key}`
  }

export const ignored =
  <T extends { readonly site: Site }>(why: string): Handler<T> =>
  (entry, { site }) => {
    site.notes.ignored(entry, why)
    return undefined
  }

export const unsupported =
  <T extends { readonly site: Site }>(what: string): Handler<T> =>
  (entry, { site }) => {
    site.notes.unsupported(entry, what)
    return undefined
  }

/** The same fate for several keywords. */
export const each = <T>(names: string, handler: Handler<T>): Record<string, Handler<T>> =>
  Object.fromEntries(names.split(' ').map(name => [name, handler]))

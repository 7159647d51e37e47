/** The files of both nodes: one cluster, and a half for each. */

import { parseDocument } from '../config/document.ts'
import { findingText } from '../config/finding.ts'
import { type Path, pathText } from '../config/path.ts'
import { isSame } from '../config/same.ts'
import { canonical } from '../values/canonical.ts'
import { type Imported, type ImportOptions, importKeepalived } from './import.ts'
import type { Finding } from './import-finding.ts'
import { pairTraps } from './import-pair-traps.ts'
import type { Json } from './import-site.ts'
import { type Entry, type Place, placeOfEntry } from './tree.ts'

export type ImportedPair = {
  /** Of each node: the cluster is the same, `node` is its own. */
  readonly documents: readonly [unknown, unknown]
  readonly findings: readonly Finding[]
}

export function importPair(
  a: readonly Entry[],
  b: readonly Entry[],
  options: ImportOptions = {},
): ImportedPair {
  const renamed = sameNames(a, b)
  const first = importKeepalived(a, options)
  const second = importKeepalived(renamed.entries, options)
  const [one, other] = [first.document as Json, second.document as Json]
  moveInterfaces(one, other)
  shareSender(one, other)
  const place: Place = b[0] === undefined ? { file: '', line: 0 } : placeOfEntry(b[0])
  const places = placesOf(second)
  const differences = differing(one.cluster, other.cluster, ['cluster']).map(
    (difference): Finding => ({
      place: placeOf(difference.path, places) ?? place,
      outcome: 'refused',
      text: difference.text,
      path: difference.path,
    }),
  )
  const joint: Json = { ...other, cluster: one.cluster }
  // What the second one lacks was said above; its own half may not fit the cluster of the first.
  const halves = differences.length > 0 ? [] : refusalsOf([one, joint], place, first, second)
  return {
    documents: [one, joint],
    findings: [
      ...first.findings,
      ...second.findings,
      ...renamed.findings,
      ...pairTraps(twinsOf(a, renamed.entries)),
      ...differences,
      ...halves,
    ],
  }
}

function refusalsOf(
  documents: readonly unknown[],
  place: Place,
  ...imported: readonly Imported[]
): readonly Finding[] {
  if (imported.some(each => each.findings.some(({ outcome }) => outcome === 'refused'))) return []
  return documents.flatMap(document => {
    const parsed = parseDocument(document)
    if (parsed.kind === 'document') return []
    return parsed.findings.map(
      (found): Finding => ({
        ...{ place, outcome: 'refused', path: found.path, text: findingText(found) },
      }),
    )
  })
}

/** The same virtual router may have another name in the other file: its number tells. */
function sameNames(a: readonly Entry[], b: readonly Entry[]) {
  const inA = new Map(instances(a).map(({ name, key }) => [key, name]))
  const names = new Set(inA.values())
  const renames = new Map<string, string>()
  const findings: Finding[] = []
  for (const { name, key, entry } of instances(b)) {
    const wanted = inA.get(key)
    if (wanted === undefined || wanted === name || names.has(name)) continue
    renames.set(name, wanted)
    findings.push({
      place: placeOfEntry(entry),
      outcome: 'translated',
      text: `it is the router "${wanted}" of the first file, and is called so`,
      path: pathText(['cluster', 'routers', wanted]),
    })
  }
  return { entries: renames.size === 0 ? b : b.map(each => rename(each, renames)), findings }
}

function twinsOf(a: readonly Entry[], b: readonly Entry[]) {
  const others = new Map(instances(b).map(({ key, entry }) => [key, entry]))
  return instances(a).flatMap(({ name, key, entry }) => {
    const other = others.get(key)
    return other === undefined ? [] : [{ name, one: entry, other }]
  })
}

const instances = (entries: readonly Entry[]) =>
  entries
    .filter(({ keyword }) => keyword === 'vrrp_instance')
    .map(entry => ({ entry, name: entry.words[0] ?? '', key: identity(entry) }))

function identity({ block }: Entry): string {
  const id = block?.find(({ keyword }) => keyword === 'virtual_router_id')?.words[0]
  const first = block?.find(({ keyword }) => keyword === 'virtual_ipaddress')?.block?.[0]
  return `${id} ${first?.keyword.includes(':') === true ? 'inet6' : 'inet'}`
}

/** Where instances are named: themselves, and in groups. */
function rename(entry: Entry, renames: ReadonlyMap<string, string>): Entry {
  const renamed = (word: string): string => renames.get(word) ?? word
  if (entry.keyword === 'vrrp_instance') return { ...entry, words: entry.words.map(renamed) }
  if (entry.keyword !== 'vrrp_sync_group') return entry
  const block = (entry.block ?? []).map(each =>
    each.keyword === 'group' ? { ...each, ...membersOf(each, renamed) } : each,
  )
  return { ...entry, block }
}

const membersOf = (entry: Entry, renamed: (word: string) => string) => ({
  words: entry.words.map(renamed),
  block:
    entry.block?.map(line => ({
      ...line,
      keyword: renamed(line.keyword),
      words: line.words.map(renamed),
    })) ?? null,
})

/** Interfaces may have other names on the two boxes: then each half has its own. */
function moveInterfaces(one: Json, other: Json): void {
  const routers = [one, other].map(document => routersOf(document, 'cluster'))
  for (const [name, router] of Object.entries(routers[0] ?? {})) {
    const twin = routers[1]?.[name]
    if (twin === undefined || twin.interface === router.interface) continue
    for (const [document, each] of [
      [one, router],
      [other, twin],
    ] as const) {
      if (each.interface === undefined) continue
      half(document, name).interface = each.interface
      delete each.interface
    }
  }
}

/** With keepalived each box has a sender of its own; here a mail says which box it is from. */
function shareSender(one: Json, other: Json): void {
  const [mail, twin] = [one, other].map(mailOf)
  if (mail?.from !== undefined && twin?.from !== undefined) twin.from = mail.from
}

function mailOf({ cluster }: Json): Json | undefined {
  const { alerts } = cluster as { readonly alerts?: { readonly channels: { readonly mail: Json } } }
  return alerts?.channels.mail
}

const routersOf = (document: Json, part: 'cluster' | 'node'): Record<string, Json> =>
  ((document[part] as Json | undefined)?.routers ?? {}) as Record<string, Json>

function half(document: Json, name: string): Json {
  document.node ??= {}
  const node = document.node as Json
  node.routers ??= {}
  const routers = node.routers as Record<string, Json>
  routers[name] ??= {}
  return routers[name]
}

type Difference = { readonly path: string; readonly text: string }

const advice = 'it has to be the same on both boxes: the first file counts; change one of them'

/** The innermost places where they differ; lists of another length differ as a whole. */
function differing(a: unknown, b: unknown, at: Path): readonly Difference[] {
  if (canonical(a) === canonical(b)) return []
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    return a.flatMap((each, index) => differing(each, b[index], [...at, index]))
  }
  if (isTable(a) && isTable(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)])
    return [...keys].flatMap(key => differing(a[key], b[key], [...at, key]))
  }
  const path = pathText(at)
  if (a === undefined) return [{ path, text: `only the second file has this; ${advice}` }]
  if (b === undefined) return [{ path, text: `only the first file has this; ${advice}` }]
  return [{ path, text: `${valuesText(a, b, path)}; ${consequence(path)}${advice}` }]
}

const isTable = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function valuesText(a: unknown, b: unknown, path: string): string {
  if (/authentication|secret|password/.test(path)) return 'they differ'
  if (!Array.isArray(a) || !Array.isArray(b)) {
    return `${shown(a)} in the first file, ${shown(b)} in the second`
  }
  const lacking = (one: readonly unknown[], other: readonly unknown[]) =>
    one.filter(each => !other.some(twin => isSame(each, twin)))
  const [first, second] = [lacking(a, b), lacking(b, a)]
  const parts = [
    ...(first.length > 0 ? [`only the first file has ${first.map(shown).join(', ')}`] : []),
    ...(second.length > 0 ? [`only the second file has ${second.map(shown).join(', ')}`] : []),
  ]
  return parts.join('; ') || 'they have it another number of times'
}

/** What two keepalived would do with it. */
function consequence(path: string): string {
  if (/\.(advertInterval|version|authentication\b.*)$/.test(path)) {
    return 'each would drop the adverts of the other, and both would be master; '
  }
  if (/\.virtualAddresses\[\d+\]\.interface$/.test(path)) {
    return 'leave "dev" out where the address is on the interface of its router; '
  }
  return ''
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 300)}...` : text
}

type Places = ReadonlyMap<string, Place>

/** The first line that says something of each path. */
const placesOf = ({ findings }: Imported): Places =>
  new Map(
    findings
      .flatMap(({ path, place }) => (path === null ? [] : [[path, place] as const]))
      .reverse(),
  )

function placeOf(path: string, places: Places): Place | null {
  for (let at = path; /[.[]/.test(at); at = at.replace(/[.[][^.[]*$/, '')) {
    const found = places.get(at)
    if (found !== undefined) return found
  }
  return null
}

import { entryOf } from '../config/entry.ts'
import { nameHint, nearest } from '../config/near.ts'
import { Notes } from './import-finding.ts'
import type { Pace } from './import-pace.ts'
import type { Entry } from './tree.ts'

/** A part of the document while it is made. */
export type Json = Record<string, unknown>

/** What a script, a process, a file or an interface is called here, and how it counts. */
export type TrackerHere = { readonly name: string; readonly weight: number; reverse: boolean }

/** What `global_defs` says to all others. */
export type Globals = {
  version: 2 | 3 | null
  strict: Entry | null
  scriptUser: string | null
  readonly announce: Json
  readonly router: Json
  multicast: { inet?: string; inet6?: string }
}

/** Whom keepalived writes to. */
export type MailHere = {
  server: string | null
  port: number | null
  from: string | null
  readonly to: string[]
  aboutServers: boolean
}

/** Null: it cannot be read, or is no script. */
export type ReadScript = (path: string) => string | null

/** The import of one node: what it has made so far. */
export type Site = {
  readonly notes: Notes
  readonly readScript: ReadScript
  readonly globals: Globals
  readonly routers: Record<string, Json>
  readonly syncGroups: Record<string, Json>
  readonly trackers: Record<string, Json>
  readonly checks: Record<string, Json>
  readonly services: Record<string, Json>
  readonly hooks: Json[]
  readonly notify: Json
  readonly director: Json
  readonly mail: MailHere
  readonly nodeRouters: Record<string, Json>
  readonly nodeChecks: Record<string, Json>
  readonly nodeDirector: Json
  /** By kind and keepalived's name: `script chk`. */
  readonly trackersHere: Map<string, TrackerHere>
  readonly routersHere: Map<string, string>
  /** By what they say: servers with the same check share it. */
  readonly checksHere: Map<string, string>
  /** Servers of a service mostly say the same about it. */
  lastCheck: { readonly entry: Entry; readonly pace: Pace; readonly uses: readonly Json[] } | null
  readonly bfdHere: Map<string, Json>
  readonly fileOf: Map<string, string>
  readonly groups: Map<string, readonly Entry[]>
  /** The addresses that routers hold. */
  readonly held: Set<string>
  /** With so many names were compared those that nobody knows. */
  compared: number
  /** So many addresses and ports of services. */
  endpoints: number
}

export const newSite = (entries: readonly Entry[], readScript: ReadScript): Site => ({
  notes: new Notes(entries),
  readScript,
  globals: {
    version: null,
    strict: null,
    scriptUser: null,
    announce: {},
    router: {},
    multicast: {},
  },
  routers: {},
  syncGroups: {},
  trackers: {},
  checks: {},
  services: {},
  hooks: [],
  notify: {},
  director: {},
  mail: { server: null, port: null, from: null, to: [], aboutServers: true },
  nodeRouters: {},
  nodeChecks: {},
  nodeDirector: {},
  trackersHere: new Map(),
  routersHere: new Map(),
  checksHere: new Map(),
  lastCheck: null,
  bfdHere: new Map(),
  fileOf: new Map(),
  groups: new Map(),
  held: new Set(),
  compared: 0,
  endpoints: 0,
})

/** Where the keywords of a block go to. */
export type Target = {
  readonly site: Site
  readonly path: string
  readonly json: Json
}

/** Gives the path where it now stands, or has said itself what became of it. */
export type Handler<T> = (entry: Entry, to: T) => string | undefined

export type Table<T> = Readonly<Record<string, Handler<T>>>

export function readBlock<T extends { readonly site: Site }>(
  entries: readonly Entry[],
  table: Table<T>,
  to: T,
): void {
  const { notes } = to.site
  for (const entry of entries) {
    const handler = entryOf(table, entry.keyword)
    if (handler === undefined) {
      notes.unsupported(entry, unknownText(entry.keyword, to.site, table))
      continue
    }
    const path = handler(entry, to) ?? null
    const behind = notes.has(entry) ? undefined : keywordBehind(entry, table)
    if (behind === undefined) notes.appliedOtherwise(entry, path)
    else notes.translated(entry, `"${behind}" behind it is left out: a line has one keyword`, path)
  }
}

/** These take whatever words there are. */
const takesAnything =
  /^(notify.*|script|startup_script|shutdown_script|misc_path|quorum_.*|process)$/

/** As keepalived does: `protocol TCP delay_loop 5` in one line says nothing of the pace. */
function keywordBehind({ keyword, words, block }: Entry, table: object): string | undefined {
  if (words.length < 2 || block !== null || takesAnything.test(keyword)) return undefined
  return words.find((word, at) => at > 0 && Object.hasOwn(table, word))
}

const mostCompared = 50_000

/** To look for what is near takes longer than all else, and a few hints are enough. */
const mayCompare = ({ compared }: Site): boolean => compared < mostCompared

/** For a reference to something that the file has elsewhere; its keys may begin with their kind. */
export function hintFor(
  site: Site,
  name: string,
  known: ReadonlyMap<string, unknown>,
  prefix = '',
): string {
  if (!mayCompare(site)) return 'it is one of very many that are not there'
  const keys = [...known.keys()].filter(key => key.startsWith(prefix))
  site.compared += keys.length
  return nameHint(
    name,
    keys.map(key => key.slice(prefix.length)),
  )
}

function unknownText(keyword: string, site: Site, known: Readonly<Record<string, unknown>>) {
  const names = mayCompare(site) ? Object.keys(known) : []
  site.compared += names.length
  const near = nearest(keyword, names)
  const hint = near === null ? '' : `; did you mean ${near}?`
  return `no version of keepalived that we know has "${keyword}" here${hint}`
}

/** A name that the document takes and nobody has in this table. */
export function nameIn(table: Readonly<Record<string, unknown>>, wanted: string): string {
  const plain = /^[A-Za-z0-9][\w.:-]{0,59}$/.test(wanted) ? wanted : possibleName(wanted)
  if (!Object.hasOwn(table, plain)) return plain
  // A thousand checks of one kind would each ask for all numbers before theirs.
  const counts = countsOf.get(table) ?? new Map<string, number>()
  countsOf.set(table, counts)
  let count = counts.get(plain) ?? 2
  while (Object.hasOwn(table, `${plain}-${count}`)) count += 1
  counts.set(plain, count + 1)
  return `${plain}-${count}`
}

const possibleName = (wanted: string): string =>
  wanted
    .replace(/[^\w.:-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 60) || 'unnamed'

const countsOf = new WeakMap<object, Map<string, number>>()

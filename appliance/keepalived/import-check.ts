/** The checkers of a real server. Servers with the same one share a check of the document. */

import { pathText } from '../config/path.ts'
import { command, userOf } from './import-command.ts'
import { httpChecks, httpTable } from './import-http.ts'
import { isSamePace, type Paced, paceOf, paceTable } from './import-pace.ts'
import type { Handler, Json, Site, Table } from './import-site.ts'
import { nameIn, readBlock } from './import-site.ts'
import { replyPattern, udpTable } from './import-udp.ts'
import { address, each, ignored, time, unsupported, whole, wordOf, yes } from './import-words.ts'
import type { Entry } from './tree.ts'

export type CheckTarget = Paced & {
  readonly keyword: string
  /** What is asked. */
  readonly json: Json
  /** How this server uses it. */
  readonly use: Json
  /** What the other box may have otherwise. */
  readonly own: Json
  /** Of HTTP. */
  readonly urls: { readonly host: string | null; readonly json: Json }[]
  readonly reply: { pattern?: string; required?: true; least?: number; most?: number }
  /** Of SMTP: more targets. */
  readonly hosts: Json[]
}

export type ServerChecks = Paced & { readonly uses: Json[] }

const connection: Table<CheckTarget> = {
  ...(paceTable as Table<CheckTarget>),
  connect_ip: (entry, { site, use }) => {
    const found = address(site, entry, wordOf(entry))
    if (found !== null) use.address = found
    return undefined
  },
  connect_port: (entry, { site, use }) => {
    const found = whole(site, entry, wordOf(entry), 1, 65_535)
    if (found !== null) use.port = found
    return undefined
  },
  bindto: (entry, { site, own }) => {
    const found = address(site, entry, wordOf(entry))
    if (found !== null) own.source = found
    return undefined
  },
  bind_if: (entry, { own }) => {
    own.interface = wordOf(entry)
    return undefined
  },
  fwmark: (entry, { site, use }) => {
    const found = whole(site, entry, wordOf(entry), 1, 4_294_967_295)
    if (found !== null) use.mark = found
    return undefined
  },
  bind_port: unsupported('the kernel chooses the port of a question'),
  log_all_failures: ignored('every failure is told: "diarch explain" shows the last ones'),
}

const smtpHost: Table<CheckTarget> = connection

const smtp: Table<CheckTarget> = {
  ...connection,
  helo_name: (entry, { json }) => {
    json.helo = wordOf(entry)
    return undefined
  },
  host: (entry, to) => {
    const use: Json = {}
    readBlock(entry.block ?? [], smtpHost, { ...to, use })
    to.hosts.push(use)
    return undefined
  },
}

const types = ['A', 'NS', 'CNAME', 'SOA', 'MX', 'TXT', 'AAAA']

const dns: Table<CheckTarget> = {
  ...connection,
  type: (entry, { site, json }) => {
    const type = wordOf(entry).toUpperCase()
    if (types.includes(type)) json.type = type
    else
      site.notes.unsupported(
        entry,
        `expected ${types.join(', ')}, not "${wordOf(entry)}": SOA stays`,
      )
    return undefined
  },
  name: (entry, { json }) => {
    json.name = wordOf(entry)
    return undefined
  },
}

const script: Table<CheckTarget> = {
  ...(paceTable as Table<CheckTarget>),
  misc_path: (entry, { site, json }) => {
    json.command = command(site, entry, entry.words.join(' '), 'cluster.checks') ?? undefined
    return undefined
  },
  misc_timeout: (entry, { site, pace }) => {
    const value = time(site, entry, wordOf(entry), ['10ms', '1h'])
    if (value !== null) pace.timeout = value
    return undefined
  },
  misc_dynamic: (entry, { site, json }) => {
    json.dynamic = yes(site, entry) ?? true
    return undefined
  },
  user: (entry, { site, json }) => {
    json.user = wordOf(entry)
    if (entry.words.length > 1) {
      site.notes.translated(entry, `the group ${wordOf(entry, 1)} is left out`)
    }
    return undefined
  },
}

const bfd: Table<CheckTarget> = {
  name: (entry, { site, json, use, own }) => {
    const found = site.bfdHere.get(wordOf(entry))
    if (found === undefined) {
      site.notes.unsupported(entry, `there is no bfd_instance "${wordOf(entry)}"`)
      return undefined
    }
    const { neighbour, source, ...session } = found
    Object.assign(json, session)
    if (neighbour !== undefined) use.address = neighbour
    if (source !== undefined) own.source = source
    return undefined
  },
  alpha: paceTable.alpha as Handler<CheckTarget>,
}

const file: Table<CheckTarget> = {
  ...(paceTable as Table<CheckTarget>),
  track_file: (entry, { site, json }) => {
    const path = site.fileOf.get(wordOf(entry))
    if (path === undefined) {
      site.notes.unsupported(entry, `there is no track_file "${wordOf(entry)}"`)
      return undefined
    }
    json.path = path
    const text =
      'the number in the file is the weight here, and 0 or no file is down; keepalived adds it ' +
      'to the weight of the server. Let what writes the file write whole weights'
    site.notes.translated(entry, text)
    return undefined
  },
  weight: unsupported('the number in the file is the weight itself: write it so'),
}

const kinds: Readonly<Record<string, readonly [kind: string, table: Table<CheckTarget>]>> = {
  TCP_CHECK: ['tcp', connection],
  HTTP_GET: ['http', { ...connection, ...httpTable }],
  SSL_GET: ['http', { ...connection, ...httpTable }],
  SMTP_CHECK: ['smtp', smtp],
  DNS_CHECK: ['dns', dns],
  MISC_CHECK: ['script', script],
  PING_CHECK: ['ping', connection],
  UDP_CHECK: ['udp', { ...connection, ...udpTable }],
  FILE_CHECK: ['file', file],
  BFD_CHECK: ['bfd', bfd],
}

const checker: Handler<ServerChecks> = (entry, to) => {
  const { site, pace, uses } = to
  const last = site.lastCheck
  if (last !== null && saysTheSame(last.entry, entry) && isSamePace(last.pace, pace)) {
    site.notes.asOf(last.entry, entry)
    for (const use of last.uses) uses.push({ ...use })
    return undefined
  }
  const before = uses.length
  const path = newCheck(entry, to)
  const own = uses.slice(before).map(use => ({ ...use }))
  site.lastCheck = { entry, pace: { ...pace }, uses: own }
  return path
}

function saysTheSame(a: Entry, b: Entry): boolean {
  if (a.keyword !== b.keyword || !areSame(a.words, b.words, Object.is)) return false
  if (a.block === null || b.block === null) return a.block === b.block
  return areSame(a.block, b.block, saysTheSame)
}

/** Lines that say the same mostly have the same words: they were read once. */
function areSame<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at += 1) {
    if (!same(a[at] as T, b[at] as T)) return false
  }
  return true
}

function newCheck(entry: Entry, { site, pace, uses }: ServerChecks): string | undefined {
  const { keyword } = entry
  const [kind = '', table = connection] = kinds[keyword] ?? []
  const json: Json = { kind }
  const to: CheckTarget = {
    ...{ site, keyword, pace: { ...pace }, json, use: {}, own: {} },
    ...{ urls: [], reply: {}, hosts: [] },
  }
  readBlock(entry.block ?? [], table, to)
  if (!isWhole(entry, to)) return undefined
  const targets = to.hosts.length > 0 ? to.hosts.map(host => ({ ...to.use, ...host })) : [to.use]
  const whole = Object.assign(json, paceOf(keyword, to.pace))
  const asked = kind === 'http' ? httpChecks(to, whole) : [whole]
  const names = asked.map(check => shared(site, keyword, check, to.own))
  for (const check of names) for (const use of targets) uses.push({ check, ...use })
  const path = pathText(['cluster', 'checks', names[0] ?? ''])
  site.notes.locate(entry.block ?? [], path)
  return path
}

const needed: Readonly<Record<string, string>> = {
  MISC_CHECK: 'command',
  FILE_CHECK: 'path',
  BFD_CHECK: 'minTransmit',
}

/** What the kind cannot be without; FILE_CHECK has no times of its own in keepalived. */
function isWhole(entry: Entry, { site, keyword, json, reply }: CheckTarget): boolean {
  if (keyword === 'MISC_CHECK') {
    Object.assign(json, json.user === undefined ? userOf(site.globals.scriptUser) : {})
  }
  if (keyword === 'UDP_CHECK') Object.assign(json, replyPattern(reply))
  const key = needed[keyword]
  if (key === undefined || json[key] !== undefined) return true
  site.notes.unsupported(entry, 'it lacks what it asks: the server goes without this check')
  return false
}

/** The name of the check that says the same; a new one when none does. */
function shared(site: Site, keyword: string, check: Json, own: Json): string {
  const key = JSON.stringify([check, own])
  const known = site.checksHere.get(key)
  if (known !== undefined) return known
  const name = nameIn(site.checks, keyword.toLowerCase().replaceAll('_', '-'))
  site.checks[name] = check
  site.checksHere.set(key, name)
  if (Object.keys(own).length > 0) site.nodeChecks[name] = own
  return name
}

export const checkers: Table<ServerChecks> = each(Object.keys(kinds).join(' '), checker)

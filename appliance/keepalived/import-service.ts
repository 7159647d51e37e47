/** `virtual_server`: one service of the document. */

import { mostEndpoints } from '../config/endpoint-count.ts'
import { pathText } from '../config/path.ts'
import { isSame } from '../config/same.ts'
import { type Endpoint, endpoint, serviceName } from './import-endpoints.ts'
import { forwarding } from './import-forwarding.ts'
import { smtpAlert } from './import-mail.ts'
import { type Pace, paceTable } from './import-pace.ts'
import { settleQuorum } from './import-quorum.ts'
import { type Checks, hookKey, server, shortened } from './import-server.ts'
import type { Handler, Json, Site, Table, Target } from './import-site.ts'
import { hintFor, nameIn, readBlock } from './import-site.ts'
import {
  address,
  each,
  ignored,
  time,
  whole,
  wholeKey,
  wordOf,
  yes,
  yesKey,
} from './import-words.ts'
import type { Entry } from './tree.ts'

export type ServiceTarget = Target & {
  readonly pace: Pace
  readonly persistence: Json
  /** persistence_granularity and persistence_engine: nothing without a time. */
  readonly times: Entry[]
  readonly flags: Entry[]
  readonly servers: Entry[]
  protocol: Entry | null
  weight: number | null
  sorry: Json | null
  readonly of: { quorum?: Entry; hysteresis?: Entry }
}

const isFamily = (word: string): boolean => /^inet6?$/.test(word)

const schedulers = 'rr wrr lc wlc lblc lblcr dh sh mh sed nq fo ovf twos'.split(' ')

const scheduler: Handler<ServiceTarget> = (entry, { site, path, json }) => {
  const word = wordOf(entry)
  if (schedulers.includes(word)) json.scheduler = word
  else {
    const text = `expected ${schedulers.join(', ')}, not "${word}": wlc stays, as with keepalived`
    site.notes.unsupported(entry, text)
  }
  return `${path}.scheduler`
}

const method: Handler<ServiceTarget> = (entry, { site, path, json }) => {
  const found = forwarding(site, entry)
  if (found !== null) json.forwarding = found
  return `${path}.forwarding`
}

const persistenceTime: Handler<ServiceTarget> = (entry, { site, path, persistence }) => {
  const text = wordOf(entry)
  if (Number(text || '360') === 0) {
    const why =
      'keepalived refuses 0 here and goes on without persistence; leave the line out for that'
    site.notes.translated(entry, why, `${path}.persistence`)
    return undefined
  }
  const value = time(site, entry, text || '360', ['1s', '744h'])
  if (value !== null) persistence.time = value
  return `${path}.persistence.time`
}

/** A netmask, or a length. */
const granularity: Handler<ServiceTarget> = (entry, { site, path, persistence, times }) => {
  times.push(entry)
  const text = wordOf(entry).replace(/^\//, '')
  const bits = text.includes('.')
    ? text
        .split('.')
        .map(part => Number(part).toString(2).padStart(8, '0'))
        .join('')
    : '1'.repeat(/^\d{1,3}$/.test(text) ? Number(text) : 0)
  if (/^1{1,128}0*$/.test(bits)) persistence.granularity = bits.replaceAll('0', '').length
  else site.notes.unsupported(entry, `"${text}" is no mask and no length of one`)
  return `${path}.persistence.granularity`
}

const flag: Handler<ServiceTarget> = (entry, { path, flags }) => {
  flags.push(entry)
  return `${path}.schedulerFlags`
}

const table: Table<ServiceTarget> = {
  ...(paceTable as Table<ServiceTarget>),
  ...each('lvs_sched lb_algo', scheduler),
  ...each('lvs_method lb_kind', method),
  protocol: (entry, to) => {
    to.protocol = entry
    const word = wordOf(entry).toLowerCase()
    if (['tcp', 'udp', 'sctp'].includes(word)) to.json.protocol = word
    else to.site.notes.unsupported(entry, `expected TCP, UDP or SCTP, not "${wordOf(entry)}"`)
    return `${to.path}.protocol`
  },
  persistence_timeout: persistenceTime,
  persistence_granularity: granularity,
  persistence_engine: (entry, { site, path, persistence, times }) => {
    times.push(entry)
    if (wordOf(entry) === 'sip') persistence.engine = 'sip'
    else site.notes.unsupported(entry, `expected sip, not "${wordOf(entry)}"`)
    return `${path}.persistence.engine`
  },
  ops: yesKey('onePacket'),
  ...each('flag-1 flag-2 flag-3 sh-port sh-fallback mh-port mh-fallback', flag),
  inhibit_on_failure: yesKey('inhibit'),
  weight: (entry, to) => {
    to.weight = whole(to.site, entry, wordOf(entry), 0, 65_535)
    to.site.notes.translated(entry, 'it stands in each server that has none')
    return undefined
  },
  quorum: (entry, to) => {
    to.of.quorum = entry
    return wholeKey<ServiceTarget>('quorum', 1, 1_000_000_000)(entry, to)
  },
  hysteresis: (entry, to) => {
    to.of.hysteresis = entry
    return wholeKey<ServiceTarget>('hysteresis', 0, 1_000_000_000)(entry, to)
  },
  quorum_up: hookKey('notifyUp'),
  quorum_down: hookKey('notifyDown'),
  sorry_server: (entry, to) => {
    const found = address(to.site, entry, wordOf(entry))
    const port = entry.words.length > 1 ? whole(to.site, entry, wordOf(entry, 1), 0, 65_535) : 0
    if (found !== null && port !== null) {
      to.sorry = { ...to.sorry, address: found, ...(port > 0 && { port }) }
    }
    return `${to.path}.sorryServer`
  },
  sorry_server_inhibit: (entry, to) => {
    to.sorry = { ...to.sorry, inhibit: yes(to.site, entry) ?? true }
    return `${to.path}.sorryServer`
  },
  sorry_server_lvs_method: (entry, to) => {
    const found = forwarding(to.site, entry)
    if (found !== null) to.sorry = { ...to.sorry, forwarding: found }
    return `${to.path}.sorryServer`
  },
  real_server: (entry, { path, servers }) => {
    servers.push(entry)
    return path
  },
  ip_family: (entry, { site, path }) => {
    if (isFamily(wordOf(entry))) return `${path}.virtual[0].family`
    site.notes.unsupported(entry, `expected inet or inet6, not "${wordOf(entry)}": it is left out`)
    return undefined
  },
  ha_suspend: ignored('both boxes check all the time: who takes over knows which servers live'),
  omega: ignored('the hooks of a service are not started when Diarch stops'),
  smtp_alert: smtpAlert(),
  snmp_name: ignored('SNMP shows the name that it has in the document'),
  hashed: ignored('the kernel sets it itself'),
  nat_mask: ignored('it has no meaning since Linux 2.4'),
}

export const service: Handler<{ readonly site: Site }> = (entry, { site }) => {
  const block = entry.block ?? []
  const protocolSaid = block.find(({ keyword }) => keyword === 'protocol')?.words[0]
  const said = block.find(({ keyword }) => keyword === 'ip_family')?.words[0] ?? ''
  const family = isFamily(said) ? said : null
  const protocol = protocolSaid?.toLowerCase() ?? 'udp'
  const endpoints = endpointsOf(site, entry, family)
  if (endpoints === null) return undefined
  const name = nameIn(site.services, serviceName(protocol, entry.words))
  const path = pathText(['cluster', 'services', name])
  const json: Json = { virtual: endpoints.map(({ written }) => written), protocol: 'udp' }
  site.services[name] = json
  const to: ServiceTarget = {
    ...{ site, path, json, pace: {}, persistence: {}, times: [], flags: [], servers: [], of: {} },
    ...{ protocol: null, weight: null, sorry: null },
  }
  // What it says to all servers may stand behind them.
  readBlock(block, table, to)
  settle(to, endpoints, entry)
  return path
}

function endpointsOf(site: Site, entry: Entry, family: string | null): readonly Endpoint[] | null {
  const [kind, given = ''] = entry.words
  if (kind !== 'group') {
    const found = endpoint(site, entry, entry.words, family)
    return found === null ? null : [found]
  }
  const lines = site.groups.get(given)
  if (lines === undefined) {
    const hint = hintFor(site, given, site.groups)
    site.notes.unsupported(entry, `there is no virtual_server_group "${given}": ${hint}`)
    return null
  }
  site.endpoints += lines.length
  if (site.endpoints > mostEndpoints) {
    const most = `at most ${mostEndpoints} addresses and ports in all services together`
    site.notes.unsupported(entry, `${most}: there is no service`)
    return null
  }
  const found = lines.map(line => endpoint(site, line, [line.keyword, ...line.words], family))
  const good = found.filter(each => each !== null)
  for (const { line } of good) {
    if (!site.notes.has(line)) site.notes.applied(line, null)
  }
  if (good.length > 0) return good
  site.notes.unsupported(entry, `the group "${given}" has no address: there is no service`)
  return null
}

/** Remembered until a service names it. */
export const group: Handler<{ readonly site: Site }> = (entry, { site }) => {
  site.groups.set(wordOf(entry), entry.block ?? [])
  site.notes.translated(entry, 'its lines stand in "virtual" of each service that names it')
  return undefined
}

function settle(to: ServiceTarget, endpoints: readonly Endpoint[], entry: Entry): void {
  const { site, path, json } = to
  const marks = endpoints.every(({ written }) => typeof written === 'object' && 'mark' in written)
  if (to.protocol === null && !marks) {
    const text =
      'it has no "protocol", and keepalived takes UDP then, whatever its checkers ask: if TCP ' +
      'was meant, write "protocol": "tcp"'
    site.notes.translated(entry, text, `${path}.protocol`)
  }
  settlePersistence(to)
  settleFlags(to)
  const servers = dictionary<Json>()
  const ports = new Set(endpoints.map(({ port }) => port))
  const way = (json.forwarding ?? 'nat') as string | Json
  const checks = new Map<Json, Checks>()
  const around = { site, path, servers, checks, pace: to.pace, forwarding: way, ports }
  for (const each of to.servers) server(each, around)
  const all = Object.values(servers)
  if (to.weight !== null) for (const each of all) each.weight ??= to.weight
  settleQuorum(to, all)
  saysInterval(to, [...checks.values()], entry)
  putChecks(json, checks)
  const written = dictionary<Json | string>()
  for (const name of Object.keys(servers)) written[name] = shortened(servers[name] ?? {})
  json.servers = written
  if (to.sorry?.address !== undefined) json.sorryServer = shortened(to.sorry)
}

/** V8 would make a hidden class for each name of a server. */
const dictionary = <T>(): Record<string, T> => Object.create(null)

/** Nobody who leaves out delay_loop means a minute. */
function saysInterval(
  { site, pace, path }: ServiceTarget,
  checks: readonly Checks[],
  entry: Entry,
): void {
  if (pace.interval !== undefined) return
  const slow = checks.flat().some(each => {
    const name = typeof each === 'string' ? each : String((each as Json).check)
    return site.checks[name]?.interval === '1m'
  })
  if (!slow) return
  const text =
    'without "delay_loop" keepalived asks its servers once in a minute, and so it is here: a ' +
    'server that died gets connections for as long. Write a shorter "interval" into the check'
  site.notes.translated(entry, text, `${path}.checks`)
}

function settlePersistence({ site, json, persistence, times }: ServiceTarget): void {
  if (persistence.time !== undefined) json.persistence = persistence
  else for (const entry of times) site.notes.ignored(entry, 'there is no persistence_timeout')
}

/** flag-1 and flag-2 are called after the scheduler (linux/ip_vs.h). */
function settleFlags({ site, json, flags }: ServiceTarget): void {
  const owner = String(json.scheduler ?? 'wlc')
  const names: Readonly<Record<string, string>> = {
    'flag-1': `${owner}-fallback`,
    'flag-2': `${owner}-port`,
  }
  const found = new Set<string>()
  for (const entry of flags) {
    const name = names[entry.keyword] ?? entry.keyword
    if ((owner === 'sh' || owner === 'mh') && name.startsWith(`${owner}-`)) found.add(name)
    else site.notes.unsupported(entry, `the scheduler ${owner} has no such flag: it is left out`)
  }
  if (found.size > 0) json.schedulerFlags = [...found]
}

/** When all servers have the same checks they stand once, in the service. */
function putChecks(json: Json, checks: ReadonlyMap<Json, Checks>): void {
  const [wanted = [], ...others] = checks.values()
  if (others.every(each => isSame(each, wanted))) json.checks = wanted
  else for (const [server, own] of checks) server.checks = own
}

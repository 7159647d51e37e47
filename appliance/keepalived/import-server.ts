/** `real_server`, and what settles how its checks are used. */

import { stepText } from '../config/path.ts'
import { bracketed } from '../values/endpoint-text.ts'
import { parseIpAddress } from '../values/ip-address.ts'
import { checkers, type ServerChecks } from './import-check.ts'
import { hook } from './import-command.ts'
import { nameAt } from './import-endpoints.ts'
import { forwarding, methodOf } from './import-forwarding.ts'
import { smtpAlert } from './import-mail.ts'
import { type Pace, paceTable } from './import-pace.ts'
import type { Handler, Json, Site, Table } from './import-site.ts'
import { nameIn, readBlock } from './import-site.ts'
import { ignored, wholeKey, yesKey } from './import-words.ts'
import type { Entry } from './tree.ts'

type ServerTarget = ServerChecks & { readonly path: string; readonly json: Json }

export const hookKey =
  <T extends { readonly site: Site; readonly path: string; readonly json: Json }>(
    key: string,
  ): Handler<T> =>
  (entry, { site, path, json }) => {
    const found = hook(site, entry, `${path}.${key}`)
    if (found !== null) json[key] = found
    return `${path}.${key}`
  }

const table: Table<ServerTarget> = {
  ...(paceTable as Table<ServerTarget>),
  ...(checkers as Table<ServerTarget>),
  weight: wholeKey('weight', 0, 65_535),
  uthreshold: wholeKey('mostConnections', 0, 4_294_967_295),
  lthreshold: wholeKey('resumeBelow', 0, 4_294_967_295),
  inhibit_on_failure: yesKey('inhibit'),
  lvs_method: (entry, { site, path, json }) => {
    const found = forwarding(site, entry)
    if (found !== null) json.forwarding = found
    return `${path}.forwarding`
  },
  lb_kind: (entry, to) => table.lvs_method?.(entry, to),
  notify_up: hookKey('notifyUp'),
  notify_down: hookKey('notifyDown'),
  smtp_alert: smtpAlert(),
  snmp_name: ignored('SNMP shows the name that it has in the document'),
}

export type Checks = readonly unknown[]

/** What a server has to know of its service. */
export type Around = {
  readonly site: Site
  readonly path: string
  readonly servers: Record<string, Json>
  /** What stands in "checks" of each: it is settled when all are known. */
  readonly checks: Map<Json, Checks>
  readonly pace: Pace
  readonly forwarding: string | Json
  /** Of the endpoints; 0 for marks and for all ports. */
  readonly ports: ReadonlySet<number>
}

export function server(entry: Entry, around: Around): void {
  const { site } = around
  const { notes } = site
  const [given = '', port = '0'] = entry.words
  const address = parseIpAddress(given)
  if (address === null || !(Number(port) <= 65_535)) {
    notes.unsupported(entry, `"${entry.words.join(' ')}" is no address with a port: no server`)
    return
  }
  const wanted = nameAt(address, port)
  if (Object.hasOwn(around.servers, wanted)) {
    notes.unsupported(entry, 'the service has this server already: the first one counts')
    return
  }
  const name = nameIn(around.servers, wanted)
  const path = `${around.path}.servers${stepText(name)}`
  const json: Json = { address }
  if (port !== '0') json.port = Number(port)
  const uses: Json[] = []
  around.servers[name] = json
  readBlock(entry.block ?? [], table, { site, path, json, pace: paceOfServer(entry, around), uses })
  if (uses.length === 0) {
    const text = 'it has no checker: it gets connections whether it lives or not ("checks": [])'
    notes.translated(entry, text, `${path}.checks`)
  } else if (!notes.has(entry)) notes.applied(entry, path)
  settlePort(entry, around, path, json, uses)
  const checks = distinct(uses).map(use => (Object.keys(use).length === 1 ? use.check : use))
  around.checks.set(json, checks)
}

/** Its own, where it says something about it. */
const paceOfServer = ({ block }: Entry, { pace }: Around): Pace =>
  block?.some(({ keyword }) => Object.hasOwn(paceTable, keyword)) ? { ...pace } : pace

/** Direct routing and tunnels change no ports: another one is only where the check asks. */
function settlePort(
  entry: Entry,
  { site, forwarding: ofService, ports }: Around,
  path: string,
  json: Json,
  uses: readonly Json[],
): void {
  const { port } = json
  for (const use of uses) if (use.port === port) delete use.port
  const method = methodOf((json.forwarding ?? ofService) as string | Json)
  const same = ports.size === 1 && ports.has(Number(port))
  if (method === 'nat' || port === undefined || same) return
  delete json.port
  for (const use of uses) {
    const kind = site.checks[String(use.check)]?.kind
    if (kind !== 'ping' && kind !== 'file' && kind !== 'bfd') use.port ??= port
  }
  const text = `"${method}" does not change ports: ${port} is only where its checks ask`
  site.notes.translated(entry, text, path)
}

const distinct = (uses: readonly Json[]): readonly Json[] =>
  uses.length < 2 ? uses : [...new Map(uses.map(use => [JSON.stringify(use), use])).values()]

/** The short form of a server that says nothing but where it is: each weighs 1 without a word. */
export function shortened(json: Json): Json | string {
  const { address, port, weight } = json
  const needless = [port !== undefined, weight === 1].filter(Boolean).length
  if (Object.keys(json).length > 1 + needless) return json
  const host = bracketed(String(address))
  return port === undefined ? host : `${host}:${port}`
}

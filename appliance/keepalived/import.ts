/** From a parsed keepalived.conf to our document. Every line of it gets a finding. */

import { parseDocument } from '../config/document.ts'
import { findingText } from '../config/finding.ts'
import { newestVersion } from '../config/migrations.ts'
import { bfdInstance } from './import-bfd.ts'
import type { Finding } from './import-finding.ts'
import { globalDefs, rootGlobals } from './import-globals.ts'
import { mailChannel } from './import-mail.ts'
import { router } from './import-router.ts'
import { group, service } from './import-service.ts'
import type { Json, ReadScript, Site, Table } from './import-site.ts'
import { newSite, readBlock } from './import-site.ts'
import { syncGroup } from './import-sync-group.ts'
import { trackers } from './import-trackers.ts'
import { each, ignored, unsupported } from './import-words.ts'
import type { Entry } from './tree.ts'

export type Imported = {
  /** As JSON; `parseDocument` takes it when no finding is `refused`. */
  readonly document: unknown
  readonly findings: readonly Finding[]
  /** So many more lines are applied, of which there is nothing to say. */
  readonly others: number
}

type Here = { readonly site: Site }

const table: Table<Here> = {
  ...rootGlobals,
  global_defs: globalDefs,
  ...trackers,
  bfd_instance: bfdInstance,
  virtual_server_group: group,
  vrrp_instance: router,
  vrrp_sync_group: syncGroup,
  virtual_server: service,
  ...each(
    'static_ipaddress static_routes static_rules track_group',
    unsupported(
      'what always stays on the box is no matter of Diarch: let its network configuration do it',
    ),
  ),
  garp_group: unsupported('announcements are paced by "announce.spacing" of each router'),
  interface_up_down_delays: unsupported('interfaces have no delays: "startDelay" is for the start'),
  linkbeat_interfaces: ignored('the kernel tells of links'),
  SSL: unsupported('checks show no certificate of their own'),
}

/** Others name them: they are read first, wherever they stand. */
const firstOnes = ['global_defs', ...Object.keys(trackers), 'bfd_instance', 'virtual_server_group']
const order = [...firstOnes, 'vrrp_instance', 'vrrp_sync_group']

const rank = ({ keyword }: Entry): number => {
  const at = order.indexOf(keyword)
  return at < 0 ? order.length : at
}

export type ImportOptions = {
  /** What is not supported is refused. */
  readonly strict?: boolean
  /** Scripts are looked into for what has no sense here. */
  readonly readScript?: ReadScript
  /** False: lines that are applied and nothing more are counted, and have no finding. */
  readonly everyLine?: boolean
}

export function importKeepalived(
  entries: readonly Entry[],
  { strict = false, readScript = () => null, everyLine = true }: ImportOptions = {},
): Imported {
  const site = newSite(entries, readScript)
  readBlock(
    [...entries].sort((a, b) => rank(a) - rank(b)),
    table,
    { site },
  )
  saysUnusedGroups(entries, site)
  const document = documentOf(site)
  const every = everyLine ? said(site.notes.of(entries), strict) : null
  const refused = refusals(document, () => every ?? said(site.notes.of(entries), strict))
  if (every !== null) return { document, findings: every.concat(refused), others: 0 }
  const { findings, others } = site.notes.remarkable(entries)
  return { document, findings: said(findings, strict).concat(refused), others }
}

const said = (findings: readonly Finding[], strict: boolean): readonly Finding[] =>
  strict ? findings.map(strictly) : findings

const strictly = (finding: Finding): Finding =>
  finding.outcome === 'unsupported' ? { ...finding, outcome: 'refused' } : finding

function saysUnusedGroups(entries: readonly Entry[], { notes }: Site): void {
  for (const { keyword, block } of entries) {
    if (keyword !== 'virtual_server_group') continue
    for (const line of block ?? []) {
      if (!notes.has(line)) notes.ignored(line, 'no virtual_server names its group')
    }
  }
}

function documentOf(site: Site): Json {
  const { routers, syncGroups, trackers: tracked, checks, services, director, hooks } = site
  const notify = { ...(hooks.length > 0 && { hooks }), ...site.notify }
  const mail = mailChannel(site)
  const alerts = mail === null ? {} : { channels: { mail } }
  const node = {
    routers: filled(site.nodeRouters),
    checks: site.nodeChecks,
    director: site.nodeDirector,
  }
  return {
    schemaVersion: newestVersion,
    cluster: filled({
      ...{ routers, syncGroups, trackers: tracked, notify, checks, services, director, alerts },
    }),
    ...(Object.keys(filled(node)).length > 0 && { node: filled(node) }),
  }
}

/** Without what is empty. */
const filled = (table: Json | Record<string, Json>): Json =>
  Object.fromEntries(
    Object.entries(table).filter(([, value]) => Object.keys(value as Json).length > 0),
  )

/** What our own document refuses, at the line that it came from. */
function refusals(
  document: unknown,
  findingsOfLines: () => readonly Finding[],
): readonly Finding[] {
  const parsed = parseDocument(document)
  if (parsed.kind === 'document') return []
  const findings = findingsOfLines()
  const places = new Map<string, Finding['place']>()
  for (const { path, place } of findings) {
    if (path !== null && !places.has(path)) places.set(path, place)
  }
  const somewhere = findings[0]?.place ?? { file: '', line: 0 }
  const said = new Set(findings.flatMap(({ outcome, path }) => (outcome === 'refused' ? path : [])))
  const others = parsed.findings.filter(({ path }) => !said.has(path))
  return others.map(found => ({
    place: placeOf(found.path, places) ?? somewhere,
    outcome: 'refused',
    text: findingText(found),
    path: found.path,
  }))
}

function placeOf(
  path: string,
  places: ReadonlyMap<string, Finding['place']>,
): Finding['place'] | null {
  for (let at = path; at !== ''; at = at.replace(/(^|[.[])[^.[]*$/, '')) {
    const place = places.get(at)
    if (place !== undefined) return place
  }
  return null
}

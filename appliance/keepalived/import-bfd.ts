/** `bfd_instance`: the session that a BFD_CHECK names. */

import type { Handler, Json, Site, Table } from './import-site.ts'
import { readBlock } from './import-site.ts'
import { address, each, ignored, unsupported, whole, wordOf } from './import-words.ts'
import type { Entry } from './tree.ts'

type Session = { readonly site: Site; readonly json: Json }

/** In milliseconds, unlike all other times of keepalived. */
const milli =
  (key: string): Handler<Session> =>
  (entry, { site, json }) => {
    const value = whole(site, entry, wordOf(entry), 10, 10_000)
    if (value !== null) json[key] = `${value}ms`
    return undefined
  }

const place =
  (key: string): Handler<Session> =>
  (entry, { site, json }) => {
    const found = address(site, entry, wordOf(entry))
    if (found !== null) json[key] = found
    return undefined
  }

const count =
  (key: string, least: number): Handler<Session> =>
  (entry, { site, json }) => {
    const value = whole(site, entry, wordOf(entry), least, 255)
    if (value !== null) json[key] = value
    return undefined
  }

const table: Table<Session> = {
  ...each('neighbor_ip neighbour_ip', place('neighbour')),
  source_ip: place('source'),
  min_tx: milli('minTransmit'),
  min_rx: milli('minReceive'),
  multiplier: count('multiplier', 2),
  ...each('ttl hoplimit', count('ttl', 1)),
  ...each('max_hops multihop', unsupported('sessions are of one hop here (RFC 5881)')),
  idle_tx: ignored('while it is down a session sends once a second (RFC 5880 6.8.3)'),
  passive: unsupported('both ends begin here'),
  weight: unsupported('routers track no BFD: track a service that has the check'),
  vrrp: unsupported('routers track no BFD: track a service that has the check'),
  checker: ignored('a BFD_CHECK that names it is enough'),
}

export const bfdInstance: Handler<{ readonly site: Site }> = (entry: Entry, { site }) => {
  const json: Json = { minTransmit: '10ms', minReceive: '10ms', multiplier: 5 }
  readBlock(entry.block ?? [], table, { site, json })
  site.bfdHere.set(wordOf(entry), json)
  site.notes.translated(entry, 'it stands in the checks that name it, with 10ms and 5 as defaults')
  return undefined
}

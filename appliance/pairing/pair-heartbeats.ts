/**
 * What two boxes need to hear each other beside VRRP, as soon as they are a pair: the secret that
 * signs heartbeats, and on each of them a path, on the network by which they are connected.
 */

import type { PatchStep } from '../api/configuration.ts'

type Table = Readonly<Record<string, unknown>>

const tableOf = (value: unknown): Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {}

/** The way to the peer: `cluster.guard.secret` is the same on both, this is of one box. */
export type PeerPath = { readonly interface: string; readonly peer: string }

const pathName = 'pair'

export type HeartbeatSite = {
  /** As it is written. */
  readonly document: unknown
  /** Null: the peer is on no network of this box. */
  readonly path: PeerPath | null
  /** The address of the box that was the peer before; null: there was none. */
  readonly before?: string | null
  /** 64 hexadecimal digits that nobody else knows. */
  readonly secret: string
}

/** What is lacking; empty: nothing is, or somebody has configured paths by himself. */
export function heartbeatSteps(site: HeartbeatSite): readonly PatchStep[] {
  const { document, path, before = null, secret } = site
  if (path === null) return []
  const { cluster, node } = tableOf(document)
  const paths = tableOf(tableOf(node).heartbeats)
  const stale = Object.entries(paths).filter(([name, each]) => {
    const { peer } = tableOf(each)
    return peer !== path.peer && (name === pathName || (before !== null && peer === before))
  })
  if (stale.length > 0) {
    const place = (name: string) => `/node/heartbeats/${escaped(name)}/peer`
    return stale.map(([name]) => ({ op: 'replace', path: place(name), value: path.peer }))
  }
  if (Object.keys(paths).length > 0) return []
  const isSigned = hasSecret(tableOf(cluster))
  return [
    ...(isSigned ? [] : [added(document, ['cluster', 'guard', 'secret'], `hex:${secret}`)]),
    added(document, ['node', 'heartbeats', pathName], path),
  ]
}

/** The half of a box that has just joined, where the other one has the secret already. */
export function withHeartbeats(cluster: Table, node: unknown, path: PeerPath | null): unknown {
  const { [pathName]: made, ...others } = tableOf(tableOf(node).heartbeats)
  const isThere = path !== null && tableOf(made).peer === path.peer
  if (path === null || isThere || Object.keys(others).length > 0 || !hasSecret(cluster)) return node
  return { ...tableOf(node), heartbeats: { [pathName]: path } }
}

/** For whoever looks at the pair: it has no second voice. */
export const lacksHeartbeats = (document: unknown): boolean =>
  Object.keys(tableOf(tableOf(tableOf(document).node).heartbeats)).length === 0

const hasSecret = (cluster: Table): boolean => typeof tableOf(cluster.guard).secret === 'string'

/** With all above it that is not there yet. */
function added(document: unknown, place: readonly string[], value: unknown): PatchStep {
  let [depth, table] = [0, tableOf(document)]
  while (depth < place.length - 1 && Object.hasOwn(table, place[depth] ?? '')) {
    table = tableOf(table[place[depth] ?? ''])
    depth += 1
  }
  const inner = place
    .slice(depth + 1)
    .reduceRight<unknown>((below, key) => ({ [key]: below }), value)
  return {
    op: 'add',
    path: `/${place
      .slice(0, depth + 1)
      .map(escaped)
      .join('/')}`,
    value: inner,
  }
}

/** RFC 6901. */
const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

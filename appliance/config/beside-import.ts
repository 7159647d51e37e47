import { canonical } from '../values/canonical.ts'

/** What a keepalived.conf can say alone; all else of a document is not its matter. */
const ofKeepalived: Readonly<Record<'cluster' | 'node', readonly string[]>> = {
  cluster: ['routers', 'syncGroups', 'trackers', 'notify', 'checks', 'services', 'director'],
  node: ['routers', 'checks', 'director'],
}

export type Beside = {
  readonly document: unknown
  /** Alert channels that were imported and stay out: the box has others of these names. */
  readonly kept: readonly string[]
}

/**
 * An imported document with what the one in force has beside: users, the network of this box. A
 * channel for alerts comes in beside those of the box, and takes the place of none.
 */
export function besideImport(inForce: unknown, imported: unknown): Beside {
  const [before, after] = [tableOf(inForce), tableOf(imported)]
  const [cluster, node] = (['cluster', 'node'] as const).map(half => {
    const rest = Object.entries(tableOf(before[half])).filter(
      ([key]) => !ofKeepalived[half].includes(key),
    )
    return { ...tableOf(after[half]), ...Object.fromEntries(rest) }
  })
  const theirs = tableOf(tableOf(tableOf(after.cluster).alerts).channels)
  const alerts = tableOf(tableOf(before.cluster).alerts)
  const own = tableOf(alerts.channels)
  const channels = { ...theirs, ...own }
  const kept = Object.keys(theirs).filter(
    name => Object.hasOwn(own, name) && canonical(own[name]) !== canonical(theirs[name]),
  )
  const merged = Object.keys(theirs).length > 0 && { alerts: { ...alerts, channels } }
  const document = {
    ...after,
    cluster: { ...cluster, ...merged },
    ...(Object.keys(node ?? {}).length > 0 && { node }),
  }
  return { document, kept }
}

const tableOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

/** What a keepalived.conf can say; all else of a document is not its matter. */
const ofKeepalived: Readonly<Record<'cluster' | 'node', readonly string[]>> = {
  cluster: ['routers', 'syncGroups', 'trackers', 'notify', 'checks', 'services', 'director'],
  node: ['routers', 'checks', 'director'],
}

/** An imported document with what the one in force has beside: users, the network of this box. */
export function withRestOf(inForce: unknown, imported: unknown): unknown {
  const [before, after] = [tableOf(inForce), tableOf(imported)]
  const [cluster, node] = (['cluster', 'node'] as const).map(half => {
    const rest = Object.entries(tableOf(before[half])).filter(
      ([key]) => !ofKeepalived[half].includes(key),
    )
    return { ...tableOf(after[half]), ...Object.fromEntries(rest) }
  })
  return { ...after, cluster, ...(Object.keys(node ?? {}).length > 0 && { node }) }
}

const tableOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

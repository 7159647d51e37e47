import { contradiction, type Problem } from '../finding.ts'
import { nameHint } from '../near.ts'
import type { Document } from '../schema.ts'

export function notifyProblems({ cluster }: Document): readonly Problem[] {
  const routers = new Set(Object.keys(cluster.routers))
  const groups = new Set(Object.keys(cluster.syncGroups))
  return cluster.notify.hooks.flatMap(({ router, syncGroup }, index): Problem[] => {
    const at = ['cluster', 'notify', 'hooks', index]
    if (router !== undefined && syncGroup !== undefined) {
      return [contradiction(at, 'a router or a sync group, not both')]
    }
    if (router !== undefined && !routers.has(router)) {
      return [
        contradiction([...at, 'router'], 'one of cluster.routers', () =>
          nameHint(router, [...routers]),
        ),
      ]
    }
    if (syncGroup !== undefined && !groups.has(syncGroup)) {
      const hint = () => nameHint(syncGroup, [...groups])
      return [contradiction([...at, 'syncGroup'], 'one of cluster.syncGroups', hint)]
    }
    return []
  })
}

import { entryOf } from '../entry.ts'
import { contradiction, type Problem } from '../finding.ts'
import { nameHint } from '../near.ts'
import type { Document } from '../schema.ts'

/** The half of this box may only say more about what the cluster has. */
export function nodeProblems({ cluster, node }: Document): readonly Problem[] {
  const names = Object.keys(cluster.routers)
  return Object.entries(node.routers).flatMap(([name, own]): Problem[] => {
    const at = ['node', 'routers', name]
    const router = entryOf(cluster.routers, name)
    if (router === undefined) {
      return [contradiction(at, 'a router of cluster.routers', () => nameHint(name, names))]
    }
    if (own.unicast === undefined || router.unicast !== undefined) return []
    const hint = `add "unicast": {} to cluster.routers.${name}`
    return [contradiction([...at, 'unicast'], 'a router that is unicast on both boxes', hint)]
  })
}

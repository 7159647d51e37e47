import { contradiction, type Problem } from '../finding.ts'
import { nameHint } from '../near.ts'
import type { Document } from '../schema.ts'

export function directorProblems({ cluster, node }: Document): readonly Problem[] {
  const at = ['cluster', 'director', 'sync']
  const { sync } = cluster.director
  const own = ['node', 'director', 'sync']
  if (sync === null) {
    if (node.director.sync === undefined) return []
    const hint = 'add "sync": {} to cluster.director'
    return [contradiction(own, 'a connection sync on both boxes', hint)]
  }
  const found: Problem[] = []
  if (sync.interface === undefined && node.director.sync === undefined) {
    found.push(contradiction([...at, 'interface'], 'an interface, here or in node.director.sync'))
  }
  const { router } = sync
  const routers = Object.keys(cluster.routers)
  if (router !== null && !routers.includes(router)) {
    const hint = () => nameHint(router, routers)
    found.push(contradiction([...at, 'router'], 'one of cluster.routers', hint))
  }
  return found
}

import { contradiction, type Problem } from '../finding.ts'
import { nameHint } from '../near.ts'
import type { Document } from '../schema.ts'
import type { WholeRouter } from '../whole-router.ts'

export function syncGroupProblems(
  { cluster: { syncGroups } }: Document,
  routers: readonly WholeRouter[],
): readonly Problem[] {
  const names = new Set(routers.map(({ name }) => name))
  const groupOf = new Map<string, string>()
  return Object.entries(syncGroups).flatMap(([group, { routers: members }]) => {
    const at = ['cluster', 'syncGroups', group, 'routers']
    const found = members.flatMap((member, index): Problem[] => {
      const other = groupOf.get(member)
      groupOf.set(member, group)
      if (!names.has(member)) {
        const hint = () => nameHint(member, [...names])
        return [contradiction([...at, index], 'one of cluster.routers', hint)]
      }
      if (other === undefined) return []
      const expected = other === group ? 'each router once' : `a router that is not in ${other} too`
      return [contradiction([...at, index], expected)]
    })
    if (members.length < 2) found.push(contradiction(at, 'two routers or more'))
    const whole = routers.filter(({ name }) => members.includes(name))
    return [...found, ...unlikeProblems(group, whole)]
  })
}

const asOne = 'a sync group runs for election as one: on this box all of it has the same'

/** The group runs for election as one: each member has to bring the same. */
function unlikeProblems(group: string, members: readonly WholeRouter[]): readonly Problem[] {
  const [first, ...others] = members
  if (first === undefined) return []
  return others.flatMap(other => {
    const found: Problem[] = []
    if (other.priority !== first.priority) {
      const expected = `${first.priority}, as ${first.name} in the same sync group ${group} has`
      found.push(contradiction(other.pathOf('priority'), expected, asOne))
    }
    if (other.router.preempt !== first.router.preempt) {
      const expected = `${first.router.preempt}, as ${first.name} in the same sync group ${group}`
      found.push(contradiction([...other.path, 'preempt'], expected, asOne))
    }
    return found
  })
}

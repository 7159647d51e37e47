import { contradiction, type Finding, findingOf, type Problem } from '../finding.ts'
import { listed } from '../near.ts'
import type { Document } from '../schema.ts'

/** Nobody may be locked out of the box by a document: its console and its socket aside. */
export function userProblems({ cluster }: Document): readonly Problem[] {
  const { users, tokens } = cluster
  const all = Object.values(users)
  if (all.some(({ role }) => role === 'admin')) return []
  if (all.length > 0) return [contradiction(['cluster', 'users'], 'a user whose role is "admin"')]
  if (Object.keys(tokens).length === 0) return []
  const hint = 'without users nothing is reachable over the network'
  return [contradiction(['cluster', 'tokens'], 'users in cluster.users too', hint)]
}

/** Over the network nobody could log in any more, where somebody can now. Null: it is not so. */
export function usersGone(before: Document | null, after: Document): Finding | null {
  const had = Object.keys(before?.cluster.users ?? {})
  if (had.length === 0 || Object.keys(after.cluster.users).length > 0) return null
  const hint =
    `the configuration in force has ${listed(had.slice(0, 5))}: take them over from ` +
    '`diarch config show`, where their passwords are "(not shown)"'
  const problem = contradiction(['cluster', 'users'], 'a user whose role is "admin"', hint)
  return findingOf(problem, after, null)
}

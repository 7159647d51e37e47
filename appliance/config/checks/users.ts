import { contradiction, type Problem } from '../finding.ts'
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

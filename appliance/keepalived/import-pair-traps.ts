/** What is legal in each of the two files, and makes no sense in both together. */

import { pathText } from '../config/path.ts'
import type { Finding } from './import-finding.ts'
import { type Entry, placeOfEntry } from './tree.ts'

type Twin = { readonly name: string; readonly one: Entry; readonly other: Entry }

/** `twins`: the same virtual router in each file. */
export const pairTraps = (twins: readonly Twin[]): readonly Finding[] =>
  twins.flatMap(twin => [...bothMaster(twin), ...samePriority(twin)])

function bothMaster({ name, one, other }: Twin): readonly Finding[] {
  const [first, second] = [lineOf(one, 'state'), lineOf(other, 'state')]
  if (first?.words[0] !== 'MASTER' || second?.words[0] !== 'MASTER') return []
  const [a, b] = [priorityOf(one), priorityOf(other)]
  const who = a === b ? 'neither of them' : a > b ? 'that of the first file' : 'this one'
  const text = `both files say MASTER of ${name}. The priority decides, not that: it prefers ${who}`
  return [{ place: placeOfEntry(second), outcome: 'translated', text, path: null }]
}

function samePriority({ name, one, other }: Twin): readonly Finding[] {
  const priority = priorityOf(one)
  if (priority !== priorityOf(other)) return []
  const text =
    `both boxes have the priority ${priority}: when both begin at once the one with the higher ` +
    'address becomes master. Give more to the one that you prefer'
  const place = placeOfEntry(lineOf(other, 'priority') ?? other)
  return [
    { place, outcome: 'translated', text, path: pathText(['node', 'routers', name, 'priority']) },
  ]
}

const lineOf = ({ block }: Entry, keyword: string): Entry | undefined =>
  block?.find(each => each.keyword === keyword)

/** keepalived has 100 when nothing is said. */
const priorityOf = (entry: Entry): number => Number(lineOf(entry, 'priority')?.words[0] ?? 100)

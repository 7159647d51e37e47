/**
 * Who may hold the addresses when the boxes hear nothing of each other.
 *
 * One owner first: a box leads while it hears the other one and is heard by it, or while a witness
 * answers it. Of two boxes that are cut off from each other, the one without a witness gives up by
 * itself, and the other one waits until that must have happened. Two boxes that both reach the
 * witness and not each other cannot be told apart from here: choose a witness that stands where the
 * clients are, or one that lets only one box in (a script).
 */

import { type Duration, milliseconds } from '../values/duration.ts'
import type { Verdict } from '../vrrp/priority.ts'
import { type GuardConfig, slowest } from './guard-config.ts'

/** From the last word of a dead or isolated box until another one may take its place. */
export function leastSilence(config: GuardConfig): Duration {
  const { policy, fencing } = config
  if (policy === 'availability-first' && fencing.policy === 'off') return milliseconds(0)
  const { witnessTime, advertTime, missed } = config
  const pace = slowest(config)
  const noticed = Math.max(witnessTime, advertTime, (missed + 0.5) * pace)
  return milliseconds(noticed + 2 * pace)
}

/** Why this box may not lead; null: it may. */
export function restraint(
  config: GuardConfig,
  peerIsThere: boolean,
  verdicts: ReadonlyMap<string, Verdict>,
): string | null {
  if (config.policy === 'availability-first' || peerIsThere) return null
  if (isWitnessed(config, verdicts)) return null
  const { witnesses } = config
  const answering = witnesses.filter(name => verdicts.get(name)?.state === 'up')
  const missing = witnesses.filter(name => !answering.includes(name)).join(', ')
  return `isolated: nothing is heard of the other box, and no answer comes from ${missing}`
}

/** Where there are no witnesses, none is missing. */
export function isWitnessed(
  { witnesses, witnessesNeeded }: GuardConfig,
  verdicts: ReadonlyMap<string, Verdict>,
): boolean {
  if (witnesses.length === 0) return true
  const answering = witnesses.filter(name => verdicts.get(name)?.state === 'up')
  return answering.length >= witnessesNeeded
}

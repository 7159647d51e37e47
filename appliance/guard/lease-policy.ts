import { type Duration, milliseconds } from '../values/duration.ts'
import type { RouterState } from '../vrrp/router-state.ts'
import { type GuardConfig, slowest } from './guard-config.ts'

/**
 * Leases of witnesses: what a box that is cut off needs to lead. The one that leads keeps them all
 * the time, so that it goes on when the cables are cut; the other one asks when it hears nothing.
 */

/** Whether leases count at all. */
export const goesByLeases = ({ policy, leases }: GuardConfig): boolean =>
  policy === 'one-owner-first' && leases.length > 0

/** A box that cannot lead does not keep the other one from it. */
export const wantsLeases = (
  states: readonly RouterState[],
  peerIsThere: boolean,
  restraint: string | null,
): boolean =>
  states.some(({ kind }) => kind === 'master') ||
  (!peerIsThere && states.some(state => couldLead(state, restraint)))

const couldLead = ({ kind, why }: RouterState, restraint: string | null): boolean =>
  kind === 'backup' || (kind === 'fault' && why === restraint)

/**
 * After this box has found itself apart: until the other one must have found it too. Without a
 * lease it leads only while it hears heartbeats that say that it is heard, and the last of those
 * went out when this box found itself apart.
 */
export const otherNotices = (config: GuardConfig): Duration =>
  milliseconds((config.missed + 1.5) * slowest(config))

/** From the last word of the other box to the silence here, and to its own; and two heartbeats. */
export const leaseSilence = (config: GuardConfig): Duration =>
  milliseconds((2 * (config.missed + 0.5) + 2) * slowest(config))

/** Why a box that is apart may not lead; null: it may. `missing`: see Leases. */
export function leaseRestraint(
  config: GuardConfig,
  view: { readonly missing: string | null; readonly leads: boolean; readonly apartFor: Duration },
): string | null {
  if (view.missing !== null) {
    return `isolated: nothing is heard of the other box, and ${view.missing}`
  }
  if (view.leads || view.apartFor >= otherNotices(config)) return null
  return 'isolated: this box has the lease, and waits until the other one has noticed it'
}

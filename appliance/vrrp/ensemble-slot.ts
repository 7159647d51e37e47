import { type Duration, type Instant, instant, milliseconds } from '../values/duration.ts'
import { type EffectivePriority, effectivePriority } from './priority.ts'
import { newRouter, routerWakeAt } from './router.ts'
import type { RouterConfig } from './router-config.ts'
import { advertFrom, givenUpAt } from './router-master.ts'
import { downIntervalHere, isBetter, takesOverAt } from './router-moves.ts'
import type { Circumstances, RouterState } from './router-state.ts'

/** What the ensemble keeps of one router; changed in place. */
export type Slot = {
  config: RouterConfig
  state: RouterState
  priority: EffectivePriority
  here: Circumstances
  /** The routers of its sync group; itself alone if it has none. */
  group: readonly Slot[]
}

export function newSlot(config: RouterConfig, vrrpdStarted: Instant): Slot {
  const priority = effectivePriority(config, new Map())
  const here = {
    config,
    priority: priority.value,
    faults: [],
    self: null,
    leastSilence: milliseconds(0),
    heldBack: null,
  }
  return { config, state: newRouter(vrrpdStarted), priority, here, group: [] }
}

/** A member of a sync group waits until the time of all others has come. */
export function slotWakeAt(slot: Slot): Instant | null {
  const own = routerWakeAt(slot.state)
  if (own === null || slot.state.kind !== 'backup') return own
  let latest: number = own
  for (const { state } of slot.group) {
    if (state.kind === 'backup') latest = Math.max(latest, takesOverAt(state))
    // It cannot lead: neither can this one.
    else if (state.kind !== 'master') return null
  }
  return instant(latest)
}

/** Of any of them. All its backups have one and the same moment. */
export function groupWakeAt(group: readonly Slot[]): number {
  const backup = group.find(({ state }) => state.kind === 'backup')
  let earliest = backup === undefined ? Infinity : (slotWakeAt(backup) ?? Infinity)
  for (const { state } of group) {
    if (state.kind !== 'backup') earliest = Math.min(earliest, routerWakeAt(state) ?? Infinity)
  }
  return earliest
}

/** Of all its masters together. */
export function groupGivenUpAt(group: readonly Slot[]): Instant {
  let latest = -Infinity
  for (const { state, here } of group) {
    if (state.kind === 'master') latest = Math.max(latest, givenUpAt(state, here))
  }
  return instant(latest)
}

/** When its timer may be called due, if the box is awake anyway. */
export function slotReadyAt(slot: Slot): Instant | null {
  const { state, here } = slot
  const wakeAt = slotWakeAt(slot)
  if (state.kind !== 'master' || wakeAt === null) return wakeAt
  return instant(Math.min(wakeAt, advertFrom(state, here)))
}

/** For longer than a master of any of its sync group may be silent: all or none begin again. */
export const stoodStill = (slot: Slot, late: Duration): boolean =>
  slot.state.kind === 'backup' &&
  slot.group.every(
    ({ state, here }) => state.kind !== 'backup' || late > downIntervalHere(here, state.master),
  )

/** A router that joins a sync group may find a better master where the others lead. */
export const followsBetter = ({ state, here }: Slot): boolean =>
  state.kind === 'backup' &&
  state.master !== null &&
  !state.released &&
  isBetter(state.master, here)

/** A changed configuration is a new object: see vrrpd, which hands in only what has changed. */
export const sameCircumstances = (a: Circumstances, b: Circumstances): boolean =>
  a.config === b.config &&
  a.priority === b.priority &&
  a.self === b.self &&
  a.leastSilence === b.leastSilence &&
  a.heldBack === b.heldBack &&
  a.faults.length === b.faults.length &&
  a.faults.every((fault, index) => fault === b.faults[index])

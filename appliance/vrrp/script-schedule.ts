/**
 * When a tracked script runs. Starts lie on a grid of intervals; there are never two runs at once,
 * and a start that was missed meanwhile is not made up.
 *
 *   resting ─TimerDue─> busy ─Ended─> resting
 *                        │ TimerDue: SIGTERM, that is a finding too; later SIGKILL
 *
 * The kernel may hold on to a killed process (a dead disk, a lost NFS server). Nothing can be
 * started then, and each missed start counts as one more bad finding: else `fall` is never reached.
 */

import { after, type Duration, type Instant, instant } from '../values/duration.ts'
import { firstPressure, type Pressure, press, pressAt } from './script-limit.ts'
import type { ScriptTracker } from './tracker-config.ts'
import type { Finding } from './tracker-verdict.ts'

export type ScriptSchedule =
  | { readonly kind: 'resting'; readonly startAt: Instant }
  | {
      readonly kind: 'busy'
      /** The place on the grid of this run, or of the last start that was missed. */
      readonly plannedAt: Instant
      readonly pressure: Pressure
    }

export type ScheduleInput =
  | { readonly input: 'TimerDue'; readonly now: Instant }
  | { readonly input: 'Ended'; readonly now: Instant; readonly finding: Finding }
  /** Interval or timeout are others than before. */
  | { readonly input: 'Configured'; readonly now: Instant }

/** To be performed in this order. */
export type ScheduleEffect =
  | { readonly effect: 'Start' }
  /** To every process of the script's group. */
  | { readonly effect: 'Signal'; readonly signal: 'SIGTERM' | 'SIGKILL' }
  | { readonly effect: 'Judge'; readonly finding: Finding }

export type ScheduleStep = {
  readonly state: ScriptSchedule
  readonly effects: readonly ScheduleEffect[]
}

type Timing = Pick<ScriptTracker, 'interval' | 'timeout'>

export const newSchedule = (now: Instant): ScriptSchedule => ({ kind: 'resting', startAt: now })

/** When the state wants `TimerDue`. */
export function scheduleWakeAt(state: ScriptSchedule, { interval }: Timing): Instant {
  if (state.kind === 'resting') return state.startAt
  return pressAt(state.pressure) ?? after(state.plannedAt, interval)
}

export function stepSchedule(
  state: ScriptSchedule,
  input: ScheduleInput,
  timing: Timing,
): ScheduleStep {
  const { now } = input
  if (state.kind === 'resting') {
    switch (input.input) {
      case 'TimerDue': {
        if (now < state.startAt) return same(state)
        const pressure = firstPressure(now, timing.timeout)
        return {
          state: { kind: 'busy', plannedAt: state.startAt, pressure },
          effects: [{ effect: 'Start' }],
        }
      }
      case 'Configured': {
        const startAt = Math.min(state.startAt, after(now, timing.interval))
        return same({ kind: 'resting', startAt: instant(startAt) })
      }
      case 'Ended':
        return same(state)
    }
  }
  switch (input.input) {
    case 'TimerDue':
      return overdue(state, now, timing)
    case 'Ended': {
      const rested = { kind: 'resting', startAt: nextOnGrid(state.plannedAt, timing, now) } as const
      // One that was pressed has been judged already.
      if (state.pressure.kind !== 'none') return same(rested)
      return { state: rested, effects: [{ effect: 'Judge', finding: input.finding }] }
    }
    case 'Configured':
      return same(state)
  }
}

function overdue(
  state: Extract<ScriptSchedule, { kind: 'busy' }>,
  now: Instant,
  timing: Timing,
): ScheduleStep {
  if (state.pressure.kind === 'killed') {
    if (now < after(state.plannedAt, timing.interval)) return same(state)
    const why = 'it does not end, not even by SIGKILL: the kernel holds it (a disk, a file server?)'
    const missed = Math.max(1, Math.floor((now - state.plannedAt) / timing.interval))
    const plannedAt = after(state.plannedAt, (missed * timing.interval) as Duration)
    return {
      state: { ...state, plannedAt },
      effects: [{ effect: 'Judge', finding: { ok: false, why } }],
    }
  }
  const { pressure, signal } = press(state.pressure, now)
  if (signal === null) return same(state)
  const effects: ScheduleEffect[] = [{ effect: 'Signal', signal }]
  if (signal === 'SIGTERM') {
    const why = `no answer within ${timing.timeout / 1000} s`
    effects.push({ effect: 'Judge', finding: { ok: false, why } })
  }
  return { state: { ...state, pressure }, effects }
}

/** The first place on the grid that is not over; always after the one that was used. */
function nextOnGrid(plannedAt: Instant, { interval }: Timing, now: Instant): Instant {
  const steps = Math.max(1, Math.ceil((now - plannedAt) / interval))
  return after(plannedAt, (steps * interval) as Duration)
}

const same = (state: ScriptSchedule): ScheduleStep => ({ state, effects: [] })

/**
 * All children of the supervisor together: who may start when, and who stops when. Pure.
 *
 * Start: equal `order` together; the next order when each earlier child has settled, that is: it
 * runs, has failed once, or has stopped for good. A child that cannot start must not keep the
 * others down: a box whose console is broken still has to serve. The ready limit bounds the wait.
 *
 * Stop: the highest order first; the next lower one when those are gone. SIGKILL bounds the wait.
 */

import { type Instant, instant } from '../values/duration.ts'
import {
  type ProcessEffect,
  type ProcessInput,
  type ProcessMachine,
  step,
  waitingProcess,
  wakeAt,
} from './process-machine.ts'
import type { ProcessSpec } from './spec.ts'

export type Child = {
  readonly spec: ProcessSpec
  readonly state: ProcessMachine
  /** No longer wanted: it leaves the roster when it has stopped. */
  readonly leaving: boolean
}

export type Roster = {
  readonly stopping: boolean
  readonly children: ReadonlyMap<string, Child>
}

export type RosterInput =
  /** The children that should be; the difference to those that are is started or stopped. */
  | { readonly input: 'Wanted'; readonly specs: readonly ProcessSpec[]; readonly now: Instant }
  | { readonly input: 'StopAll'; readonly now: Instant }
  | { readonly input: 'Of'; readonly name: string; readonly of: ProcessInput }
  /** `TimerDue` or `TimeLost` for everyone. */
  | { readonly input: 'Tick'; readonly lost: boolean; readonly now: Instant }

export type RosterEffect = { readonly name: string; readonly spec: ProcessSpec } & ProcessEffect

export type RosterStep = { readonly roster: Roster; readonly effects: readonly RosterEffect[] }

export const emptyRoster: Roster = { stopping: false, children: new Map() }

export const isEmpty = (roster: Roster): boolean =>
  [...roster.children.values()].every(child => isGone(child.state))

/** The earliest moment at which some child wants `Tick`. */
export function rosterWakeAt(roster: Roster): Instant | null {
  const moments = [...roster.children.values()].map(child => wakeAt(child.state))
  const due = moments.filter(moment => moment !== null)
  return due.length === 0 ? null : instant(Math.min(...due))
}

export function stepRoster(roster: Roster, input: RosterInput): RosterStep {
  const children = new Map(roster.children)
  const effects: RosterEffect[] = []
  const stopping = roster.stopping || input.input === 'StopAll'
  const now = input.input === 'Of' ? input.of.now : input.now

  const feed = (name: string, of: ProcessInput): void => {
    const child = children.get(name)
    if (child === undefined) return
    const next = step(child.state, of, child.spec)
    children.set(name, { ...child, state: next.state })
    for (const effect of next.effects) effects.push({ name, spec: child.spec, ...effect })
  }

  switch (input.input) {
    case 'Wanted':
      // While everything stops, nobody new comes.
      if (!stopping) take(children, input.specs, now, feed)
      break
    case 'StopAll':
      break
    case 'Of':
      feed(input.name, input.of)
      break
    case 'Tick':
      for (const name of children.keys()) {
        feed(name, { input: input.lost ? 'TimeLost' : 'TimerDue', now })
      }
      break
  }

  for (const [name, child] of children) {
    if (child.leaving && isGone(child.state)) children.delete(name)
  }
  if (stopping) stopNext(children, now, feed)
  else startNext(children, now, feed)
  return { roster: { stopping, children }, effects }
}

type Feed = (name: string, of: ProcessInput) => void

function take(
  children: Map<string, Child>,
  specs: readonly ProcessSpec[],
  now: Instant,
  feed: Feed,
): void {
  const wanted = new Map(specs.map(spec => [spec.name, spec]))
  for (const [name, child] of children) {
    if (wanted.has(name) || child.leaving) continue
    children.set(name, { ...child, leaving: true })
    feed(name, { input: 'StopRequested', now })
  }
  for (const [name, spec] of wanted) {
    // One that is still leaving keeps its name until it has gone; the next `Wanted` starts it.
    if (children.has(name)) continue
    children.set(name, { spec, state: waitingProcess(now), leaving: false })
  }
}

function startNext(children: ReadonlyMap<string, Child>, now: Instant, feed: Feed): void {
  const unsettled = [...children.values()].filter(child => !isSettled(child.state))
  const next = Math.min(...unsettled.map(child => child.spec.order))
  for (const { spec, state } of unsettled) {
    if (state.kind === 'waiting' && spec.order <= next) {
      feed(spec.name, { input: 'StartRequested', now })
    }
  }
}

function stopNext(children: ReadonlyMap<string, Child>, now: Instant, feed: Feed): void {
  for (const { spec, state } of children.values()) {
    // Who is not yet running needs no order: it holds nothing.
    if (state.kind === 'waiting' || state.kind === 'backing-off') {
      feed(spec.name, { input: 'StopRequested', now })
    }
  }
  const left = [...children.values()].filter(child => !isGone(child.state))
  const next = Math.max(...left.map(child => child.spec.order))
  for (const { spec, state } of left) {
    const asked = state.kind === 'stopping' && state.afterwards === 'rest'
    if (spec.order === next && !asked) feed(spec.name, { input: 'StopRequested', now })
  }
}

const isGone = (state: ProcessMachine): boolean => state.kind === 'stopped'

const isSettled = (state: ProcessMachine): boolean =>
  state.kind === 'running' || state.kind === 'stopped' || state.record.failures > 0

/** Each child has run, has failed, or has stopped: nobody is still on the way up. */
export const allSettled = (roster: Roster): boolean =>
  [...roster.children.values()].every(child => isSettled(child.state))

export const allRun = (roster: Roster): boolean =>
  roster.children.size > 0 &&
  [...roster.children.values()].every(
    ({ state }) => state.kind === 'running' && state.stuck === null,
  )

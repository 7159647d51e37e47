/**
 * One child process, as the supervisor sees it. Pure: `step` answers an input with the next state
 * and the effects that the shell performs in order; `wakeAt` says when the state wants `TimerDue`.
 *
 *   waiting ─StartRequested─> starting ─Spawned, Ready─> running
 *      ^ from the start           │ failed: exit, silence, not ready in time
 *                                 v
 *   stopped <─ stopping       backing-off ─TimerDue─> starting
 *
 * A child that fails its duty (silent, stuck, not ready) is killed, not asked: it could not
 * listen. It stays in `stopping` until the kernel reports its exit, so there are never two of one
 * kind.
 */

import { after, between, type Duration, type Instant, seconds } from '../values/duration.ts'
import { backOff } from './back-off.ts'
import { type ProcessSpec, speaks } from './spec.ts'

export type ProcessRecord = {
  /** Times it was started again, for whatever reason. */
  readonly restarts: number
  /** Failures in a row; running for `forgetAfter` makes it zero again. */
  readonly failures: number
  /** When the first of them happened. */
  readonly failingSince: Instant | null
  /** In the words of the last failure; null when there never was one. */
  readonly lastFailure: string | null
}

/** What follows when the process that is being stopped has gone. */
export type Afterwards = 'rest' | 'start' | 'fail'

/** How far the stopping has got: the message, SIGTERM, SIGKILL. */
export type Pressure = 'asked' | 'terminated' | 'killed'

export type ProcessMachine = {
  readonly since: Instant
  readonly why: string
  readonly record: ProcessRecord
} & (
  | { readonly kind: 'waiting' }
  | { readonly kind: 'starting'; readonly pid: number | null; readonly readyBy: Instant | null }
  | {
      readonly kind: 'running'
      readonly pid: number
      readonly hearBy: Instant | null
      /** Its own word that it gets nothing done: then it counts as silent. */
      readonly stuck: string | null
      /** When the failures before are forgotten; null when there are none. */
      readonly forgetAt: Instant | null
    }
  | {
      readonly kind: 'stopping'
      readonly pid: number | null
      readonly pressure: Pressure
      readonly terminateAt: Instant
      readonly killAt: Instant
      readonly afterwards: Afterwards
    }
  | { readonly kind: 'backing-off'; readonly until: Instant }
  | { readonly kind: 'stopped' }
)

export type ProcessInput = { readonly now: Instant } & (
  | { readonly input: 'StartRequested' }
  | { readonly input: 'Spawned'; readonly pid: number }
  | { readonly input: 'SpawnFailed'; readonly why: string }
  | { readonly input: 'Ready' }
  | { readonly input: 'Alive'; readonly stuck: string | null }
  | { readonly input: 'Exited'; readonly code: number | null; readonly signal: string | null }
  | { readonly input: 'StopRequested' }
  | { readonly input: 'RestartRequested' }
  | { readonly input: 'TimerDue' }
  /** The supervisor itself did not run for a while: silence meanwhile proves nothing. */
  | { readonly input: 'TimeLost' }
)

export type ProcessEffect =
  | { readonly effect: 'Spawn' }
  /** The `stop` message over the IPC channel. */
  | { readonly effect: 'AskToStop' }
  | { readonly effect: 'Terminate'; readonly pid: number }
  | { readonly effect: 'Kill'; readonly pid: number }

export type ProcessStep = {
  readonly state: ProcessMachine
  readonly effects: readonly ProcessEffect[]
}

const clean: ProcessRecord = {
  restarts: 0,
  failures: 0,
  failingSince: null,
  lastFailure: null,
}

export function waitingProcess(now: Instant): ProcessMachine {
  return { kind: 'waiting', since: now, why: 'its turn has not come', record: clean }
}

/** When the state wants `TimerDue`; null when only an event can move it. */
export function wakeAt(state: ProcessMachine): Instant | null {
  switch (state.kind) {
    case 'waiting':
    case 'stopped':
      return null
    case 'starting':
      return state.readyBy
    case 'running':
      return earlier(state.hearBy, state.forgetAt)
    case 'stopping':
      if (state.pressure === 'killed') return null
      return state.pressure === 'asked' ? state.terminateAt : state.killAt
    case 'backing-off':
      return state.until
  }
}

export function step(state: ProcessMachine, input: ProcessInput, spec: ProcessSpec): ProcessStep {
  const { now } = input
  switch (state.kind) {
    case 'waiting':
      if (input.input === 'StartRequested') return start(state.record, now, 'started', spec)
      if (input.input === 'StopRequested')
        return rest(state.record, now, 'stopped before its turn came')
      return same(state)

    case 'starting':
      switch (input.input) {
        case 'Spawned':
          if (spec.ready.by === 'spawned') return run(state, input.pid, now, spec)
          return same({ ...state, pid: input.pid })
        case 'SpawnFailed':
          return fail(state, now, `could not be started: ${input.why}`, spec)
        case 'Ready':
          if (state.pid === null || spec.ready.by === 'spawned') return same(state)
          return run(state, state.pid, now, spec)
        case 'Exited':
          return fail(state, now, `${exitWords(input)} before it was ready`, spec)
        case 'TimerDue':
          if (state.readyBy === null || now < state.readyBy) return same(state)
          return kill(state, now, `was not ready within ${words(readyLimit(spec))}`)
        case 'TimeLost':
          return same({ ...state, readyBy: limit(now, readyLimit(spec)) })
        default:
          return onRequest(state, input, spec)
      }

    case 'running':
      switch (input.input) {
        case 'Alive':
          if (input.stuck !== null) return same({ ...state, stuck: input.stuck })
          return same({ ...state, stuck: null, hearBy: limit(now, spec.silentLimit) })
        case 'TimeLost':
          return same({ ...state, hearBy: limit(now, spec.silentLimit) })
        case 'Exited':
          return fail(state, now, exitWords(input), spec)
        case 'TimerDue':
          if (state.hearBy !== null && now >= state.hearBy) {
            const length = words(spec.silentLimit)
            const { stuck } = state
            const how = stuck === null ? `was silent for ${length}` : `hung for ${length}: ${stuck}`
            return kill(state, now, how)
          }
          if (state.forgetAt !== null && now >= state.forgetAt) {
            const record = forgiven(state.record)
            return same({ ...state, record, forgetAt: null })
          }
          return same(state)
        default:
          return onRequest(state, input, spec)
      }

    case 'stopping':
      switch (input.input) {
        case 'Spawned': {
          // The stop overtook the start: the child hears of it as soon as it exists.
          const known = { ...state, pid: input.pid }
          return { state: known, effects: pressEffects(known) }
        }
        case 'SpawnFailed':
          return gone(state, now, `could not be started: ${input.why}`, spec)
        case 'Exited':
          return gone(state, now, exitWords(input), spec)
        case 'StopRequested':
          return same({ ...state, afterwards: 'rest' })
        case 'TimerDue':
          return pressHarder(state, now)
        default:
          return same(state)
      }

    case 'backing-off':
      switch (input.input) {
        case 'TimerDue':
          if (now < state.until) return same(state)
          return start(again(state.record), now, `again: it ${state.record.lastFailure}`, spec)
        case 'StartRequested':
        case 'RestartRequested':
          return start(again(state.record), now, 'restart requested', spec)
        case 'StopRequested':
          return rest(state.record, now, 'stopped while waiting to be started again')
        default:
          return same(state)
      }

    case 'stopped':
      if (input.input === 'StartRequested' || input.input === 'RestartRequested') {
        return start(again(state.record), now, 'restart requested', spec)
      }
      return same(state)
  }
}

type Present = Extract<ProcessMachine, { kind: 'starting' | 'running' }>

/** A child that is there is stopped in order, whatever comes afterwards. */
function onRequest(state: Present, { input, now }: ProcessInput, spec: ProcessSpec): ProcessStep {
  if (input === 'StopRequested') return press(state, now, 'rest', 'asked to stop', spec)
  if (input === 'RestartRequested') return press(state, now, 'start', 'restart requested', spec)
  return same(state)
}

function start(record: ProcessRecord, now: Instant, why: string, spec: ProcessSpec): ProcessStep {
  const readyBy = limit(now, readyLimit(spec))
  return {
    state: { kind: 'starting', since: now, why, record, pid: null, readyBy },
    effects: [{ effect: 'Spawn' }],
  }
}

function run(state: ProcessMachine, pid: number, now: Instant, spec: ProcessSpec): ProcessStep {
  const { record } = state
  return same({
    kind: 'running',
    since: now,
    why: record.lastFailure === null ? 'ready' : `ready; before: ${record.lastFailure}`,
    record,
    pid,
    hearBy: limit(now, spec.silentLimit),
    stuck: null,
    forgetAt: record.failures === 0 ? null : after(now, spec.restart.forgetAfter),
  })
}

function fail(state: ProcessMachine, now: Instant, how: string, spec: ProcessSpec): ProcessStep {
  const longEnough =
    state.kind === 'running' && between(state.since, now) >= spec.restart.forgetAfter
  const before = longEnough ? forgiven(state.record) : state.record
  const failures = before.failures + 1
  const failingSince = before.failingSince ?? now
  const record = { ...before, failures, failingSince, lastFailure: how }
  if (spec.restart.when === 'never') return rest(record, now, how)
  const wait = backOff(spec.restart, failures)
  const why = `${how}; next start in ${words(wait)}`
  return same({ kind: 'backing-off', since: now, why, record, until: after(now, wait) })
}

function kill(state: Present, now: Instant, how: string): ProcessStep {
  const { pid, record } = state
  return {
    state: {
      kind: 'stopping',
      since: now,
      why: how,
      record,
      pid,
      pressure: 'killed',
      terminateAt: now,
      killAt: now,
      afterwards: 'fail',
    },
    effects: pid === null ? [] : [{ effect: 'Kill', pid }],
  }
}

/** The process that was being stopped has gone. */
function gone(
  state: Extract<ProcessMachine, { kind: 'stopping' }>,
  now: Instant,
  how: string,
  spec: ProcessSpec,
): ProcessStep {
  switch (state.afterwards) {
    case 'rest':
      return rest(state.record, now, how)
    case 'start':
      return start(again(forgiven(state.record)), now, state.why, spec)
    case 'fail':
      return fail(state, now, state.why, spec)
  }
}

/** Asks first where the child understands it, so that it can finish; half the time is for that. */
function press(
  state: Present,
  now: Instant,
  afterwards: Afterwards,
  why: string,
  spec: ProcessSpec,
): ProcessStep {
  const stopping = {
    kind: 'stopping' as const,
    since: now,
    why,
    record: state.record,
    pid: state.pid,
    pressure: speaks(spec) ? ('asked' as const) : ('terminated' as const),
    terminateAt: after(now, (spec.stopWithin / 2) as Duration),
    killAt: after(now, spec.stopWithin),
    afterwards,
  }
  return { state: stopping, effects: pressEffects(stopping) }
}

function pressHarder(
  state: Extract<ProcessMachine, { kind: 'stopping' }>,
  now: Instant,
): ProcessStep {
  if (state.pressure === 'killed') return same(state)
  if (now >= state.killAt) {
    const killed = { ...state, pressure: 'killed' as const }
    return { state: killed, effects: pressEffects(killed) }
  }
  if (state.pressure === 'asked' && now >= state.terminateAt) {
    const terminated = { ...state, pressure: 'terminated' as const }
    return { state: terminated, effects: pressEffects(terminated) }
  }
  return same(state)
}

function pressEffects(state: { pid: number | null; pressure: Pressure }): ProcessEffect[] {
  const { pid, pressure } = state
  if (pid === null) return []
  if (pressure === 'asked') return [{ effect: 'AskToStop' }]
  return [{ effect: pressure === 'terminated' ? 'Terminate' : 'Kill', pid }]
}

function rest(record: ProcessRecord, now: Instant, why: string): ProcessStep {
  return same({ kind: 'stopped', since: now, why, record })
}

const same = (state: ProcessMachine): ProcessStep => ({ state, effects: [] })

const forgiven = (record: ProcessRecord) => ({ ...record, failures: 0, failingSince: null })

const again = (record: ProcessRecord) => ({ ...record, restarts: record.restarts + 1 })

const readyLimit = (spec: ProcessSpec): Duration | null =>
  spec.ready.by === 'message' ? spec.ready.within : null

const limit = (now: Instant, within: Duration | null): Instant | null =>
  within === null ? null : after(now, within)

const earlier = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null ? b : b === null || a <= b ? a : b

const words = (length: Duration | null): string => `${(length ?? 0) / seconds(1)} s`

export function exitWords(exit: { code: number | null; signal: string | null }): string {
  return exit.signal === null ? `exited with code ${exit.code}` : `was killed by ${exit.signal}`
}

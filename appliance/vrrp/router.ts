/**
 * One virtual router on this box: the state machine of RFC 9568 6.4 (RFC 3768 for v2) with
 * keepalived's FAULT. Pure: what happened goes in with the time, what is to be done comes out.
 *
 *               start delay over                  silence of the master
 *   Initialize ------------------> Backup -----------------------------> Master
 *        |                          ^  ^       a better master, a handover  |
 *        |      circumstances right |  '-------------------------------------'
 *        '-----> Fault -------------'            circumstances wrong: from each to Fault
 *
 * The owner (priority 255) goes from Initialize to Master at once.
 */

import { after, type Instant, instant } from '../values/duration.ts'
import { stepBackup } from './router-backup.ts'
import { stepMaster } from './router-master.ts'
import { enterFault, goIdle, settle, takesOverAt } from './router-moves.ts'
import type {
  Circumstances,
  LiveInput,
  RouterInput,
  RouterState,
  RouterStep,
} from './router-state.ts'

/** The start delay counts from the start of vrrpd: a router configured later need not wait. */
export const newRouter = (vrrpdStarted: Instant): RouterState => ({
  kind: 'initialize',
  since: vrrpdStarted,
  why: 'vrrpd has started',
  startsAt: null,
})

export function stepRouter(
  state: RouterState,
  input: RouterInput,
  here: Circumstances,
): RouterStep {
  if (input.input === 'Stopped') return goIdle(state, input.now, input.why)
  if (state.kind !== 'fault' && state.kind !== 'initialize' && here.faults.length > 0) {
    return enterFault(state, input.now, here)
  }
  switch (state.kind) {
    case 'initialize':
      return stepInitialize(state, input, here)
    case 'fault':
      return stepFault(state, input, here)
    case 'backup':
      return stepBackup(state, input, here)
    case 'master':
      return stepMaster(state, input, here)
  }
}

/** The moment at which the router wants `TimerDue`. */
export function routerWakeAt(state: RouterState): Instant | null {
  switch (state.kind) {
    case 'initialize':
      return state.startsAt
    case 'fault':
      return null
    case 'backup':
      return takesOverAt(state)
    case 'master':
      return instant(Math.min(state.advertAt, state.announceAt[0] ?? Infinity))
  }
}

function stepInitialize(
  state: RouterState & { kind: 'initialize' },
  input: LiveInput,
  here: Circumstances,
): RouterStep {
  switch (input.input) {
    case 'Started': {
      if (state.startsAt !== null) return { state, effects: [] }
      const { startDelay } = here.config
      const startsAt = after(state.since, startDelay)
      if (startsAt <= input.now) return settle(state, input.now, here, 'vrrpd has started')
      const why = `waits for its start delay of ${startDelay / 1000} s`
      return { state: { ...state, why, startsAt }, effects: [] }
    }
    case 'TimerDue':
      if (state.startsAt === null || input.now < state.startsAt) return { state, effects: [] }
      return settle(state, input.now, here, 'its start delay is over')
    case 'AdvertReceived':
    case 'PeerSaid':
    case 'PeerDoubted':
    case 'Paused':
    case 'Changed':
    case 'Yielded':
      return { state, effects: [] }
  }
}

function stepFault(
  state: RouterState & { kind: 'fault' },
  input: LiveInput,
  here: Circumstances,
): RouterStep {
  if (here.faults.length === 0) return settle(state, input.now, here, 'what was wrong is mended')
  const why = here.faults.join('; ')
  return { state: why === state.why ? state : { ...state, why }, effects: [] }
}

/**
 * A new key for this box, without a moment in which the other one would not know it:
 *
 *   make   the new key lies beside the old one, on the disk of this box
 *   tell   the other box pins it beside the old one, on its disk, and says so
 *   use    the new key takes the place of the old one, which is gone with that
 *
 * The next connection shows the new key, and the other box forgets the old one (peer-key.ts). What
 * has to survive is on the two disks alone, so that an end of either box between any two steps
 * leaves a pair that connects, and this machine goes on from there.
 */

import { minutes } from '../values/duration.ts'
import type { UnixTime } from '../values/unix-time.ts'

/** What the disk has, as SHA-256 of the certificates. `next`: made, and not in use yet. */
export type OwnKeys = {
  readonly fingerprint: string
  readonly since: UnixTime
  readonly next: string | null
}

export type OwnKey = {
  /** Null: nobody has looked yet. */
  readonly keys: OwnKeys | null
  readonly step: 'rest' | 'making' | 'told' | 'using'
  /** The peer is connected and in sync, and nobody else is about to become it. */
  readonly isReady: boolean
  readonly isWanted: boolean
  /** The disk has refused something: not again at once. */
  readonly isHeld: boolean
}

export type OwnKeyInput =
  /** What the disk has now. `trouble`: why it has not what it was to have. */
  | { readonly input: 'keys'; readonly keys: OwnKeys; readonly trouble: string | null }
  | { readonly input: 'ready'; readonly isReady: boolean }
  | { readonly input: 'renew' }
  | { readonly input: 'time'; readonly now: UnixTime }
  /** The other box has that one on its disk. */
  | { readonly input: 'known'; readonly fingerprint: string }

export type OwnKeyEffect =
  | { readonly effect: 'make' }
  | { readonly effect: 'tell'; readonly fingerprint: string }
  | { readonly effect: 'use'; readonly fingerprint: string }
  | { readonly effect: 'changed'; readonly fingerprint: string }
  | { readonly effect: 'trouble'; readonly why: string }

export type OwnKeyStep = { readonly state: OwnKey; readonly effects: readonly OwnKeyEffect[] }

/** Ninety days: a key that somebody has copied unseen is worth something for so long at most. */
export const longestUse = minutes(90 * 24 * 60)
/** It was made while the clock was ahead: nobody knows how old it is. */
const longestAhead = minutes(24 * 60)

export const newOwnKey: OwnKey = {
  keys: null,
  step: 'rest',
  isReady: false,
  isWanted: false,
  isHeld: false,
}

const step = (state: OwnKey, ...effects: readonly OwnKeyEffect[]): OwnKeyStep => ({
  state,
  effects,
})

export function stepOwnKey(state: OwnKey, input: OwnKeyInput): OwnKeyStep {
  switch (input.input) {
    case 'keys':
      return seen(state, input.keys, input.trouble)
    case 'ready': {
      if (input.isReady === state.isReady) return step(state)
      // What was told over a connection that is gone has to be told again: it was for that peer.
      return goOn({ ...state, isReady: input.isReady, step: 'rest', isHeld: false })
    }
    case 'renew':
      return goOn({ ...state, isWanted: true, isHeld: false })
    case 'time': {
      const isWanted = state.isWanted || isOld(state.keys, input.now)
      // No answer: the other box could not write it down, or does not know what is meant.
      const patient = state.step === 'told' ? 'rest' : state.step
      return goOn({ ...state, isWanted, step: patient, isHeld: false })
    }
    case 'known': {
      const { keys } = state
      if (state.step !== 'told' || keys?.next !== input.fingerprint) return step(state)
      return step({ ...state, step: 'using' }, { effect: 'use', fingerprint: input.fingerprint })
    }
  }
}

function seen(state: OwnKey, keys: OwnKeys, trouble: string | null): OwnKeyStep {
  const isNew = state.keys !== null && state.keys.fingerprint !== keys.fingerprint
  const isWanted = state.isWanted && !isNew
  const after = { ...state, keys, isWanted, step: 'rest', isHeld: trouble !== null } as const
  const told: readonly OwnKeyEffect[] = [
    ...(isNew ? [{ effect: 'changed', fingerprint: keys.fingerprint } as const] : []),
    ...(trouble === null ? [] : [{ effect: 'trouble', why: trouble } as const]),
  ]
  return goOn(after, ...told)
}

function goOn(state: OwnKey, ...before: readonly OwnKeyEffect[]): OwnKeyStep {
  const { keys, isReady, isWanted, isHeld } = state
  if (keys === null || state.step !== 'rest' || !isReady || isHeld) return step(state, ...before)
  if (keys.next !== null) {
    return step({ ...state, step: 'told' }, ...before, { effect: 'tell', fingerprint: keys.next })
  }
  if (!isWanted) return step(state, ...before)
  return step({ ...state, step: 'making' }, ...before, { effect: 'make' })
}

function isOld(keys: OwnKeys | null, now: UnixTime): boolean {
  if (keys === null) return false
  const age = now - keys.since
  return age >= longestUse || age < -longestAhead
}

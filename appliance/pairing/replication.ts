/**
 * One configuration on two boxes, as one of them sees it. A change is proposed to the other one,
 * which has its processes take it; both write it then, or neither. Without a connection each goes
 * on by itself, and what they have is compared when they meet again (reunion.ts).
 *
 *   here -> there   propose   there: the processes take it
 *   there -> here   accept    here: it is written
 *   here -> there   commit    there: it is written
 *
 * A connection that ends in between leaves what was written; who has not heard `commit` takes his
 * back, and gets it at the reunion.
 */

import type { ShareFrame } from './frames.ts'
import type {
  Replication,
  ReplicationEffect,
  ReplicationInput,
  ReplicationStep,
  Work,
} from './replication-state.ts'
import { type Half, reunion } from './reunion.ts'

export const busyWords = 'it is being changed there at the same time: try again'
export const comingWords = 'its configuration is on its way to this box: try again'
const lateWords = 'it has not answered in time'

const noWork: Work = { kind: 'none' }

export const newReplication = (hash: string): Replication => ({
  own: { hash, agreed: { hash, count: 0 } },
  theirs: null,
  yields: false,
  stage: { kind: 'away' },
  work: noWork,
  isOwed: false,
})

const step = (state: Replication, ...effects: ReplicationEffect[]): ReplicationStep => ({
  state,
  effects,
})

const send = (frame: ShareFrame): ReplicationEffect => ({ effect: 'send', frame })
const half = ({ own }: Replication): ReplicationEffect => send({ frame: 'half', ...own })
const isLinked = ({ stage }: Replication): boolean => stage.kind !== 'away'

export function stepReplication(state: Replication, input: ReplicationInput): ReplicationStep {
  switch (input.input) {
    case 'linked': {
      const { agreed, yields } = input
      const own = { ...state.own, agreed }
      const met: Replication = { ...state, own, yields, stage: { kind: 'meeting' } }
      return decided(met, half(met))
    }
    case 'cut':
      return cut(state)
    case 'heard':
      return heard(state, input.frame)
    case 'change':
      return change(state, input)
    case 'written':
      return written(state, input.id)
    case 'dropped':
      return dropped(state, input.id)
    case 'late': {
      if (state.work.kind !== 'proposing' || state.work.id !== input.id) return step(state)
      const { id } = input
      const told = send({ frame: 'abandon', id })
      return idle(state, told, { effect: 'answer', id, whys: [lateWords] })
    }
    case 'took':
      return took(state, input.id)
    case 'not-taken': {
      const { work } = state
      if (!('id' in work) || work.id !== input.id) return step(state)
      const told = send({ frame: 'refuse', id: input.id, whys: input.whys })
      if (work.kind === 'taking') return idle(state, told)
      if (work.kind !== 'receiving') return step(state)
      if (state.isOwed || work.isCut) return idle({ ...state, isOwed: true })
      const stage = { kind: 'refused', whys: input.whys } as const
      return step({ ...state, work: noWork, stage }, told)
    }
    case 'own':
      return ownChanged(state, input.hash)
    case 'resolve':
      return resolved(state, input.keep)
  }
}

/** Whoever waits for a word of the other box goes on without it; what is theirs goes. */
function cut(state: Replication): ReplicationStep {
  const { work } = state
  const away: Replication = { ...state, theirs: null, stage: { kind: 'away' }, isOwed: false }
  switch (work.kind) {
    case 'proposing':
      return step({ ...away, work: noWork }, { effect: 'answer', id: work.id, whys: [] })
    case 'taking':
    case 'taken':
      return step({ ...away, work: noWork }, { effect: 'abandon', id: work.id })
    case 'none':
      return step(away)
    case 'writing':
    case 'committing':
    case 'receiving':
      return step({ ...away, work: { ...work, isCut: true } })
  }
}

function change(
  state: Replication,
  { id, hash, content }: Extract<ReplicationInput, { input: 'change' }>,
): ReplicationStep {
  const { work, stage, own } = state
  const answer = (...whys: readonly string[]) => step(state, { effect: 'answer', id, whys })
  if (work.kind !== 'none') return answer(busyWords)
  if (stage.kind === 'awaiting') return answer(comingWords)
  if (stage.kind !== 'in-sync') return answer()
  const isTrial = content.trial !== null
  const proposing: Work = { kind: 'proposing', id, hash, isTrial, isCut: false }
  const frame = { frame: 'propose', id, base: own.hash, hash, content } as const
  return step({ ...state, work: proposing }, send(frame))
}

function written(state: Replication, id: string): ReplicationStep {
  const { work, own } = state
  if (!('id' in work) || work.id !== id) return step(state)
  switch (work.kind) {
    case 'writing': {
      if (work.isTrial) return idle(state, send({ frame: 'commit', id, agreed: own.agreed }))
      const agreed = { hash: work.hash, count: own.agreed.count + 1 }
      return both(state, agreed, work.isCut, send({ frame: 'commit', id, agreed }))
    }
    case 'committing':
      return work.agreed === null ? idle(state) : both(state, work.agreed, work.isCut)
    case 'receiving': {
      const { hash, agreed } = work.given
      const count = Math.max(own.agreed.count, agreed.count) + 1
      return both(state, { hash, count }, work.isCut, 'half')
    }
    default:
      return step(state)
  }
}

/** Both have it now, as far as this box knows: over a new connection that has to be seen. */
function both(
  state: Replication,
  agreed: Half['agreed'],
  isCut: boolean,
  then?: ReplicationEffect | 'half',
): ReplicationStep {
  const own = { hash: agreed.hash, agreed }
  const after = { ...state, own, theirs: isCut ? state.theirs : own }
  const record: ReplicationEffect = { effect: 'record', agreed }
  if (isCut || then === 'half') return idle(after, record, half(after))
  return idle(after, record, ...(then === undefined ? [] : [then]))
}

function dropped(state: Replication, id: string): ReplicationStep {
  const { work } = state
  if (!('id' in work) || work.id !== id) return step(state)
  if (work.kind === 'writing') return idle(state, send({ frame: 'abandon', id }))
  // It is in force there already: the reunion brings it again.
  if (work.kind === 'committing') return idle(state, half(state))
  return step(state)
}

function took(state: Replication, id: string): ReplicationStep {
  const { work } = state
  if (work.kind !== 'taking' || work.id !== id) return step(state)
  return step({ ...state, work: { ...work, kind: 'taken' } }, send({ frame: 'accept', id }))
}

function ownChanged(state: Replication, hash: string): ReplicationStep {
  const { work } = state
  // What is being written together is told as `written`.
  const awaited = work.kind === 'receiving' ? work.given.hash : 'hash' in work ? work.hash : null
  if (hash === awaited) return step(state)
  // With another half of its own this box may take what it has refused.
  if (hash === state.own.hash) {
    return state.stage.kind === 'refused' ? step(state, half(state)) : step(state)
  }
  const changed = { ...state, own: { ...state.own, hash } }
  const told = isLinked(state) ? [half(changed)] : []
  // It is not on top of this any more.
  if (work.kind === 'taking' || work.kind === 'receiving') {
    const { id } = work
    const refusal = send({ frame: 'refuse', id, whys: [busyWords] })
    const answers = work.kind === 'taking' ? [refusal] : []
    return idle(changed, { effect: 'abandon', id }, ...answers, ...told)
  }
  return decided(changed, ...told)
}

function resolved(state: Replication, keep: 'ours' | 'theirs'): ReplicationStep {
  const { stage, theirs, own } = state
  if (stage.kind !== 'conflict' || theirs === null) return step(state)
  if (keep === 'ours') {
    const giving = { ...state, stage: { kind: 'giving' } as const }
    return step(giving, { effect: 'give', over: theirs.hash, chosen: true })
  }
  const awaiting = { ...state, stage: { kind: 'awaiting' } as const }
  return step(awaiting, send({ frame: 'want', hash: theirs.hash, over: own.hash }))
}

function heard(state: Replication, frame: ShareFrame): ReplicationStep {
  const { work, own } = state
  const mine = 'id' in work && 'id' in frame && work.id === frame.id
  switch (frame.frame) {
    case 'half':
      return decided({ ...state, theirs: { hash: frame.hash, agreed: frame.agreed } })
    case 'propose':
      return proposed(state, frame)
    case 'accept':
      if (!mine || work.kind !== 'proposing') {
        return step(state, send({ frame: 'abandon', id: frame.id }))
      }
      return step(
        { ...state, work: { ...work, kind: 'writing' } },
        { effect: 'answer', id: frame.id, whys: [] },
      )
    case 'refuse':
      if (mine && work.kind === 'proposing') {
        return idle(state, { effect: 'answer', id: frame.id, whys: frame.whys })
      }
      if (state.stage.kind !== 'giving') return step(state)
      return step({ ...state, stage: { kind: 'refused', whys: frame.whys } })
    case 'commit': {
      if (!mine || work.kind !== 'taken') return step(state)
      const agreed = work.isTrial ? null : frame.agreed
      const committing: Work = { ...work, kind: 'committing', agreed }
      return step({ ...state, work: committing }, { effect: 'commit', id: frame.id })
    }
    case 'abandon':
      if (!mine || (work.kind !== 'taking' && work.kind !== 'taken')) return step(state)
      return idle(state, { effect: 'abandon', id: frame.id })
    case 'give':
      return given(state, frame)
    case 'want':
      if (frame.hash !== own.hash) return step(state, half(state))
      return step(
        { ...state, stage: { kind: 'giving' } },
        { effect: 'give', over: frame.over, chosen: true },
      )
    case 'copy':
    case 'end-trial':
    case 'leave':
      return step(state)
  }
}

function proposed(
  state: Replication,
  { id, base, hash, content }: Extract<ShareFrame, { frame: 'propose' }>,
): ReplicationStep {
  const { work, own, stage, yields } = state
  // It has ours as well by now, and has given way.
  if (work.kind === 'proposing' && !yields) return step(state)
  const refuse = (why: string) => send({ frame: 'refuse', id, whys: [why] })
  if (work.kind !== 'none' && work.kind !== 'proposing') return step(state, refuse(busyWords))
  if (stage.kind !== 'in-sync' || base !== own.hash) {
    return step(state, refuse('it has another configuration'), half(state))
  }
  const isTrial = content.trial !== null
  const taking: Work = { kind: 'taking', id, hash, isTrial, isCut: false, agreed: null }
  const answers: readonly ReplicationEffect[] =
    work.kind === 'none' ? [] : [{ effect: 'answer', id: work.id, whys: [busyWords] }]
  return step({ ...state, work: taking }, ...answers, {
    effect: 'take',
    id,
    content,
    isGiven: false,
  })
}

function given(
  state: Replication,
  { id, hash, agreed, over, chosen, content }: Extract<ShareFrame, { frame: 'give' }>,
): ReplicationStep {
  const { own, work } = state
  const given: Half = { hash, agreed }
  if (work.kind !== 'none') return step({ ...state, isOwed: true })
  if (over !== own.hash || (!chosen && reunion(own, given).kind !== 'take-theirs')) {
    return step(state, half(state))
  }
  return step(
    { ...state, theirs: given, work: { kind: 'receiving', id, given, isCut: false } },
    { effect: 'take', id, content, isGiven: true },
  )
}

/** Nothing is under way any more: what the other one said meanwhile counts now. */
function idle(state: Replication, ...effects: readonly ReplicationEffect[]): ReplicationStep {
  const after = { ...state, work: noWork, isOwed: false }
  return decided(after, ...effects, ...(state.isOwed && isLinked(state) ? [half(state)] : []))
}

/** Who has the newer half, now that both are known. */
function decided(state: Replication, ...before: readonly ReplicationEffect[]): ReplicationStep {
  const { own, theirs, work, stage } = state
  if (!isLinked(state) || theirs === null || work.kind !== 'none') return step(state, ...before)
  const found = reunion(own, theirs)
  switch (found.kind) {
    case 'same': {
      const { agreed } = found
      const isNew = agreed.hash !== own.agreed.hash || agreed.count !== own.agreed.count
      const same: Replication = { ...state, own: { ...own, agreed }, stage: { kind: 'in-sync' } }
      return step(same, ...before, ...(isNew ? [{ effect: 'record', agreed } as const] : []))
    }
    case 'give-ours': {
      const giving = { ...state, stage: { kind: 'giving' } as const }
      return step(giving, ...before, { effect: 'give', over: theirs.hash, chosen: false })
    }
    case 'take-theirs': {
      const kept = stage.kind === 'refused' ? stage : ({ kind: 'awaiting' } as const)
      return step({ ...state, stage: kept }, ...before)
    }
    case 'conflict':
      return step({ ...state, stage: { kind: 'conflict', why: found.why } }, ...before)
  }
}

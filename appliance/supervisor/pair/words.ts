import type { AlarmText } from '../../boot/alarm-text.ts'
import type { Stage } from '../../pairing/replication-state.ts'
import type { PairStatus, PeerReport, PeerStatus } from '../../status/pair-status.ts'
import type { KnownBox } from './record.ts'

export type PairFacts = {
  readonly peer: KnownBox | null
  readonly waiting: number
  readonly isLinked: boolean
  readonly isJoining: boolean
  readonly stage: Stage
  /** Why there is no connection, or no use of it. */
  readonly cutWhy: string | null
}

export function pairState(facts: PairFacts): Pick<PairStatus, 'state' | 'why'> {
  const { peer, isLinked, isJoining, stage, cutWhy } = facts
  if (peer === null) {
    if (isJoining) return { state: 'joining', why: 'this box asks another one to be its peer' }
    return { state: 'single', why: 'this box is paired with nobody' }
  }
  const { name } = peer
  if (isJoining && stage.kind !== 'in-sync') {
    const why = isLinked ? `the configuration of ${name} is on its way` : `${name} is away`
    return { state: 'joining', why }
  }
  if (!isLinked) return { state: 'alone', why: awayWords(facts, name) }
  switch (stage.kind) {
    case 'away':
      return { state: 'behind', why: cutWhy ?? `${name} is connected` }
    case 'in-sync':
      return { state: 'in-sync', why: `${name} has the same configuration` }
    case 'meeting':
      return { state: 'behind', why: `${name} is back: what both have is compared` }
    case 'giving':
      return { state: 'behind', why: `${name} takes the changes of this box` }
    case 'awaiting':
      return { state: 'behind', why: `the changes of ${name} are on their way` }
    case 'refused':
      return {
        state: 'behind',
        why: `one box refuses what the other has: ${stage.whys.join('; ')}`,
      }
    case 'conflict':
      return { state: 'conflict', why: stage.why }
  }
}

export const shownPeer = (
  { name, address, fingerprint, keySince, version }: KnownBox,
  heardAt: string | null,
  report: PeerReport | null,
): PeerStatus => ({ name, address, fingerprint, keySince, version, heardAt, report })

function awayWords({ waiting, cutWhy }: PairFacts, name: string): string {
  const changes = waiting === 1 ? '1 change waits' : `${waiting} changes wait`
  const why = cutWhy === null ? '' : `: ${cutWhy}`
  return waiting === 0 ? `the peer ${name} is away${why}` : `the peer ${name} is away: ${changes}`
}

export function unknownWords(peer: KnownBox | null, name: string): string {
  const { name: from = 'the peer', version = 'newer' } = peer ?? {}
  return `${from} with software ${version} says "${name}", which this software does not know`
}

/** `isLate`: it is away for so long that somebody should know. */
export function pairAlarms(
  { state, why, peer }: PairStatus,
  stage: Stage['kind'],
  isLate: boolean,
): readonly AlarmText[] {
  if (peer === null) return []
  if (state === 'conflict') {
    const message =
      `This box and ${peer.name} have different configurations: ${why}. See "diarch pair", and ` +
      'keep one of them with "diarch pair resolve"'
    return [{ reason: 'pair-conflict', message }]
  }
  if (state === 'behind' && stage === 'refused') {
    const message = `This box and ${peer.name} have different configurations: ${why}`
    return [{ reason: 'pair-out-of-sync', message }]
  }
  if (!isLate || (state !== 'alone' && state !== 'joining')) return []
  const message = `The peer ${peer.name} at ${peer.address} cannot be reached`
  return [{ reason: 'peer-away', message }]
}

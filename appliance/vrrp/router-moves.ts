import { after, type Duration, type Instant, milliseconds, seconds } from '../values/duration.ts'
import { compareAddresses, type IpAddress } from '../values/ip-address.ts'
import type { Announcing } from './router-config.ts'
import type {
  BackupState,
  Circumstances,
  HeardMaster,
  MasterState,
  RouterEffect,
  RouterState,
  RouterStep,
} from './router-state.ts'
import { downInterval } from './timing.ts'

/** From Initialize or Fault into the election. */
export function settle(
  state: RouterState,
  now: Instant,
  here: Circumstances,
  why: string,
): RouterStep {
  if (here.faults.length > 0) return enterFault(state, now, here)
  // RFC 9568 6.4.1: the owner of the addresses asks nobody.
  if (ownsAlone(here)) return becomeMaster(state, now, here, 'it owns the addresses')
  return becomeBackup(state, now, here, why, { master: null, patient: false })
}

/** In a sync group even an owner waits until the time of all others has come. */
export const ownsAlone = ({ priority, config, heldBack }: Circumstances): boolean =>
  priority === 255 && config.syncGroup === null && heldBack === null

/** `bySilence`: of a master that has said nothing of its end. */
export function becomeMaster(
  state: RouterState,
  now: Instant,
  here: Circumstances,
  why: string,
  bySilence = false,
): RouterStep {
  const { interval, announcing } = here.config
  const master: MasterState = {
    kind: 'master',
    since: now,
    why,
    advertAt: after(now, interval),
    announceAt: announcementsAfter(now, announcing, bySilence),
    answerAfter: now,
    contestAfter: now,
    listens: false,
  }
  return {
    state: master,
    effects: [
      // First of all: another backup whose timer runs out now must hear of us.
      { effect: 'SendAdvert', priority: here.priority },
      { effect: 'HoldAddresses' },
      { effect: 'Announce', because: 'took-over' },
      changed(state, 'master', why),
    ],
  }
}

/** Leaves addresses and master state alone: the caller says how they are given up. */
export function becomeBackup(
  state: RouterState,
  now: Instant,
  here: Circumstances,
  why: string,
  as: { master: HeardMaster | null; patient: boolean },
): RouterStep & { readonly state: BackupState } {
  const backup: BackupState = {
    kind: 'backup',
    since: now,
    why,
    masterDownAt: after(now, downIntervalHere(here, as.master)),
    master: as.master,
    masterSince: as.master === null ? null : now,
    released: false,
    preemptAt: null,
    patient: as.patient,
    heldUntil: null,
  }
  return { state: backup, effects: [changed(state, 'backup', why)] }
}

export function enterFault(state: RouterState, now: Instant, here: Circumstances): RouterStep {
  const why = here.faults.join('; ')
  const fault: RouterState = { kind: 'fault', since: now, why }
  return { state: fault, effects: [...givenUp(state), changed(state, 'fault', why)] }
}

export function goIdle(state: RouterState, now: Instant, why: string): RouterStep {
  const idle: RouterState = { kind: 'initialize', since: now, why, startsAt: null }
  return { state: idle, effects: [...givenUp(state), changed(state, 'initialize', why)] }
}

/** A master says that it gives up before its addresses go: the next one must not wait. */
export function givenUp(state: RouterState): readonly RouterEffect[] {
  if (state.kind !== 'master') return []
  return [{ effect: 'SendAdvert', priority: 0 }, { effect: 'ReleaseAddresses' }]
}

/** RFC 9568 6.1: v3 learns the interval of the master; all routers of v2 have the same one. */
export const masterInterval = ({ config }: Circumstances, master: HeardMaster | null): Duration =>
  config.version === 2 ? config.interval : (master?.interval ?? config.interval)

export function downIntervalHere(here: Circumstances, master: HeardMaster | null): Duration {
  const { version, downAfter } = here.config
  const interval = masterInterval(here, master)
  const silence = downInterval({ version, priority: here.priority, interval, downAfter })
  return milliseconds(Math.max(silence, here.leastSilence))
}

/** When a backup becomes master if it hears nothing more. */
export function takesOverAt({ masterDownAt, heldUntil, released }: BackupState): Instant {
  return heldUntil === null || released || heldUntil < masterDownAt ? masterDownAt : heldUntil
}

/** RFC 9568 6.1, Preempt_Mode: an owner preempts whatever is configured. */
export const preempts = ({ priority, config }: Circumstances): boolean =>
  config.preempt || priority === 255

/** RFC 9568 6.4.3: the higher priority, or the higher address when they are equal. */
export function isBetter(
  other: { readonly priority: number; readonly address: IpAddress },
  here: Circumstances,
): boolean {
  if (other.priority !== here.priority) return other.priority > here.priority
  return here.self !== null && compareAddresses(other.address, here.self) > 0
}

const changed = (from: RouterState, to: RouterState['kind'], why: string): RouterEffect => ({
  effect: 'StateChanged',
  from: from.kind,
  to,
  why,
})

/**
 * What silences a master may be in the way of our first burst too: a neighbour that has missed it
 * goes on to the dead one.
 */
const soonAgain = [seconds(1), seconds(2)]

/** After the first burst: another, or none where the delay is 0 (keepalived). */
function announcementsAfter(
  now: Instant,
  { delay, refresh }: Announcing,
  bySilence: boolean,
): readonly Instant[] {
  if (delay === 0) return refresh === null ? [] : [after(now, refresh)]
  const soon = bySilence ? soonAgain.filter(each => each < delay) : []
  return [...soon, delay].map(each => after(now, each))
}

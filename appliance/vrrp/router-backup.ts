import { after, type Duration, type Instant, instant, milliseconds } from '../values/duration.ts'
import {
  becomeMaster,
  downIntervalHere,
  masterInterval,
  ownsAlone,
  preempts,
  takesOverAt,
} from './router-moves.ts'
import type {
  BackupState,
  Circumstances,
  HeardMaster,
  LiveInput,
  RouterInput,
  RouterStep,
} from './router-state.ts'
import { skewTime } from './timing.ts'

/** RFC 9568 6.4.2. */
export function stepBackup(state: BackupState, input: LiveInput, here: Circumstances): RouterStep {
  switch (input.input) {
    case 'TimerDue':
      return expire(state, input, here)
    case 'AdvertReceived':
      return hear(state, input, here)
    case 'PeerSaid':
      return believe(state, input, here)
    case 'PeerDoubted':
      return doubt(state, here)
    case 'Changed':
      return reconsider(state, input, here)
    case 'Yielded':
      return respectful({ ...state, patient: input.patient }, ignores(state, here), input.now, here)
    case 'Started':
    case 'Paused':
      return same(state)
  }
}

function expire(
  state: BackupState,
  { now, stoodStill }: RouterInput & { input: 'TimerDue' },
  here: Circumstances,
): RouterStep {
  if (now < takesOverAt(state)) return same(state)
  // A network card keeps little for a box that does not run, so that no advert waits says nothing.
  if (stoodStill) return waitAnew({ ...state, released: false }, now, here)
  // It may be alive: who was told of its end, or that it gives up, comes in another way.
  if (here.heldBack !== null && !state.released) return waitAnew(state, now, here)
  const bySilence = state.master !== null && !state.released && !ignores(state, here)
  return becomeMaster(state, now, here, silence(state, here), bySilence)
}

function reconsider(
  state: BackupState,
  { now, before }: RouterInput & { input: 'Changed' },
  here: Circumstances,
): RouterStep {
  const ownedByMaster = state.master?.priority === 255
  if (ownsAlone(here) && !ownsAlone(before) && !ownedByMaster && !state.patient) {
    return becomeMaster(state, now, here, 'it owns the addresses')
  }
  // The master hears of its own new timing at another moment: wait once in full.
  if (!sameTiming(before, here) && !state.released) return waitAnew(state, now, here)
  return respectful(state, ignores(state, before), now, here)
}

/** Who ignored its master until now has not measured its silence. */
const respectful = (
  state: BackupState,
  ignored: boolean,
  now: Instant,
  here: Circumstances,
): RouterStep => (ignored && !ignores(state, here) ? waitAnew(state, now, here) : same(state))

const waitAnew = (state: BackupState, now: Instant, here: Circumstances): RouterStep =>
  same({ ...state, masterDownAt: after(now, downIntervalHere(here, state.master)) })

const ignores = (state: BackupState, here: Circumstances): boolean =>
  state.master !== null &&
  !state.released &&
  state.master.priority < here.priority &&
  mayPreempt(state, here)

const sameTiming = ({ config: a }: Circumstances, { config: b }: Circumstances): boolean =>
  a.version === b.version && a.interval === b.interval && a.downAfter === b.downAfter

type Heard = RouterInput & { input: 'AdvertReceived' }

function hear(state: BackupState, heard: Heard, here: Circumstances): RouterStep {
  const { now, advert } = heard
  if (advert.priority === 0) {
    // Our own one, from before we became backup.
    if (heard.source === here.self) return same(state)
    const fromMaster = heard.secondPath || state.master?.address === heard.source
    return hearRelease(state, now, fromMaster, here)
  }
  if (heard.secondPath) return same(state)
  const lower = advert.priority < here.priority
  if (!lower || !mayPreempt(state, here)) {
    const preemptAt = lower ? state.preemptAt : null
    return follow({ ...state, preemptAt }, heard, here)
  }
  // The delay begins with the first lower advert; until its end the lower master is left alone.
  const preemptAt = state.preemptAt ?? after(now, here.config.preemptDelay)
  if (now < preemptAt) return follow({ ...state, preemptAt }, heard, here)
  // RFC 9568 6.4.2: discard it. Who is lower beside a good master is not even remembered.
  const { master, released } = state
  const isBesideGood =
    master !== null &&
    !released &&
    master.address !== heard.source &&
    master.priority >= here.priority &&
    stillSpeaks(state, now, here)
  if (isBesideGood) return same({ ...state, preemptAt })
  // It has taken the place of one that gave up, or died.
  return recognize({ ...inReach(state, now, here), preemptAt, released: false }, heard)
}

/**
 * Who preempts does so at a word of the lower master, which hears us then, or after its least
 * silence: one that was cut off in between may not have given up yet.
 */
function inReach(state: BackupState, now: Instant, here: Circumstances): BackupState {
  if (here.leastSilence === 0)
    return state.heldUntil === null ? state : { ...state, heldUntil: null }
  return { ...state, heldUntil: now < state.masterDownAt ? after(now, here.leastSilence) : now }
}

/** Two of its adverts may be missing. */
const stillSpeaks = ({ master, masterDownAt }: BackupState, now: Instant, here: Circumstances) =>
  masterDownAt - now > downIntervalHere(here, master) - 2 * masterInterval(here, master)

const mayPreempt = (state: BackupState, here: Circumstances): boolean =>
  preempts(here) && !state.patient

export const heardMaster = ({ advert, source }: Heard): HeardMaster => ({
  address: source,
  priority: advert.priority,
  interval: advert.interval,
})

type BackupStep = RouterStep & { readonly state: BackupState }

const recognize = (state: BackupState, heard: Heard): BackupStep =>
  named(state, heardMaster(heard), heard.now)

function named(state: BackupState, master: HeardMaster, now: Instant): BackupStep {
  if (state.master?.address === master.address) return { state: { ...state, master }, effects: [] }
  return {
    state: { ...state, master, masterSince: now },
    effects: [{ effect: 'Noticed', notice: { reason: 'master-changed', to: master } }],
  }
}

function follow(state: BackupState, heard: Heard, here: Circumstances): RouterStep {
  const next = recognize(state, heard)
  const masterDownAt = after(heard.now, downIntervalHere(here, next.state.master))
  return { state: { ...next.state, masterDownAt, released: false }, effects: next.effects }
}

/**
 * RFC 9568 6.4.2: wait for the skew, so that of several backups the best one comes first. In a pair
 * there is one backup, and it may follow at once; a release by somebody who is not the master is
 * answered by the master within that skew. Never longer than without: a stream of releases must
 * not keep a backup from taking over.
 */
function hearRelease(
  state: BackupState,
  now: Instant,
  fromMaster: boolean,
  here: Circumstances,
): RouterStep {
  const { version, handover } = here.config
  const interval = masterInterval(here, state.master)
  const wait = skewTime({ version, priority: here.priority, interval })
  const free = handover === 'at-once' && fromMaster ? now : after(now, wait)
  // Who has just stepped down waits: a stranger who says 255 and 0 in turn must not move us with
  // each packet.
  const soonest = after(state.since, interval)
  // Of a backup that was held the moment has long passed: that is no standstill.
  const latest = Math.max(state.masterDownAt, state.heldUntil === null ? 0 : now)
  const masterDownAt = instant(Math.min(Math.max(free, soonest), latest))
  return same({ ...state, masterDownAt, released: true })
}

/**
 * The election goes on over a path beside VRRP as it would with adverts: whoever may preempt does,
 * and everybody else leaves a master in its place that says that it serves.
 */
function believe(
  state: BackupState,
  { now, word }: RouterInput & { input: 'PeerSaid' },
  here: Circumstances,
): RouterStep {
  const { address } = word
  if (word.says === 'released') {
    const isMaster = state.master === null || address === null || state.master.address === address
    return isMaster ? hearRelease(state, now, true, here) : same(state)
  }
  const { priority, holds } = word
  const lower = priority < here.priority
  let preemptAt = lower ? state.preemptAt : null
  if (lower && mayPreempt(state, here)) {
    preemptAt ??= after(now, here.config.preemptDelay)
    if (now >= preemptAt) return same({ ...inReach(state, now, here), preemptAt })
  }
  const { master } = state
  const heldUntil = heldBy(state, now, milliseconds(Math.max(holds, here.leastSilence)), here)
  // In v3 its adverts have said how often they come.
  const interval = master?.interval ?? here.config.interval
  if (master !== null && master.address !== word.address) {
    return same({ ...state, preemptAt, heldUntil })
  }
  return named(
    { ...state, preemptAt, heldUntil },
    { address: word.address, priority, interval },
    now,
  )
}

/** Who speaks both ways and dies is waited for as without the second one. */
function heldBy(
  { master, masterDownAt, heldUntil }: BackupState,
  now: Instant,
  length: Duration,
  here: Circumstances,
): Instant | null {
  const isMissing =
    masterDownAt - now <= downIntervalHere(here, master) - masterInterval(here, master)
  return isMissing || here.leastSilence > 0 ? after(now, length) : heldUntil
}

/** As if all but one of the adverts that may be missing were missing already. */
function doubt(state: BackupState, here: Circumstances): RouterStep {
  if (state.released || here.leastSilence > 0) return same(state)
  const spared = (here.config.downAfter - 1) * masterInterval(here, state.master)
  const masterDownAt = instant(state.masterDownAt - spared)
  return same({ ...state, masterDownAt, heldUntil: null })
}

function silence(state: BackupState, here: Circumstances): string {
  if (state.master === null) return 'no master was heard'
  const { address, priority } = state.master
  if (state.released) return `the master ${address} has given up`
  if (priority < here.priority && mayPreempt(state, here)) {
    return `preempts ${address}, whose priority is ${priority}`
  }
  const { heldUntil, masterDownAt } = state
  const beside = heldUntil !== null && heldUntil > masterDownAt ? ', and so are its heartbeats' : ''
  return `the master ${address} is silent${beside}`
}

const same = (state: BackupState): RouterStep => ({ state, effects: [] })

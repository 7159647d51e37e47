import { after, type Instant, instant } from '../values/duration.ts'
import {
  becomeMaster,
  downIntervalHere,
  masterInterval,
  ownsAlone,
  preempts,
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
    case 'Changed':
      return reconsider(state, input, here)
    case 'Yielded':
      return respectful({ ...state, patient: input.patient }, ignores(state, here), input.now, here)
    case 'Started':
      return same(state)
  }
}

function expire(
  state: BackupState,
  { now, stoodStill }: RouterInput & { input: 'TimerDue' },
  here: Circumstances,
): RouterStep {
  if (now < state.masterDownAt) return same(state)
  // A network card keeps little for a box that does not run, so that no advert waits says nothing.
  if (stoodStill) return waitAnew({ ...state, released: false }, now, here)
  return becomeMaster(state, now, here, silence(state, here))
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
  if (advert.priority === 0) return hearRelease(state, heard, here)
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
  return recognize({ ...state, preemptAt, released: false }, heard)
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

function recognize(state: BackupState, heard: Heard): BackupStep {
  const master = heardMaster(heard)
  if (state.master?.address === master.address) return { state: { ...state, master }, effects: [] }
  return {
    state: { ...state, master, masterSince: heard.now },
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
function hearRelease(state: BackupState, heard: Heard, here: Circumstances): RouterStep {
  const { now, source, secondPath } = heard
  // Our own one, from before we became backup.
  if (source === here.self) return same(state)
  const { version, handover } = here.config
  const interval = masterInterval(here, state.master)
  const wait = skewTime({ version, priority: here.priority, interval })
  const fromMaster = secondPath || state.master?.address === source
  const free = handover === 'at-once' && fromMaster ? now : after(now, wait)
  // Who has just stepped down waits: a stranger who says 255 and 0 in turn must not move us with
  // each packet.
  const soonest = after(state.since, interval)
  const masterDownAt = instant(Math.min(Math.max(free, soonest), state.masterDownAt))
  return same({ ...state, masterDownAt, released: true })
}

function silence(state: BackupState, here: Circumstances): string {
  if (state.master === null) return 'no master was heard'
  const { address, priority } = state.master
  if (state.released) return `the master ${address} has given up`
  if (priority < here.priority && mayPreempt(state, here)) {
    return `preempts ${address}, whose priority is ${priority}`
  }
  return `the master ${address} is silent`
}

const same = (state: BackupState): RouterStep => ({ state, effects: [] })

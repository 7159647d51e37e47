import { after, type Duration, type Instant, instant, milliseconds } from '../values/duration.ts'
import { heardMaster } from './router-backup.ts'
import { becomeBackup, downIntervalHere, givenUp, isBetter, preempts } from './router-moves.ts'
import type {
  BackupState,
  Circumstances,
  HeardMaster,
  LiveInput,
  MasterState,
  RouterEffect,
  RouterInput,
  RouterStep,
} from './router-state.ts'

/** Between two adverts out of turn, and two bursts for contested addresses. */
const answerPause = milliseconds(10)
const contestPause = milliseconds(1000)

/** RFC 9568 6.4.3. */
export function stepMaster(state: MasterState, input: LiveInput, here: Circumstances): RouterStep {
  switch (input.input) {
    case 'TimerDue':
      return tick(state, input.now, here)
    case 'AdvertReceived':
      return hear(state, input, here)
    case 'PeerSaid':
      return believe(state, input, here)
    case 'Changed':
      return show(state, input, here)
    case 'Yielded': {
      const { now, why, patient } = input
      const next = becomeBackup(state, now, here, why, { master: null, patient })
      return { ...next, effects: [...givenUp(state), ...next.effects] }
    }
    case 'Paused':
      return stoodStill(state, input, here)
    case 'PeerDoubted':
    case 'Started':
      return { state, effects: [] }
  }
}

/** A little early, in company; but an answer that has to wait waits in full. */
export const advertFrom = ({ advertAt, answerAfter }: MasterState, here: Circumstances): Instant =>
  advertAt === answerAfter ? advertAt : instant(advertAt - here.config.interval / 20)

function tick(state: MasterState, now: Instant, here: Circumstances): RouterStep {
  if (now < advertFrom(state, here)) return announceDue(state, now, here)
  const { interval } = here.config
  const away = wasAway(state, now, here)
  if (away && !preempts(here)) {
    const advertAt = after(now, interval)
    return { state: { ...state, advertAt, announceAt: [], listens: true }, effects: [] }
  }
  const send: RouterEffect = { effect: 'SendAdvert', priority: here.priority }
  // In step with the one before; from here on if it was early, or late by more than an interval.
  const inStep = after(state.advertAt < now ? state.advertAt : now, interval)
  const told: MasterState = {
    ...state,
    advertAt: inStep > now ? inStep : after(now, interval),
    // It was an answer that had to wait.
    answerAfter: state.advertAt === state.answerAfter ? after(now, answerPause) : state.answerAfter,
    listens: false,
  }
  // Who was master meanwhile has announced the addresses, and may be gone without a word to us.
  if (away || state.listens) {
    const next = announceAgain(told, now, here)
    return { state: next, effects: [send, { effect: 'Announce', because: 'was-away' }] }
  }
  const announced = announceDue(told, now, here)
  return { ...announced, effects: [send, ...announced.effects] }
}

function announceDue(state: MasterState, now: Instant, here: Circumstances): RouterStep {
  const { refresh } = here.config.announcing
  const later = state.announceAt.filter(at => at > now)
  if (later.length === state.announceAt.length) return { state, effects: [] }
  const again = later.length === 0 && refresh !== null
  return {
    state: { ...state, announceAt: again ? [after(now, refresh)] : later },
    effects: [{ effect: 'Announce', because: 'repeat' }],
  }
}

/** When a backup of our own priority gives us up, should this advert not come. */
export const givenUpAt = ({ advertAt }: MasterState, here: Circumstances): Instant =>
  instant(advertAt + downIntervalHere(here, null) - here.config.interval)

/** Our own advert is so late that a backup must have given us up (SIGSTOP, a paused VM). */
const wasAway = (state: MasterState, now: Instant, here: Circumstances): boolean =>
  now > givenUpAt(state, here)

/**
 * The clock of the box stood too, and what was said meanwhile is in no socket: another may be
 * master by now. It gives up, which makes that one announce again, and waits as one that comes new.
 */
function stoodStill(
  state: MasterState,
  { now, lost }: RouterInput & { input: 'Paused' },
  here: Circumstances,
): RouterStep {
  const spared = downIntervalHere(here, null) - here.config.interval
  if (here.priority === 255 || lost <= spared) return { state, effects: [] }
  const why = `the box stood still for ${(lost / 1000).toFixed(1)} s`
  const next = becomeBackup(state, now, here, why, { master: null, patient: false })
  return { ...next, effects: [...givenUp(state), ...next.effects] }
}

/** A new priority or interval is said at once; addresses that are new are added and announced. */
function show(
  state: MasterState,
  { now, before }: RouterInput & { input: 'Changed' },
  here: Circumstances,
): RouterStep {
  const told = advertise(state, now, here)
  // Not later than before: backups that lose this one advert still wait for the old interval.
  const advertAt = earlier(told.state.advertAt, state.advertAt)
  const next = { ...told.state, advertAt }
  if (before.config === here.config) return { state: next, effects: told.effects }
  const { refresh, delay } = here.config.announcing
  const effects: RouterEffect[] = [...told.effects, { effect: 'HoldAddresses' }]
  if (hasNewAddresses(before, here)) {
    const announceAt = [...state.announceAt, after(now, delay)].sort((a, b) => a - b)
    effects.push({ effect: 'Announce', because: 'new-addresses' })
    return { state: { ...next, announceAt }, effects }
  }
  if (state.announceAt.length > 0 || refresh === null) return { state: next, effects }
  return { state: { ...next, announceAt: [after(now, refresh)] }, effects }
}

function hasNewAddresses({ config: before }: Circumstances, { config }: Circumstances): boolean {
  return config.addresses.some(
    ({ prefix, interface: name }) =>
      !before.addresses.some(old => {
        return old.prefix.address === prefix.address && old.interface === name
      }),
  )
}

type Heard = RouterInput & { input: 'AdvertReceived' }

function hear(state: MasterState, heard: Heard, here: Circumstances): RouterStep {
  const { now, advert, source, secondPath } = heard
  if (secondPath) return { state, effects: [] }
  if (advert.priority === 0) return outlive(state, now, here)
  const { priority } = advert
  if (source === here.self && priority === here.priority) {
    return {
      state,
      effects: [{ effect: 'Noticed', notice: { reason: 'own-address', address: source } }],
    }
  }
  if (isBetter({ priority, address: source }, here)) {
    const equal = `${source} has our priority ${priority} and the higher address`
    const higher = `${source} has priority ${priority}, ours is ${here.priority}`
    const why = priority === here.priority ? equal : higher
    return stepDown(state, now, heardMaster(heard), here, why)
  }
  // It has the addresses: who may preempt does so in order, and there are no two meanwhile.
  if (here.priority < 255 && (state.listens || wasAway(state, now, here))) {
    const why = `${source} has taken over while vrrpd did not run`
    return stepDown(state, now, heardMaster(heard), here, why)
  }
  return defend(state, now, heardMaster(heard), here)
}

/**
 * Two masters that do not hear each other's adverts, and one path beside VRRP that works: as if it
 * had carried the adverts. What was said before we took over may still be on its way.
 */
function believe(
  state: MasterState,
  { now, word }: RouterInput & { input: 'PeerSaid' },
  here: Circumstances,
): RouterStep {
  const { interval } = here.config
  if (now < after(state.since, interval)) return { state, effects: [] }
  if (word.says === 'released') return outlive(state, now, here)
  const { address, priority, deaf, holds } = word
  const master = { address, priority, interval }
  const away = here.priority < 255 && (state.listens || wasAway(state, now, here))
  const better = isBetter(master, here)
  if (!deaf && !better && !away) return defend(state, now, master, here)
  const higher = `${address} has priority ${priority}, ours is ${here.priority}, by its heartbeats`
  const meanwhile = `${address} has taken over while vrrpd did not run, by its heartbeats`
  const why = deaf
    ? `${address} is master too, and hears nothing of us`
    : better
      ? higher
      : meanwhile
  const { state: next, effects } = stepDown(state, now, master, here, why)
  return { state: { ...next, heldUntil: after(now, holds) }, effects }
}

/**
 * One advert more than RFC 9568 6.4.3 has: the better one learns from it that there were two, and
 * announces the addresses again to neighbours that were last told of us. After a while away the
 * one who spoke may have gone, and somebody lower be master: our old priority must not move him.
 */
function stepDown(
  state: MasterState,
  now: Instant,
  master: HeardMaster,
  here: Circumstances,
  why: string,
): RouterStep & { readonly state: BackupState } {
  const next = becomeBackup(state, now, here, why, { master, patient: false })
  const away = state.listens || wasAway(state, now, here)
  const last: RouterEffect = { effect: 'SendAdvert', priority: away ? 0 : here.priority }
  return { ...next, effects: [last, { effect: 'ReleaseAddresses' }, ...next.effects] }
}

/**
 * Somebody lower is master too. It is told at once, and the neighbours are told again: they may
 * have learned its MAC address. RFC 3768 6.4.3 only discards its advert; answering ends the
 * contest sooner in v2 as well.
 */
function defend(
  state: MasterState,
  now: Instant,
  { address, priority }: HeardMaster,
  here: Circumstances,
): RouterStep {
  const told = advertise(state, now, here)
  if (now < state.contestAfter) return told
  return {
    state: announceAgain(told.state, now, here),
    effects: [
      ...told.effects,
      { effect: 'Announce', because: 'contested' },
      {
        effect: 'Noticed',
        notice: { reason: 'lower-master', address, priority },
      },
    ],
  }
}

/** Somebody else was master too, and gives up: the neighbours may have been told of it last. */
function outlive(state: MasterState, now: Instant, here: Circumstances): RouterStep {
  const told = advertise(state, now, here)
  if (now < state.contestAfter) return told
  const again: RouterEffect = { effect: 'Announce', because: 'contested' }
  return { state: announceAgain(told.state, now, here), effects: [...told.effects, again] }
}

/** After this burst another when the other one must have heard us, and when its own is over. */
function announceAgain(state: MasterState, now: Instant, here: Circumstances): MasterState {
  const { interval } = here.config
  const last = after(now, longer(interval, contestPause))
  const soon = interval < contestPause ? [after(now, interval), last] : [last]
  const later = state.announceAt.filter(at => at > last)
  return { ...state, announceAt: [...soon, ...later], contestAfter: last }
}

type MasterStep = RouterStep & { readonly state: MasterState }

/** An advert out of turn: now, or when the pause since the last one is over. */
function advertise(state: MasterState, now: Instant, here: Circumstances): MasterStep {
  const { answerAfter } = state
  if (now < answerAfter) {
    return { state: { ...state, advertAt: earlier(state.advertAt, answerAfter) }, effects: [] }
  }
  const advertAt = after(now, here.config.interval)
  return {
    state: { ...state, advertAt, answerAfter: after(now, answerPause) },
    effects: [{ effect: 'SendAdvert', priority: here.priority }],
  }
}

const longer = (a: Duration, b: Duration): Duration => (a > b ? a : b)
const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b)

import { after, type Duration, type Instant, milliseconds, seconds } from '../values/duration.ts'
import type { BfdPacket, BfdState } from './bfd-packet.ts'

/**
 * One session of BFD in asynchronous mode (RFC 5880), active, without echoes, demand mode and
 * authentication. Whoever runs it hands over each packet that passed `decodeBfd` and belongs to it,
 * and wakes it at `wakeAt`; packets that wait are handed over first.
 */
export type BfdSession = {
  readonly wish: BfdWish
  /** Ours: not 0, and of no other session of this box. */
  readonly discriminator: number
  readonly state: BfdState
  /** Why the state is not `up` any more: RFC 5880 4.1. */
  readonly diagnostic: number
  /** Null: unheard, or unheard for a detection time. */
  readonly neighbour: BfdPacket | null
  /** Every packet says P until one comes back with F (6.5). */
  readonly polling: boolean
  /** Null: the neighbour wants none. */
  readonly transmitAt: Instant | null
  readonly lastSent: Instant | null
  readonly detectAt: Instant | null
}

export type BfdWish = {
  readonly minTransmit: Duration
  readonly minReceive: Duration
  readonly multiplier: number
}

/** `random`: 0 to below 1. */
export type BfdInput = { readonly now: Instant; readonly random: number } & (
  | { readonly kind: 'woken' }
  | { readonly kind: 'received'; readonly packet: BfdPacket }
)

export type BfdEffect =
  | { readonly kind: 'send'; readonly packet: BfdPacket }
  | { readonly kind: 'changed'; readonly state: BfdState }

export type BfdStep = { readonly session: BfdSession; readonly effects: readonly BfdEffect[] }

export const diagnostics = { none: 0, timeExpired: 1, neighbourDown: 3, administrative: 7 }

/** While a session is not up, nobody sends more often (6.8.3). */
const slow = seconds(1)

export const openBfd = (wish: BfdWish, discriminator: number, now: Instant): BfdSession => ({
  wish,
  discriminator,
  state: 'down',
  diagnostic: diagnostics.none,
  neighbour: null,
  polling: false,
  transmitAt: now,
  lastSent: null,
  detectAt: null,
})

/** Null: only a packet can change anything. */
export function wakeAt({ transmitAt, detectAt }: BfdSession): Instant | null {
  if (transmitAt === null || detectAt === null) return transmitAt ?? detectAt
  return transmitAt < detectAt ? transmitAt : detectAt
}

export const stepBfd = (session: BfdSession, input: BfdInput): BfdStep =>
  input.kind === 'woken' ? woken(session, input) : received(session, input, input.packet)

/** The last word, so that the neighbour takes it for no failure (6.8.16). */
export const farewellBfd = (session: BfdSession): BfdPacket => {
  const { administrative: diagnostic } = diagnostics
  return packetOf({ ...session, state: 'admin-down', diagnostic, polling: false }, false)
}

function woken(session: BfdSession, input: BfdInput): BfdStep {
  const { now } = input
  if (session.detectAt !== null && now >= session.detectAt) {
    // A neighbour that wanted no packets has no say any more.
    const transmitAt = session.transmitAt ?? now
    const unheard: BfdSession = { ...session, neighbour: null, detectAt: null, transmitAt }
    if (session.state === 'down') return onTime(unheard, input)
    return changed(goDown(unheard, diagnostics.timeExpired), input, false)
  }
  return onTime(session, input)
}

function onTime(session: BfdSession, input: BfdInput): BfdStep {
  if (session.transmitAt === null || input.now < session.transmitAt) {
    return { session, effects: [] }
  }
  return { session: sent(session, input), effects: [send(session)] }
}

function received(session: BfdSession, input: BfdInput, packet: BfdPacket): BfdStep {
  const heard: BfdSession = {
    ...session,
    neighbour: packet,
    polling: session.polling && !packet.final,
    detectAt: after(input.now, detectionTime(session.wish, packet)),
  }
  const next = transition(heard, packet)
  if (next.state !== session.state) return changed(next, input, packet.poll)
  // Never later than an interval that has become shorter allows (6.8.7).
  const again = rescheduled(next, input, session.neighbour)
  return { session: again, effects: packet.poll ? [send(again, true)] : [] }
}

/** RFC 5880 6.8.6, from "If received state is AdminDown" on. */
function transition(session: BfdSession, packet: BfdPacket): BfdSession {
  const { state } = session
  const isDown = packet.state === 'down' || packet.state === 'admin-down'
  if (state === 'down') {
    if (packet.state === 'down') return { ...session, state: 'init' }
    return packet.state === 'init' ? goUp(session) : session
  }
  if (packet.state === 'admin-down') return goDown(session, diagnostics.neighbourDown)
  if (state === 'init') return isDown ? session : goUp(session)
  return isDown ? goDown(session, diagnostics.neighbourDown) : session
}

/** Our interval becomes shorter, which the neighbour has to confirm (6.8.3). */
const goUp = (session: BfdSession): BfdSession => ({
  ...session,
  state: 'up',
  diagnostic: diagnostics.none,
  polling: true,
})

const goDown = (session: BfdSession, diagnostic: number): BfdSession => ({
  ...session,
  state: 'down',
  diagnostic,
  polling: false,
})

/** The neighbour learns of it at once, beside the rhythm (6.8.7). */
function changed(session: BfdSession, input: BfdInput, final: boolean): BfdStep {
  const effects: BfdEffect[] = [{ kind: 'changed', state: session.state }]
  if (final) effects.push(send(session, true))
  effects.push(send(session))
  return { session: sent(session, input), effects }
}

/** 6.8.4: what the neighbour promises to send, and we to hear. */
export const detectionTime = (wish: BfdWish, neighbour: BfdPacket): Duration =>
  milliseconds(neighbour.multiplier * Math.max(wish.minReceive, neighbour.minTransmit))

const ownInterval = ({ wish, state }: BfdSession): Duration =>
  state === 'up' ? wish.minTransmit : milliseconds(Math.max(wish.minTransmit, slow))

/** 6.8.7: null where the neighbour wants no packets. */
function interval(session: BfdSession, { random }: BfdInput): Duration | null {
  const { neighbour, wish } = session
  if (neighbour?.minReceive === 0) return null
  const whole = Math.max(ownInterval(session), neighbour?.minReceive ?? 0)
  // Less by 0 to 25 percent; with a multiplier of 1 by at least 10, or the jitter looks like loss.
  const least = wish.multiplier === 1 ? 0.1 : 0
  return milliseconds(whole * (1 - least - random * (0.25 - least)))
}

function sent(session: BfdSession, input: BfdInput): BfdSession {
  const wait = interval(session, input)
  return {
    ...session,
    lastSent: input.now,
    transmitAt: wait === null ? null : after(input.now, wait),
  }
}

function rescheduled(session: BfdSession, input: BfdInput, before: BfdPacket | null): BfdSession {
  if (session.neighbour?.minReceive === before?.minReceive) return session
  const wait = interval(session, input)
  const from = session.lastSent ?? input.now
  return { ...session, transmitAt: wait === null ? null : after(from, wait) }
}

const send = (session: BfdSession, final = false): BfdEffect => ({
  kind: 'send',
  packet: packetOf(session, final),
})

/** P and F never stand together (6.5). */
const packetOf = (session: BfdSession, final: boolean): BfdPacket => ({
  diagnostic: session.diagnostic,
  state: session.state,
  poll: session.polling && !final,
  final,
  multiplier: session.wish.multiplier,
  myDiscriminator: session.discriminator,
  yourDiscriminator: session.neighbour?.myDiscriminator ?? 0,
  minTransmit: ownInterval(session),
  minReceive: session.wish.minReceive,
})

import { randomInt } from 'node:crypto'
import { type BfdPacket, decodeBfd, encodeBfd } from '../health/bfd-packet.ts'
import {
  type BfdSession,
  detectionTime,
  diagnostics,
  farewellBfd,
  openBfd,
  stepBfd,
  wakeAt,
} from '../health/bfd-session.ts'
import type { Finding } from '../health/check.ts'
import type { BfdQuestion, Target } from '../health/question.ts'
import { now } from '../linux/monotonic-clock.ts'
import { PreciseTimer } from '../linux/precise-timer.ts'
import { type Family, familyOf } from '../values/ip-address.ts'
import { type Ask, failed, findingOf, passed } from './asking.ts'
import { BfdListener, BfdSender } from './bfd-sockets.ts'

type Entry = {
  readonly target: Target
  readonly question: BfdQuestion
  readonly sender: BfdSender
  session: BfdSession
  /** Those who asked before it was up for the first time. */
  readonly waiting: Set<() => void>
  /** It was up, or somebody has waited in vain: whoever asks gets the state as it is. */
  settled: boolean
}

/**
 * All sessions of BFD (RFC 5881) of this process: one for each server, from the first question
 * about it until `retain` is called without it. A question does not ask the server then, it
 * reports the session's state; only the first one waits, for the session to come up. Who does not
 * want to wait for the next question sets `onChange`.
 */
export class BfdSessions {
  /** Told at once when a session comes up or goes down. */
  onChange: (target: Target, finding: Finding) => void = () => {}
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Map<Family, BfdListener>()
  #timer: PreciseTimer | null = null

  readonly ask: Ask<BfdQuestion> = async (question, target, signal) => {
    try {
      const entry = this.#entries.get(keyOf(target)) ?? this.#open(question, target)
      if (!sameTimes(entry.question, question)) {
        const why = `another check runs BFD with ${target.address} already, with other times`
        return failed('cannot-ask', why)
      }
      if (entry.session.state !== 'up' && !entry.settled) await settled(entry, signal)
      return findingOfSession(entry)
    } catch (error) {
      return findingOf(error)
    }
  }

  /** Ends all other sessions; their neighbours learn that it is on purpose. */
  retain(targets: readonly Target[]): void {
    const kept = new Set(targets.map(keyOf))
    for (const [key, entry] of this.#entries) if (!kept.has(key)) this.#end(key, entry)
    for (const [family, listener] of this.#listeners) {
      const entries = this.#of(family)
      if (entries.length > 0) {
        listener.require(leastTtl(entries))
        continue
      }
      listener.close()
      this.#listeners.delete(family)
    }
    if (this.#entries.size > 0) return
    this.#timer?.close()
    this.#timer = null
  }

  close(): void {
    this.retain([])
  }

  #of(family: Family): readonly Entry[] {
    return [...this.#entries.values()].filter(({ target }) => familyOf(target.address) === family)
  }

  #open(question: BfdQuestion, target: Target): Entry {
    const sender = BfdSender.open(target, question.ttl)
    try {
      const family = familyOf(target.address)
      const listener = this.#listeners.get(family) ?? BfdListener.open(family, this.#drain)
      this.#listeners.set(family, listener)
      this.#timer ??= PreciseTimer.open(this.#onDeadline)
      const session = openBfd(question, this.#freeDiscriminator(), now())
      const entry = {
        target,
        question,
        sender,
        session,
        waiting: new Set<() => void>(),
        settled: false,
      }
      this.#entries.set(keyOf(target), entry)
      listener.require(leastTtl(this.#of(family)))
      this.#arm()
      return entry
    } catch (error) {
      sender.close()
      throw error
    }
  }

  #freeDiscriminator(): number {
    const used = new Set([...this.#entries.values()].map(({ session }) => session.discriminator))
    for (;;) {
      const chosen = randomInt(1, 2 ** 32)
      if (!used.has(chosen)) return chosen
    }
  }

  #end(key: string, entry: Entry): void {
    this.#entries.delete(key)
    entry.sender.send(encodeBfd(farewellBfd(entry.session)))
    entry.sender.close()
    entry.settled = true
    for (const wake of entry.waiting) wake()
  }

  readonly #drain = (): void => {
    for (const listener of this.#listeners.values()) {
      listener.drain((bytes, source) => {
        const packet = decodeBfd(bytes)
        if (typeof packet !== 'object') return
        const entry = this.#owner(packet, source)
        if (entry !== undefined) this.#step(entry, packet)
      })
    }
    this.#arm()
  }

  /** RFC 5880 6.3: by the discriminator that it names, or else by who sent it. */
  #owner({ yourDiscriminator }: BfdPacket, source: string): Entry | undefined {
    return [...this.#entries.values()].find(
      ({ target, session }) =>
        target.address === source &&
        (yourDiscriminator === 0 || yourDiscriminator === session.discriminator),
    )
  }

  /** What waits is heard first: after a stall the timer may come before it. */
  readonly #onDeadline = (): void => {
    this.#drain()
    const at = now()
    for (const entry of this.#entries.values()) {
      if ((wakeAt(entry.session) ?? Number.POSITIVE_INFINITY) <= at) this.#step(entry, null)
    }
    this.#arm()
  }

  #step(entry: Entry, packet: BfdPacket | null): void {
    const time = { now: now(), random: Math.random() }
    const input =
      packet === null
        ? { ...time, kind: 'woken' as const }
        : { ...time, kind: 'received' as const, packet }
    const { session, effects } = stepBfd(entry.session, input)
    const was = entry.session.state
    entry.session = session
    for (const effect of effects) {
      if (effect.kind === 'send') entry.sender.send(encodeBfd(effect.packet))
      else if (effect.state === 'up' || was === 'up') this.#tell(entry)
    }
  }

  #tell(entry: Entry): void {
    entry.settled = true
    for (const wake of entry.waiting) wake()
    this.onChange(entry.target, findingOfSession(entry))
  }

  #arm(): void {
    const deadlines = [...this.#entries.values()].flatMap(({ session }) => wakeAt(session) ?? [])
    const next = deadlines.reduce<(typeof deadlines)[number] | null>(
      (least, at) => (least === null || at < least ? at : least),
      null,
    )
    if (next === null) this.#timer?.disarm()
    else this.#timer?.arm(next)
  }
}

/** The one of this process: there is one port 3784. Opens nothing before the first question. */
export const bfdSessions = new BfdSessions()

const keyOf = ({ address, interface: name }: Target): string => `${address}%${name ?? ''}`

const sameTimes = (one: BfdQuestion, other: BfdQuestion): boolean =>
  one.minTransmit === other.minTransmit &&
  one.minReceive === other.minReceive &&
  one.multiplier === other.multiplier &&
  one.ttl === other.ttl

/**
 * RFC 5881 5: what comes from further than the next hop is dropped. With another TTL in one check,
 * routers may stand between, and none is dropped.
 */
const leastTtl = (entries: readonly Entry[]): number =>
  entries.every(({ question }) => question.ttl === 255) ? 255 : 1

/** Until it is up, or the signal aborts. */
function settled(entry: Entry, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      entry.settled = true
      entry.waiting.delete(done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    entry.waiting.add(done)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}

function findingOfSession({ session, target }: Entry): Finding {
  const { state, diagnostic, neighbour, wish } = session
  const whom = target.address
  if (state === 'up' && neighbour !== null) {
    const detection = Math.round(detectionTime(wish, neighbour))
    return passed(`the BFD session with ${whom} is up, a loss is seen after ${detection} ms`)
  }
  const heard = neighbour === null ? 'it is silent' : `it says ${neighbour.state}`
  const shown = `the BFD session with ${whom} is ${state}`
  if (diagnostic === diagnostics.timeExpired) {
    return failed('timeout', `${shown}: it fell silent (control detection time expired), ${heard}`)
  }
  if (diagnostic === diagnostics.neighbourDown) {
    return failed('closed', `${shown}: the neighbour has ended it, ${heard}`)
  }
  return failed('timeout', `${shown}: ${heard}`)
}

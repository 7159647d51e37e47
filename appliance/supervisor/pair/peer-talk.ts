import { kernelMilliseconds, now } from '../../linux/monotonic-clock.ts'
import type { PeerFrame } from '../../pairing/peer-frames.ts'
import type { DirectorAnswer, DirectorQuestion } from '../../status/director-messages.ts'
import type { Status } from '../../status/document.ts'
import type { AddressMove } from '../../status/messages.ts'
import type { PeerReport } from '../../status/pair-status.ts'

/** People look at it: twice a second is as good as at once. */
const reportEveryMs = 500
const answerWithinMs = 3000
/** The best of so many questions: the less one took, the less its answer can be wrong. */
const clockRounds = 8

export type PeerTalkSite = {
  readonly send: (frame: PeerFrame) => void
  readonly isLinked: () => boolean
  /** A time server keeps the clock of this box. */
  readonly isSynchronised: () => boolean
  /** How many of these connections this box has; null: it cannot be said, and why. */
  readonly knownOf: (keys: readonly string[]) => Promise<Known>
  readonly onReport: () => void
}

/** Asks the director of this box. */
export const knownHere =
  (ask: (question: DirectorQuestion) => Promise<DirectorAnswer>): PeerTalkSite['knownOf'] =>
  async keys => {
    const answer = await ask({ ask: 'known', keys })
    if (!answer.ok) return { known: null, why: `at the peer: ${answer.title}` }
    return { known: (answer.value as { readonly known: number }).known, why: '' }
  }

export type Known = { readonly known: number | null; readonly why: string }

/** What must be added to a moment of the peer's clock, and how wrong that may be. */
export type ClockOffset = { readonly ms: number; readonly withinMs: number }

/** Of the day. `isKept`: by a time server. */
export type PeerTime = { readonly aheadMs: number; readonly isKept: boolean }

export type Took = { readonly router: string; readonly at: number }

/** What the two boxes say to each other beside the configuration. */
export class PeerTalk {
  readonly #site: PeerTalkSite
  /** What the peer has said last over this connection. */
  report: PeerReport | null = null
  #own: PeerReport | null = null
  #said = ''
  #saidAt = Number.NEGATIVE_INFINITY
  #waiting: NodeJS.Timeout | null = null
  #ids = 0
  readonly #asked = new Map<number, (answer: PeerFrame | null) => void>()
  readonly #listeners = new Set<(took: Took) => void>()

  constructor(site: PeerTalkSite) {
    this.#site = site
  }

  /** This is how this box is now. */
  own(status: Status): void {
    this.#own = reportOf(status)
    this.#tell()
  }

  linked(): void {
    this.#forget()
    this.#tell()
  }

  cut(): void {
    this.#forget()
  }

  #forget(): void {
    this.report = null
    this.#said = ''
    this.#saidAt = Number.NEGATIVE_INFINITY
    for (const answer of this.#asked.values()) answer(null)
  }

  /** Addresses have come to this box: whoever has just given them up wants to know. */
  moved(moves: readonly AddressMove[]): void {
    if (!this.#site.isLinked()) return
    for (const { router, what, at } of moves) {
      if (what === 'took') this.#site.send({ frame: 'took', router, at })
    }
  }

  heard(frame: PeerFrame): void {
    switch (frame.frame) {
      case 'report':
        this.report = frame.report
        this.#site.onReport()
        break
      case 'clock':
        this.#site.send({
          frame: 'clock-is',
          id: frame.id,
          at: kernelMilliseconds(now()),
          wall: Date.now(),
          kept: this.#site.isSynchronised(),
        })
        break
      case 'connections':
        void this.#site.knownOf(frame.keys).then(answer => {
          this.#site.send({ frame: 'connections-known', id: frame.id, ...answer })
        })
        break
      case 'took':
        for (const listener of this.#listeners) listener(frame)
        break
      case 'clock-is':
      case 'connections-known':
        this.#asked.get(frame.id)?.(frame)
        break
    }
  }

  /** Returns how to stop. */
  onTook(listener: (took: Took) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Null: the peer does not answer. */
  async clockOffset(): Promise<ClockOffset | null> {
    let best: ClockOffset | null = null
    for (let round = 0; round < clockRounds; round++) {
      const asked = now()
      const answer = await this.#ask(id => ({ frame: 'clock', id }))
      if (answer?.frame !== 'clock-is') break
      const withinMs = (now() - asked) / 2
      if (best !== null && best.withinMs <= withinMs) continue
      best = { ms: kernelMilliseconds(asked) + withinMs - answer.at, withinMs }
    }
    return best
  }

  /** How far the time of day is ahead there; null: the peer does not answer. */
  async timeAhead(): Promise<PeerTime | null> {
    const asked = Date.now()
    const answer = await this.#ask(id => ({ frame: 'clock', id }))
    if (answer?.frame !== 'clock-is') return null
    const aheadMs = Math.round(answer.wall - (asked + Date.now()) / 2)
    return { aheadMs, isKept: answer.kept === true }
  }

  async connectionsKnown(keys: readonly string[]): Promise<Known> {
    const answer = await this.#ask(id => ({ frame: 'connections', id, keys }))
    if (answer?.frame !== 'connections-known') {
      return { known: null, why: 'the peer does not answer' }
    }
    return { known: answer.known, why: answer.why }
  }

  #ask(question: (id: number) => PeerFrame): Promise<PeerFrame | null> {
    if (!this.#site.isLinked()) return Promise.resolve(null)
    this.#ids += 1
    const id = this.#ids
    return new Promise(resolve => {
      const answer = (value: PeerFrame | null): void => {
        clearTimeout(late)
        this.#asked.delete(id)
        resolve(value)
      }
      const late = setTimeout(() => answer(null), answerWithinMs)
      this.#asked.set(id, answer)
      this.#site.send(question(id))
    })
  }

  #tell(): void {
    if (this.#own === null || !this.#site.isLinked() || this.#waiting !== null) return
    const text = JSON.stringify(this.#own)
    if (text === this.#said) return
    const wait = this.#saidAt + reportEveryMs - performance.now()
    if (wait > 0) {
      this.#waiting = setTimeout(() => {
        this.#waiting = null
        this.#tell()
      }, wait)
      this.#waiting.unref()
      return
    }
    this.#said = text
    this.#saidAt = performance.now()
    this.#site.send({ frame: 'report', report: this.#own })
  }
}

const longestWhy = 1000
const mostRouters = 2000

const reportOf = ({ health, alarms, maintenance, routers }: Status): PeerReport => ({
  health: { state: health.state, why: health.why.slice(0, longestWhy) },
  alarms: alarms.length,
  maintenance: maintenance !== null,
  routers: routers.slice(0, mostRouters).map(({ name, state, priority, why }) => {
    return { name, state, priority: priority.effective, why: why.slice(0, longestWhy) }
  }),
})

import { kernelMilliseconds, now } from '../linux/monotonic-clock.ts'
import { mostConnections } from '../pairing/peer-frames.ts'
import type { DirectorAnswer, DirectorQuestion } from '../status/director-messages.ts'
import type { AddressMove } from '../status/messages.ts'
import type { HandoverReceipt } from '../status/pair-status.ts'
import type { RouterStatus } from '../status/router-status.ts'
import type { DirectorStatus } from '../status/service-status.ts'
import { receiptText } from './handover-words.ts'
import type { PeerTalk } from './pair/peer-talk.ts'

const giveUpWithinMs = 3000
/** Three intervals and a skew are what the other box waits at most; then we may lead again. */
const intervalsAwaited = 5
const longestWaitMs = 20_000
const lookEveryMs = 5

export type HandoverSite = {
  readonly routers: () => readonly RouterStatus[]
  readonly order: (router: string | null) => void
  readonly director: () => DirectorStatus
  readonly askDirector: (question: DirectorQuestion) => Promise<DirectorAnswer>
  readonly talk: PeerTalk
  /** Null: there is no connection to it. */
  readonly peerName: () => string | null
  readonly note: (event: string, text: string) => void
}

/** What of it could be measured, and why the rest could not. */
export type Measured = Omit<HandoverReceipt, 'text'>

type Established = { readonly keys: readonly string[] } | { readonly why: string }

/** When addresses went and who had them next: in milliseconds of this box's clock. */
type Passing = {
  readonly gave: Map<string, number>
  readonly took: Map<string, number>
}

/** Gives virtual routers to the other box, and measures what that has cost. */
export class Handover {
  readonly #site: HandoverSite
  readonly #underWay = new Set<Passing>()
  last: HandoverReceipt | null = null

  constructor(site: HandoverSite) {
    this.#site = site
  }

  /** The addresses of routers have come to this box, or gone. */
  moved(moves: readonly AddressMove[]): void {
    for (const { gave } of this.#underWay) {
      for (const { router, what, at } of moves) if (what === 'gave') gave.set(router, at)
    }
  }

  /** `asked`: this box is master of them. Null: all of them. */
  async give(router: string | null, asked: readonly RouterStatus[]): Promise<HandoverReceipt> {
    const { talk, order, note } = this.#site
    const peer = this.#site.peerName()
    const at = new Date().toISOString()
    const established = await this.#established(asked, peer)
    const passing: Passing = { gave: new Map(), took: new Map() }
    this.#underWay.add(passing)
    const stopListening = talk.onTook(({ router: name, at: moment }) => {
      passing.took.set(name, moment)
    })
    const names = asked.map(({ name }) => name)
    order(router)
    const outcome = await this.#outcome(asked, passing, peer)
    stopListening()
    this.#underWay.delete(passing)
    const byLink = outcome === 'handed-over' && peer !== null
    const gap = byLink ? await this.#gapByLink(names, passing) : this.#gapByAdverts(names, passing)
    const connections = byLink ? await this.#kept(established) : { why: notHandedOver(peer) }
    const measured: Measured = {
      at,
      routers: names,
      outcome,
      to: outcome === 'handed-over' ? (peer ?? this.#masterOf(names)) : null,
      gap: outcome === 'handed-over' ? gap : null,
      connections: 'of' in connections ? connections : null,
      connectionsWhy: 'why' in connections ? connections.why : null,
    }
    this.last = { ...measured, text: receiptText(measured) }
    note(outcome === 'handed-over' ? 'handover-done' : 'handover-failed', this.last.text)
    return this.last
  }

  async #outcome(
    asked: readonly RouterStatus[],
    { gave, took }: Passing,
    peer: string | null,
  ): Promise<HandoverReceipt['outcome']> {
    const names = asked.map(({ name }) => name)
    const begun = performance.now()
    const interval = Math.max(...asked.map(each => each.intervalSeconds)) * 1000
    const longest = Math.min(longestWaitMs, giveUpWithinMs + intervalsAwaited * interval)
    while (performance.now() - begun < longest) {
      await new Promise(resolve => setTimeout(resolve, lookEveryMs))
      if (names.some(name => !gave.has(name))) continue
      const now = this.#named(names)
      if (peer !== null && names.every(name => took.has(name))) return 'handed-over'
      if (peer === null && now.every(({ master }) => master !== null)) return 'handed-over'
      // It waits for somebody else as long as a backup does, and then does without.
      if (now.length > 0 && now.every(({ state }) => state === 'MASTER')) return 'not-taken'
    }
    // Who took it is no peer of ours, or its word was lost on the way.
    return this.#named(names).every(({ master }) => master !== null) ? 'handed-over' : 'unknown'
  }

  async #gapByLink(
    names: readonly string[],
    { gave, took }: Passing,
  ): Promise<HandoverReceipt['gap']> {
    if (names.some(name => !took.has(name))) return this.#gapByAdverts(names, { gave, took })
    const offset = await this.#site.talk.clockOffset()
    if (offset === null) return this.#gapByAdverts(names, { gave, took })
    const gaps = names.map(name => (took.get(name) ?? 0) + offset.ms - (gave.get(name) ?? 0))
    return { ms: Math.max(0, ...gaps), withinMs: offset.withinMs, by: 'pair-link' }
  }

  /** Until the first advert of somebody else came in: he sends it as he takes the addresses. */
  #gapByAdverts(names: readonly string[], { gave }: Passing): HandoverReceipt['gap'] {
    // A status has the time of day, in whole milliseconds.
    const toClock = kernelMilliseconds(now()) - Date.now()
    const gaps = this.#named(names).flatMap(({ name, master }) => {
      const from = gave.get(name)
      return master === null || from === undefined
        ? []
        : [Date.parse(master.since) + toClock - from]
    })
    if (gaps.length < names.length) return null
    return { ms: Math.max(0, ...gaps), withinMs: 2, by: 'adverts' }
  }

  async #established(asked: readonly RouterStatus[], peer: string | null): Promise<Established> {
    if (peer === null) return { why: notHandedOver(peer) }
    const { sync, missing } = this.#site.director()
    if (missing !== null) return { why: missing }
    if (sync === null) return { why: 'no connections are carried over: cluster.director.sync' }
    const addresses = asked.flatMap(({ addresses: all }) =>
      all.map(({ address }) => address.split('/')[0] ?? address),
    )
    const question = { ask: 'established', addresses, most: mostConnections } as const
    const answer = await this.#site.askDirector(question)
    if (!answer.ok) return { why: answer.title }
    const { keys } = answer.value as { readonly keys: readonly string[] }
    return keys.length === 0 ? { why: 'there were none' } : { keys }
  }

  async #kept(
    established: Established,
  ): Promise<{ readonly kept: number; readonly of: number } | { readonly why: string }> {
    if ('why' in established) return established
    const { keys } = established
    const { known, why } = await this.#site.talk.connectionsKnown(keys)
    return known === null ? { why } : { kept: known, of: keys.length }
  }

  #named(names: readonly string[]): readonly RouterStatus[] {
    return this.#site.routers().filter(({ name }) => names.includes(name))
  }

  #masterOf(names: readonly string[]): string | null {
    return this.#named(names).find(({ master }) => master !== null)?.master?.address ?? null
  }
}

const notHandedOver = (peer: string | null): string =>
  peer === null ? 'there is no connection to a peer that could be asked' : 'nobody took over'

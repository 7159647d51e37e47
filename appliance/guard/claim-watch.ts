/**
 * An advert is a claim: that its sender leads, or has given up. Unless adverts are signed, whoever
 * can send a frame on that network can make one; nobody can forge a heartbeat. So while heartbeats
 * of the other box come, a claim against what they say is not believed.
 *
 *   in its name      it has to be what its last heartbeat says. A claim may be right, and ahead of
 *                    the heartbeat that says the same: it waits for that. If another one comes
 *                    instead, an interval later or more, the claim was a lie. If none comes, it
 *                    is believed before a backup would give its master up
 *   by a third one   a pair has two boxes: while one of them leads, a third cannot. While neither
 *                    does, it may well be somebody who serves, and is respected
 *
 * Where nothing is heard beside VRRP, or of a box that has just started, adverts are believed as
 * the RFC has it: two masters must not ignore each other.
 */

import { after, type Duration, type Instant, milliseconds, seconds } from '../values/duration.ts'
import type { IpAddress } from '../values/ip-address.ts'
import type { EnsembleInput } from '../vrrp/ensemble.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'
import type { Heartbeat, SaidRouter } from './heartbeat.ts'

export type Claim = Extract<EnsembleInput, { readonly input: 'AdvertReceived' }>

/** Reasons of their own, beside those of vrrp/rejection.ts. */
export type Disbelief = 'contradicted' | 'third-speaker'

export type Disbelieved = {
  readonly router: string
  readonly source: IpAddress
  readonly reason: Disbelief
  readonly times: number
  readonly now: Instant
}

type Word = {
  readonly state: SaidRouter['state']
  readonly address: IpAddress | null
  /** Nothing newer has come by then: it says nothing of what is. */
  readonly until: Instant
  /** Until then a claim in its name has to agree with it. */
  readonly binds: Instant
}

/** Claims of the other box that its heartbeats do not say yet. */
type Waiting = { readonly since: Instant; readonly times: number; readonly latest: Claim }

/** A handover is over by then: whoever floods meanwhile must not come between the two. */
const handoverTime: Duration = seconds(10)

export class ClaimWatch {
  readonly #words = new Map<string, Word>()
  readonly #waiting = new Map<string, Waiting>()
  /** By router: when one of the pair led last. */
  readonly #ledAt = new Map<string, Instant>()
  readonly #onDisbelieved: (found: Disbelieved) => void

  constructor(onDisbelieved: (found: Disbelieved) => void) {
    this.#onDisbelieved = onDisbelieved
  }

  /** By this box, or the other one. */
  led(router: string, now: Instant): void {
    this.#ledAt.set(router, now)
  }

  /** Gives the claim that has waited for this word, if there is one. */
  hear(config: RouterConfig, said: SaidRouter, beat: Heartbeat, now: Instant): Claim | null {
    const { name: router } = config
    const { state, address, priority } = said
    const before = this.#words.get(router)
    if (state === 'master') this.led(router, now)
    // It ends: what starts after it has another boot, and may speak here before it is known.
    if (state === 'initialize') this.#words.delete(router)
    else {
      const holds = milliseconds((beat.missed + 0.5) * beat.interval)
      // Half an interval less than a backup waits for its master.
      const binds = milliseconds(Math.min(holds, (config.downAfter - 0.5) * config.interval))
      // Slower than adverts, it may come after the one that it was sent before.
      const isSlow = beat.interval > config.interval
      const boundBefore = before?.state === state ? before.binds : now
      this.#words.set(router, {
        ...{ state, address, until: after(now, holds) },
        binds: isSlow ? boundBefore : after(now, binds),
      })
    }
    const waiting = this.#waiting.get(router)
    if (waiting === undefined) return null
    // Adverts have been believed since.
    if (before === undefined || now > before.binds) {
      this.#waiting.delete(router)
      return null
    }
    const { since, times, latest } = waiting
    if (agrees(latest, state)) {
      this.#waiting.delete(router)
      const isHis = latest.advert.priority === 0 || latest.advert.priority === priority
      return isHis ? { ...latest, now } : null
    }
    // What was said before the claim may come in after it.
    if (now - since < beat.interval) return null
    this.#waiting.delete(router)
    this.#onDisbelieved({ router, source: latest.source, reason: 'contradicted', times, now })
    return null
  }

  /** Of an advert that is not signed. */
  isBelieved(claim: Claim, config: RouterConfig): boolean {
    const { router, source, now, secondPath } = claim
    const word = this.#words.get(router)
    // A second path is the boxes' own; where the cable of the first is cut, it may be faster.
    if (secondPath || word === undefined || now > word.until) return true
    if (isOfPeer(source, word, config)) {
      if (now > word.binds || agrees(claim, word.state)) return true
      const { since = now, times = 0 } = this.#waiting.get(router) ?? {}
      this.#waiting.set(router, { since, times: times + 1, latest: claim })
      return false
    }
    // Who else is one is written there.
    if (isPeer(source, config)) return true
    const ledAt = this.#ledAt.get(router)
    const isLed = ledAt !== undefined && now - ledAt <= handoverTime
    // Three boxes or more say so by their handover.
    if (config.handover !== 'at-once' || !isLed) return true
    this.#onDisbelieved({ router, source, reason: 'third-speaker', times: 1, now })
    return false
  }

  /** This box stood still: what it knows is older than it looks. */
  forget(): void {
    this.#words.clear()
    this.#waiting.clear()
  }
}

const agrees = ({ advert }: Claim, state: SaidRouter['state']): boolean =>
  advert.priority > 0 === (state === 'master')

const isPeer = (source: IpAddress, { transport }: RouterConfig): boolean =>
  transport.kind === 'unicast' && transport.peers.includes(source)

/** One without an address may still be known by the only one that it can have. */
const isOfPeer = (source: IpAddress, { address }: Word, config: RouterConfig): boolean => {
  const { transport } = config
  if (address !== null || transport.kind === 'multicast') return source === address
  return transport.peers.length === 1 && isPeer(source, config)
}

/**
 * Fencing, as far as the guard goes: whether the silence of the other box is a reason to take over,
 * and whether it is to be switched off. Silence alone proves nothing: the box may serve and only be
 * out of reach. It may be followed when the box has given up in its own words before, or when a
 * device that has power over it says that it is off.
 *
 *   heard --silence--> held ---confirmed, or waited at most---> free
 *     ^                 |                                        |
 *     '-----------------'--------------- heard again ------------'
 */

import { after, type Duration, type Instant, milliseconds, seconds } from '../values/duration.ts'
import type { GuardConfig } from './guard-config.ts'
import type { GuardNews } from './split-watch.ts'

/** It is to be switched off: until this is gone, or answered under its id. */
export type FenceWish = {
  readonly id: string
  /** False: since this box has started nothing was heard of it; it may be starting too. */
  readonly known: boolean
}

/** Both boxes start, and find each other within this time. */
const meetingTime: Duration = seconds(10)

/**
 * Who looks again after longer stood still, and the other box may have served all the while,
 * unheard: so long it is listened for then.
 */
const lull = (interval: Duration): Duration => milliseconds(2000 + 2 * interval)

export type FenceView = {
  readonly config: Pick<GuardConfig, 'fencing' | 'interval'>
  /** Of the other box, over any path or by adverts. */
  readonly heard: boolean
  /** It was, since this box has started. */
  readonly known: boolean
  /** The last that it said: that it has stopped, or can lead nothing. */
  readonly gaveUp: boolean
  /** A router here waits for its place. A box that is itself in FAULT has nothing to win. */
  readonly waits: boolean
  /** Enough witnesses answer; true where there are none. */
  readonly witnessed: boolean
}

export class FenceWatch {
  /** Not null: why no router here takes the place of a silent master. */
  held: string | null = null
  wish: FenceWish | null = null
  #silentSince: Instant | null = null
  /** In this silence, for the place of the other box. */
  #waitsSince: Instant | null = null
  #lookedAt: Instant | null = null
  #lull = milliseconds(0)
  #listensUntil: Instant | null = null
  /** It was heard, whatever has become of the path. */
  #known = false
  #answered = false
  #wishes = 0
  readonly #boot: number

  /** A number that each start of vrrpd draws anew. */
  constructor(boot: number) {
    this.#boot = boot
  }

  /** What it tells, if anything has changed that people want to know. */
  look(view: FenceView, now: Instant): GuardNews | null {
    const { config, heard, gaveUp, waits } = view
    const { fencing: rule, interval } = config
    this.#known ||= view.known
    if (this.#stoodStill(now)) this.#listensUntil = after(now, lull(interval))
    this.#lookedAt = now
    this.#lull = lull(interval)
    if (rule.policy === 'off' || heard || gaveUp) return this.#rest()
    this.#silentSince ??= now
    this.#waitsSince = waits ? (this.#waitsSince ?? now) : null
    if (this.#answered) return null
    const waitsUntil = this.#waitsSince === null ? null : after(this.#waitsSince, rule.waitAtMost)
    const isOver = waitsUntil !== null && now >= waitsUntil && !this.#hasToListen(now)
    if (rule.policy === 'attempt' && isOver) {
      this.#free()
      return told('fencing-given-up', `waited ${rule.waitAtMost / 1000} s, which is enough here`)
    }
    this.held = view.witnessed ? unfenced : `${unfenced}; no witness answers this box`
    const before = this.wish
    this.wish = this.#wished(view, now)
    if (this.wish === null || before !== null) return null
    return told('fencing-wanted', 'nothing is heard of the other box: it is to be switched off')
  }

  /**
   * A device, or a person, says that it is off. False: of another silence than this one, or it was
   * so before this box stood still, and who was switched on meanwhile has not been listened for.
   */
  confirm(id: string, now: Instant): boolean {
    if (this.wish?.id !== id || this.#stoodStill(now)) return false
    this.#free()
    return true
  }

  #stoodStill(now: Instant): boolean {
    return this.#lookedAt !== null && now - this.#lookedAt > this.#lull
  }

  #hasToListen(now: Instant): boolean {
    return this.#listensUntil !== null && now < this.#listensUntil
  }

  #wished({ waits, witnessed }: FenceView, now: Instant): FenceWish | null {
    const known = this.#known
    if (!waits || !witnessed || this.#hasToListen(now)) return null
    const isEarly = !known && this.#silentSince !== null && now - this.#silentSince < meetingTime
    if (isEarly) return null
    if (this.wish?.known === known) return this.wish
    this.#wishes += 1
    return { id: `${this.#boot}-${this.#wishes}`, known }
  }

  #free(): void {
    this.#answered = true
    this.held = null
    this.wish = null
  }

  #rest(): GuardNews | null {
    const wished = this.wish !== null
    this.held = null
    this.wish = null
    this.#silentSince = null
    this.#waitsSince = null
    this.#answered = false
    return wished ? told('fencing-over', 'the other box need not be switched off any more') : null
  }
}

const unfenced = 'nothing is heard of the other box, and nobody has confirmed that it is off'

const told = (event: string, text: string): GuardNews => ({ about: 'fencing', event, text })

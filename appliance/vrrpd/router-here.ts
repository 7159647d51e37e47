import type { IpAddress } from '../values/ip-address.ts'
import type { HmacSha256 } from '../vrrp/advert.ts'
import { type Expectations, expectationsOf } from '../vrrp/expectations.ts'
import { nothingHeard, type ReplayMemory } from '../vrrp/hmac-sequence.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'
import { Speakers } from '../vrrp/speakers.ts'
import { AdvertSender } from './advert-sender.ts'
import { type Counters, newCounters } from './counters.ts'

/** What the shell keeps of a router beside its state machine. */
export class RouterHere {
  readonly counters: Counters
  readonly config: RouterConfig
  readonly sender: AdvertSender
  readonly speakers: Speakers
  replay: ReplayMemory
  #expectations: Expectations | null = null

  /** After a change of configuration the counters go on, and what was heard stays heard. */
  constructor(config: RouterConfig, hmac: HmacSha256, before: RouterHere | null) {
    this.config = config
    this.sender = new AdvertSender(config, hmac)
    this.counters = before?.counters ?? newCounters()
    this.replay = before?.replay ?? nothingHeard
    this.speakers = before?.speakers ?? new Speakers()
  }

  /** The same again for a configuration that has not changed, which is plain data. */
  static of(config: RouterConfig, hmac: HmacSha256, before: RouterHere | null): RouterHere {
    const same = before !== null && JSON.stringify(before.config) === JSON.stringify(config)
    return same ? before : new RouterHere(config, hmac, before)
  }

  expectations(self: IpAddress | null): Expectations {
    if (this.#expectations?.self !== self) this.#expectations = null
    this.#expectations ??= expectationsOf(this.config, self)
    return this.#expectations
  }
}

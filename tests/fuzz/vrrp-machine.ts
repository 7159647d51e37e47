/** A router that hears the packets of the fuzzer through the same gate as in vrrpd. */

import assert from 'node:assert/strict'
import { Journal } from '../../appliance/linux/journal.ts'
import type { RouterStatus } from '../../appliance/status/router-status.ts'
import { after, type Instant, instant, milliseconds } from '../../appliance/values/duration.ts'
import { Ensemble } from '../../appliance/vrrp/ensemble.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import type { RouterState } from '../../appliance/vrrp/router-state.ts'
import { hear } from '../../appliance/vrrpd/advert-hearing.ts'
import { FlightLog } from '../../appliance/vrrpd/flight-log.ts'
import { RouterHere } from '../../appliance/vrrpd/router-here.ts'
import { hmacSha256 } from '../unit/vrrp-codec-words.ts'
import type { Trial } from './vrrp-trials.ts'

const journal = new Journal(() => {})
const flight = new FlightLog({ application: 'the fuzzer', send: () => {} })

class Target {
  readonly #ensemble = new Ensemble()
  readonly #here: RouterHere
  readonly #self: Trial['expected']['self']
  #now: Instant = instant(0)

  constructor(config: RouterConfig, self: Trial['expected']['self']) {
    this.#here = new RouterHere(config, hmacSha256, null)
    this.#self = self
    const seen = { down: null, inet: self, inet6: self }
    const interfaces = new Map([[config.interface, seen]])
    this.#ensemble.feed({ input: 'InterfacesSeen', interfaces, now: this.#now })
    this.#ensemble.feed({ input: 'Configured', routers: [config], now: this.#now })
  }

  get #state(): RouterState {
    const [member] = this.#ensemble.members()
    assert.ok(member)
    return member.state
  }

  /** Whatever is refused changes nothing; what is accepted leaves a router that still works. */
  take({ packet, decoded }: Trial): void {
    if (packet === null) return
    this.#now = after(this.#now, milliseconds(1))
    const wakeAt = this.#ensemble.wakeAt()
    if (wakeAt !== null && wakeAt <= this.#now) {
      this.#ensemble.feed({ input: 'TimerDue', now: this.#now })
    }
    const before = this.#state
    const ttl = packet.ttl ?? 255
    const datagram = { ...packet, ttl, arrived: this.#now }
    const from = { on: 'eth0', secondPath: false, self: this.#self }
    const ear = { ...from, hmac: hmacSha256, journal, flight }
    const advert = hear(this.#here, datagram, ear)?.advert ?? null
    journal.take()
    if (advert !== null) {
      const { source } = packet
      const router = this.#here.config.name
      const heard = { input: 'AdvertReceived', router, advert, source, secondPath: false } as const
      this.#ensemble.feed({ ...heard, now: this.#now })
    }
    // Signed ones are stale by the clock of `hear`: for them the codec's own verdict stands.
    if (decoded.kind === 'rejected') assert.equal(advert, null)
    if (advert === null) assert.equal(this.#state, before)
    this.#stillWorks()
  }

  #stillWorks(): void {
    const { kind } = this.#state
    assert.ok(kind === 'master' || kind === 'backup', kind)
    const at = this.#ensemble.wakeAt()
    const most = after(this.#now, milliseconds(120_000))
    assert.ok(at !== null && at <= most, `it sleeps until ${at} at ${this.#now}`)
  }
}

const targets = new Map<RouterStatus['name'], Target>()

export function hearAsRouter(trial: Trial, config: RouterConfig): void {
  const target = targets.get(trial.router) ?? new Target(config, trial.expected.self)
  targets.set(trial.router, target)
  target.take(trial)
}

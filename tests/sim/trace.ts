import type { Instant } from '../../appliance/values/duration.ts'
import type { IpAddress } from '../../appliance/values/ip-address.ts'
import type { Advert } from '../../appliance/vrrp/advert.ts'
import type { EnsembleEffect, EnsembleInput } from '../../appliance/vrrp/ensemble.ts'
import { identity } from '../../appliance/vrrp/ensemble.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import type { RouterState } from '../../appliance/vrrp/router-state.ts'

type Heard = Pick<Advert, 'priority' | 'interval'> & {
  readonly source: IpAddress
  readonly at: Instant
}

/** What the effects of one router in one process have said so far: the invariants judge by it. */
export class Trace {
  readonly key: string
  config: RouterConfig
  state: RouterState['kind'] = 'initialize'
  held = false
  /** On the clock of the box, as all instants here. */
  changedAt: Instant
  configuredAt: Instant
  /** Its last advert that was no release. */
  spokeAt: Instant | null = null
  heard: Heard | null = null
  releaseHeardAt: Instant | null = null

  constructor(config: RouterConfig, now: Instant) {
    this.key = identity(config)
    this.config = config
    this.changedAt = now
    this.configuredAt = now
  }

  get name(): string {
    return this.config.name
  }

  hear(input: EnsembleInput & { input: 'AdvertReceived' }): void {
    const { advert, source, now, secondPath } = input
    if (advert.priority === 0) this.releaseHeardAt = now
    else if (!secondPath) {
      const { priority, interval } = advert
      this.heard = { priority, interval, source, at: now }
    }
  }

  follow(effect: EnsembleEffect, now: Instant): void {
    switch (effect.effect) {
      case 'SendAdvert':
        if (effect.priority > 0) this.spokeAt = now
        break
      case 'HoldAddresses':
        this.held = true
        break
      case 'ReleaseAddresses':
        this.held = false
        break
      case 'StateChanged':
        this.state = effect.to
        this.changedAt = now
        break
      case 'Announce':
      case 'Noticed':
        break
    }
  }
}

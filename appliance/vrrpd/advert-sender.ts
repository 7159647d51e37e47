import type { IpAddress } from '../values/ip-address.ts'
import type { UnixTime } from '../values/unix-time.ts'
import type { HmacSha256 } from '../vrrp/advert.ts'
import { encodeAdvert, sealFor } from '../vrrp/encode.ts'
import { advertisedBy } from '../vrrp/expectations.ts'
import { nextStamp, type Stamp } from '../vrrp/hmac-sequence.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'

/** Unsigned adverts are made once and sent many times. */
const mostKept = 64

/** The bytes of one router's adverts. */
export class AdvertSender {
  readonly #config: RouterConfig
  readonly #addresses: readonly IpAddress[]
  readonly #hmac: HmacSha256
  readonly #kept = new Map<string, Uint8Array>()
  #last: Stamp | null = null

  constructor(config: RouterConfig, hmac: HmacSha256) {
    this.#config = config
    this.#addresses = advertisedBy(config)
    this.#hmac = hmac
  }

  bytes(priority: number, source: IpAddress, destination: IpAddress, now: UnixTime): Uint8Array {
    const { authentication } = this.#config
    if (authentication.kind === 'hmac') return this.#make(priority, source, destination, now)
    const key = `${priority} ${source} ${destination}`
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    const made = this.#make(priority, source, destination, now)
    if (this.#kept.size >= mostKept) this.#kept.clear()
    this.#kept.set(key, made)
    return made
  }

  #make(priority: number, source: IpAddress, destination: IpAddress, now: UnixTime): Uint8Array {
    const { version, family, vrid, interval, checksum, authentication } = this.#config
    const window = authentication.kind === 'hmac' ? authentication.window : interval
    this.#last = nextStamp(this.#last, now, window)
    return encodeAdvert(
      { version, family, vrid, priority, interval, addresses: this.#addresses },
      { source, destination, checksum, seal: sealFor(authentication, this.#last, this.#hmac) },
    )
  }
}

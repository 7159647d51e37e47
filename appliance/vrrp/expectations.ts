import type { Duration } from '../values/duration.ts'
import { addressBytes, type Family, type IpAddress } from '../values/ip-address.ts'
import type { Advert, Authentication } from './advert.ts'
import { passwordBytes } from './advert-layout.ts'
import type { RouterConfig, Transport } from './router-config.ts'

/** What a router's adverts must look like; made once, since adverts come often. */
export type Expectations = {
  readonly version: 2 | 3
  readonly family: Family
  readonly vrid: number
  readonly interval: Duration
  readonly authentication: Authentication
  readonly password: Uint8Array
  readonly transport: Transport
  /** The source of our own adverts on that interface; null while there is none. */
  readonly self: IpAddress | null
  readonly addresses: readonly IpAddress[]
  /** The same, as they stand in an advert. */
  readonly addressBytes: Uint8Array
}

export function expectationsOf(config: RouterConfig, self: IpAddress | null): Expectations {
  const { version, family, vrid, interval, authentication, transport } = config
  const addresses = advertisedBy(config)
  const password = authentication.kind === 'password' ? authentication.password : ''
  return {
    version,
    family,
    vrid,
    interval,
    authentication,
    password: passwordBytes(password),
    transport,
    self,
    addresses,
    addressBytes: Uint8Array.from(addresses.flatMap(address => [...addressBytes(address)])),
  }
}

/** What the router says of itself; priority 0 when it gives up. */
export function advertOf(config: RouterConfig, priority: number): Advert {
  const { version, family, vrid, interval } = config
  return { version, family, vrid, priority, interval, addresses: advertisedBy(config) }
}

/** In the order of the configuration, which is the same on all routers: RFC 9568 5.2.9. */
export const advertisedBy = (config: RouterConfig): readonly IpAddress[] =>
  config.addresses.filter(({ advertised }) => advertised).map(({ prefix }) => prefix.address)

/** An advert on its way, as a value or as the bytes of encode.ts: both must be judged alike. */

import type { IpAddress } from '../../appliance/values/ip-address.ts'
import { type UnixTime, unixTime } from '../../appliance/values/unix-time.ts'
import type { Advert, HmacSha256 } from '../../appliance/vrrp/advert.ts'
import { decodeAdvert } from '../../appliance/vrrp/decode.ts'
import { encodeAdvert, type Seal, sealFor } from '../../appliance/vrrp/encode.ts'
import { advertOf, type Expectations, expectationsOf } from '../../appliance/vrrp/expectations.ts'
import { nextStamp, nothingHeard, type Stamp } from '../../appliance/vrrp/hmac-sequence.ts'
import type { RouterConfig, Transport } from '../../appliance/vrrp/router-config.ts'

export type Packet = {
  /** Of the router whose advert it is, wherever it is heard: see `keyOf`. */
  readonly key: string
  readonly source: IpAddress
  readonly destination: IpAddress
  /** Null: to the group. */
  readonly to: IpAddress | null
  readonly advert: Advert
  /** Null: handed over as a value. */
  readonly bytes: Uint8Array | null
}

export const keyOf = ({ family, vrid }: Pick<RouterConfig, 'family' | 'vrid'>): string =>
  `${family} ${vrid}`

const multicastGroups = { inet: '224.0.0.18', inet6: 'ff02::12' } as const

/** On a second path a release goes to the group, whatever the router's own transport is. */
export const onSecondPath = ({ family }: RouterConfig): Transport => ({
  kind: 'multicast',
  group: multicastGroups[family] as IpAddress,
})

/** What a receiver knows of a router on one of its interfaces. */
export class Ear {
  readonly config: RouterConfig
  readonly self: IpAddress | null
  readonly secondPath: boolean
  replay = nothingHeard
  #expected: Expectations | null = null

  constructor(config: RouterConfig, self: IpAddress | null, secondPath: boolean) {
    this.config = secondPath ? { ...config, transport: onSecondPath(config) } : config
    this.self = self
    this.secondPath = secondPath
  }

  get expected(): Expectations {
    this.#expected ??= expectationsOf(this.config, this.self)
    return this.#expected
  }
}

/** Writes the adverts of one router on one box. */
export class Pen {
  #last: Stamp | null = null
  #said: { readonly config: RouterConfig; readonly advert: Advert } | null = null

  advert(config: RouterConfig, priority: number): Advert {
    const said = this.#said
    if (said?.config === config && said.advert.priority === priority) return said.advert
    const advert = advertOf(config, priority)
    this.#said = { config, advert }
    return advert
  }

  seal({ authentication }: RouterConfig, now: UnixTime): Seal {
    if (authentication.kind !== 'hmac') return authentication
    this.#last = nextStamp(this.#last, now, authentication.window)
    return sealFor(authentication, this.#last, quickHmac)
  }
}

export function packets(
  advert: Advert,
  source: IpAddress,
  transport: Transport,
  how: { readonly seal: Seal; readonly config: RouterConfig; readonly asBytes: boolean },
): Packet[] {
  const destinations = transport.kind === 'multicast' ? [transport.group] : transport.peers
  const { seal, asBytes } = how
  const { checksum } = how.config
  return destinations.map(destination => ({
    key: keyOf(advert),
    source,
    destination,
    to: transport.kind === 'multicast' ? null : destination,
    advert,
    bytes: asBytes ? encodeAdvert(advert, { source, destination, checksum, seal }) : null,
  }))
}

/** Null: refused; `ear` remembers what it has heard. */
export function hear(packet: Packet, ear: Ear, now: UnixTime): Advert | null {
  if (packet.bytes === null) return hearValue(packet, ear)
  const { bytes, source, destination } = packet
  const witness = { hmac: quickHmac, now, replay: ear.replay }
  const heard = decodeAdvert(
    { payload: bytes, source, destination, ttl: 255 },
    ear.expected,
    witness,
  )
  if (heard.kind === 'rejected') return null
  ear.replay = heard.replay
  return heard.advert
}

/** As decode.ts decides, for what can differ in a run. */
function hearValue({ advert, source, to }: Packet, { config, self }: Ear): Advert | null {
  const { version, interval, transport } = config
  if (advert.version !== version || source === self) return null
  if (transport.kind === 'multicast' ? to !== null : !transport.peers.includes(source)) return null
  const near = advert.interval <= interval * 10 && advert.interval * 10 >= interval
  return (version === 2 ? advert.interval === interval : near) ? advert : null
}

/** Not the real one, which would be most of a run: nobody here looks for collisions. */
const quickHmac: HmacSha256 = (secret, message) => {
  let sum = 0x811c9dc5
  for (const part of [secret, message]) {
    for (const byte of part) sum = Math.imul(sum ^ byte, 0x01000193)
  }
  const whole = new Uint8Array(32)
  new DataView(whole.buffer).setUint32(0, sum)
  return whole
}

/** The wall clock of a box that is wrong by `skew`. */
export const wallClock = (time: number, skew: number): UnixTime =>
  unixTime(1_795_262_400_000 + time + skew)

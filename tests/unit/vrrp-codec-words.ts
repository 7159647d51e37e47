import { createHmac } from 'node:crypto'
import { milliseconds, seconds } from '../../appliance/values/duration.ts'
import { type Family, type IpAddress, ipAddress } from '../../appliance/values/ip-address.ts'
import { unixTime } from '../../appliance/values/unix-time.ts'
import type { HmacAuthentication, HmacSha256 } from '../../appliance/vrrp/advert.ts'
import type { Accepted, decodeAdvert } from '../../appliance/vrrp/decode.ts'
import type { Envelope } from '../../appliance/vrrp/encode.ts'
import { nothingHeard } from '../../appliance/vrrp/hmac-sequence.ts'
import type { Witness } from '../../appliance/vrrp/hmac-trailer.ts'
import type { Rejected, RejectionReason } from '../../appliance/vrrp/rejection.ts'
import type { RouterConfig, Transport } from '../../appliance/vrrp/router-config.ts'

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A copy with nothing before or behind it, as a socket's buffer would not be. */
export const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))

export const hmacSha256: HmacSha256 = (secret, message) =>
  createHmac('sha256', secret).update(message).digest()

/** 2026-11-21, a quarter of a second after noon. */
export const noon = unixTime(1_795_262_400_250)

export const witness: Witness = { hmac: hmacSha256, now: noon, replay: nothingHeard }

export const keyOne = { id: 1, secret: unhex('00'.repeat(32)) }
export const keyTwo = { id: 2, secret: unhex('ab'.repeat(64)) }

export const signedBy = (
  mode: HmacAuthentication['mode'],
  changes: Partial<HmacAuthentication> = {},
): HmacAuthentication => ({
  kind: 'hmac',
  keys: [keyOne, keyTwo],
  activeKey: 1,
  mode,
  window: seconds(5),
  ...changes,
})

export const group = { inet: ipAddress('224.0.0.18'), inet6: ipAddress('ff02::12') }

export const multicast = (family: Family): Transport => ({
  kind: 'multicast',
  group: group[family],
})

export const unicast = (peers: readonly string[], leastTtl = 255): Transport => ({
  kind: 'unicast',
  peers: peers.map(ipAddress),
  leastTtl,
  ttl: 255,
})

/** A router of v3 over IPv4, alone on eth0. */
export const router = (
  changes: Omit<Partial<RouterConfig>, 'addresses'> & { addresses?: readonly string[] } = {},
): RouterConfig => {
  const family = changes.family ?? 'inet'
  const { addresses = family === 'inet' ? ['192.0.2.100'] : ['fe80::100'], ...others } = changes
  return {
    name: 'lan',
    interface: 'eth0',
    vrid: 51,
    version: 3,
    family,
    priority: 100,
    interval: milliseconds(100),
    downAfter: 3,
    preempt: true,
    preemptDelay: milliseconds(0),
    startDelay: milliseconds(0),
    handover: 'at-once',
    transport: multicast(family),
    source: null,
    authentication: { kind: 'none' },
    checksum: 'with-pseudo-header',
    routes: [],
    rules: [],
    announcing: {
      repeat: 5,
      delay: seconds(5),
      refresh: null,
      spacing: milliseconds(0),
    },
    tracks: [],
    syncGroup: null,
    virtualMac: false,
    secondPaths: [],
    addresses: addresses.map(text => ({
      prefix: { address: ipAddress(text), length: family === 'inet' ? 24 : 64 },
      interface: null,
      label: null,
      scope: 'global',
      advertised: true,
    })),
    ...others,
  }
}

export const peer = { inet: ipAddress('192.0.2.1'), inet6: ipAddress('fe80::1') }
export const self = { inet: ipAddress('192.0.2.2'), inet6: ipAddress('fe80::2') }

export const envelope = (changes: Partial<Envelope> = {}): Envelope => ({
  source: peer.inet,
  destination: group.inet,
  checksum: 'with-pseudo-header',
  seal: { kind: 'none' },
  ...changes,
})

/** The reason of a rejection, or that there was none. */
export const verdict = (decoded: Accepted | Rejected): RejectionReason | 'accepted' =>
  decoded.kind === 'rejected' ? decoded.reason : 'accepted'

export const accepted = (decoded: ReturnType<typeof decodeAdvert>): Accepted => {
  if (decoded.kind === 'advert') return decoded
  throw new Error(`refused with ${decoded.reason}: ${decoded.detail}`)
}

export const addresses = (...texts: string[]): IpAddress[] => texts.map(ipAddress)

import { seconds } from '../../appliance/values/duration.ts'
import type { RejectionReason } from '../../appliance/vrrp/rejection.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import type { Draft, Trailer } from './vrrp-codec-drafts.ts'
import { keyOne, keyTwo, router, signedBy, unicast } from './vrrp-codec-words.ts'

/** Routers that differ in what they check. */
export const routers = {
  v2: router({ version: 2, interval: seconds(1) }),
  v2Password: router({
    version: 2,
    interval: seconds(1),
    authentication: { kind: 'password', password: 'secret' },
  }),
  v3: router(),
  v3Signed: router({ authentication: signedBy('enforce') }),
  v3Unicast: router({ transport: unicast(['192.0.2.1', '198.51.100.1'], 64) }),
  v6: router({ family: 'inet6' }),
  v6Signed: router({ family: 'inet6', authentication: signedBy('enforce') }),
} satisfies Record<string, RouterConfig>

export type RouterName = keyof typeof routers

const every = Object.keys(routers) as RouterName[]
const inet = every.filter(name => routers[name].family === 'inet')
const version2: RouterName[] = ['v2', 'v2Password']
const version3 = every.filter(name => routers[name].version === 3)
const signed: RouterName[] = ['v3Signed', 'v6Signed']

export type Rung = {
  readonly name: string
  readonly reason: RejectionReason
  readonly routers: readonly RouterName[]
  readonly spoil: Spoil
}

type Spoil = (draft: Draft) => void

/** Each draft gets its own copy: another rung may change it further. */
const set =
  (changes: Partial<Draft>): Spoil =>
  draft => {
    Object.assign(draft, structuredClone(changes))
  }
const setIp =
  (changes: Partial<Draft['ip']>): Spoil =>
  draft => {
    Object.assign(draft.ip, changes)
  }
const setTiming =
  (index: 0 | 1, value: number): Spoil =>
  draft => {
    draft.timing[index] = value
  }
const setTrailer =
  (changes: Partial<Trailer>): Spoil =>
  draft => {
    if (draft.trailer !== null) Object.assign(draft.trailer, changes)
  }

/** One way to make an advert wrong for each rung, and some rungs have several. */
export const rungs: readonly Rung[] = [
  {
    name: 'refuses/ip-header',
    reason: 'ip-header',
    routers: inet,
    spoil: setIp({ version: 6 }),
  },
  {
    name: 'refuses/ip-length: more announced than received',
    reason: 'ip-length',
    routers: inet,
    spoil: setIp({ total: 1500 }),
  },
  {
    name: 'refuses/ip-length: less than its own header',
    reason: 'ip-length',
    routers: inet,
    spoil: setIp({ total: 19 }),
  },
  {
    name: 'refuses/ip-fragment: more follow',
    reason: 'ip-fragment',
    routers: inet,
    spoil: setIp({ fragment: 0x2000 }),
  },
  {
    name: 'refuses/ip-fragment: not the first',
    reason: 'ip-fragment',
    routers: inet,
    spoil: setIp({ fragment: 1 }),
  },
  {
    name: 'refuses/ip-protocol: IPsec AH',
    reason: 'ip-protocol',
    routers: inet,
    spoil: setIp({ protocol: 51 }),
  },
  {
    name: 'refuses/too-short',
    reason: 'too-short',
    routers: every,
    spoil: set({ length: 7 }),
  },
  {
    name: 'refuses/too-short: nothing at all',
    reason: 'too-short',
    routers: every,
    spoil: set({ length: 0 }),
  },
  {
    name: 'refuses/ttl',
    reason: 'ttl',
    routers: every.filter(name => name !== 'v3Unicast'),
    spoil: set({ ttl: 254 }),
  },
  {
    name: 'refuses/ttl: too many hops for a unicast router',
    reason: 'ttl',
    routers: ['v3Unicast'],
    spoil: set({ ttl: 63 }),
  },
  ...[0, 1, 4].map(version => ({
    name: `refuses/version: ${version}`,
    reason: 'version' as const,
    routers: every,
    spoil: set({ version }),
  })),
  {
    name: 'refuses/version: 3 to a v2 router',
    reason: 'version',
    routers: version2,
    spoil: set({ version: 3 }),
  },
  {
    name: 'refuses/version: 2 to a v3 router',
    reason: 'version',
    routers: version3,
    spoil: set({ version: 2 }),
  },
  {
    name: 'refuses/type',
    reason: 'type',
    routers: every,
    spoil: set({ type: 2 }),
  },
  {
    name: 'refuses/type: 0',
    reason: 'type',
    routers: every,
    spoil: set({ type: 0 }),
  },
  {
    name: 'refuses/vrid',
    reason: 'vrid',
    routers: every,
    spoil: set({ vrid: 52 }),
  },
  {
    name: 'refuses/vrid: 0',
    reason: 'vrid',
    routers: every,
    spoil: set({ vrid: 0 }),
  },
  {
    name: 'refuses/unexpected-multicast',
    reason: 'unexpected-multicast',
    routers: ['v3Unicast'],
    spoil: set({ destination: '224.0.0.18' }),
  },
  {
    name: 'refuses/unexpected-unicast',
    reason: 'unexpected-unicast',
    routers: every.filter(name => name !== 'v3Unicast'),
    spoil: draft => {
      draft.destination = draft.source.includes(':') ? 'fe80::2' : '192.0.2.2'
    },
  },
  {
    name: 'refuses/other-group',
    reason: 'other-group',
    routers: every.filter(name => name !== 'v3Unicast'),
    spoil: draft => {
      draft.destination = draft.source.includes(':') ? 'ff02::13' : '224.0.0.19'
    },
  },
  {
    name: 'refuses/own-source',
    reason: 'own-source',
    routers: every,
    spoil: draft => {
      draft.source = draft.source.includes(':') ? 'fe80::2' : '192.0.2.2'
    },
  },
  {
    name: 'refuses/source-not-link-local',
    reason: 'source-not-link-local',
    routers: ['v6', 'v6Signed'],
    spoil: set({ source: '2001:db8::1' }),
  },
  {
    name: 'refuses/source-not-a-peer',
    reason: 'source-not-a-peer',
    routers: ['v3Unicast'],
    spoil: set({ source: '192.0.2.3' }),
  },
  {
    name: 'refuses/no-addresses',
    reason: 'no-addresses',
    routers: every,
    spoil: set({ count: 0 }),
  },
  {
    name: 'refuses/no-addresses: and none follow',
    reason: 'no-addresses',
    routers: every,
    spoil: set({ count: 0, addresses: [] }),
  },
  {
    name: 'refuses/truncated',
    reason: 'truncated',
    routers: every,
    spoil: set({ count: 255 }),
  },
  {
    name: 'refuses/truncated: without the authentication data of v2',
    reason: 'truncated',
    routers: version2,
    spoil: set({ length: 12 }),
  },
  {
    name: 'refuses/too-long',
    reason: 'too-long',
    routers: every,
    spoil: draft => {
      draft.tail += '00'.repeat(40)
    },
  },
  {
    name: 'refuses/too-long: signed, and we have no key',
    reason: 'too-long',
    routers: every.filter(name => !signed.includes(name)),
    spoil: set({ trailer: { kind: 1, key: 1, reserved: 0, age: 0, secret: keyOne.secret } }),
  },
  {
    name: 'refuses/checksum',
    reason: 'checksum',
    routers: every,
    spoil: set({ checksumError: 1 }),
  },
  {
    name: 'refuses/checksum: v2 with a pseudo header',
    reason: 'checksum',
    routers: version2,
    spoil: set({ withPseudoHeader: true }),
  },
  {
    name: 'refuses/checksum: IPv6 without a pseudo header',
    reason: 'checksum',
    routers: ['v6', 'v6Signed'],
    spoil: set({ withPseudoHeader: false }),
  },
  {
    name: 'refuses/auth-type-unknown',
    reason: 'auth-type-unknown',
    routers: version2,
    spoil: setTiming(0, 3),
  },
  {
    name: 'refuses/auth-type-mismatch: a password, and we have none',
    reason: 'auth-type-mismatch',
    routers: ['v2'],
    spoil: setTiming(0, 1),
  },
  {
    name: 'refuses/auth-type-mismatch: no password, and we have one',
    reason: 'auth-type-mismatch',
    routers: ['v2Password'],
    spoil: setTiming(0, 0),
  },
  {
    name: 'refuses/auth-type-mismatch: IPsec AH',
    reason: 'auth-type-mismatch',
    routers: version2,
    spoil: setTiming(0, 2),
  },
  {
    name: 'refuses/wrong-password',
    reason: 'wrong-password',
    routers: ['v2Password'],
    spoil: set({ password: Buffer.from('secreT\0\0').toString('hex') }),
  },
  {
    name: 'refuses/wrong-password: ours and more',
    reason: 'wrong-password',
    routers: ['v2Password'],
    spoil: set({ password: Buffer.from('secret12').toString('hex') }),
  },
  {
    name: 'refuses/hmac-missing',
    reason: 'hmac-missing',
    routers: signed,
    spoil: set({ trailer: null }),
  },
  {
    name: 'refuses/hmac-malformed: another kind',
    reason: 'hmac-malformed',
    routers: signed,
    spoil: setTrailer({ kind: 2 }),
  },
  {
    name: 'refuses/hmac-malformed: reserved bits',
    reason: 'hmac-malformed',
    routers: signed,
    spoil: setTrailer({ reserved: 1 }),
  },
  {
    name: 'refuses/hmac-stale: too old',
    reason: 'hmac-stale',
    routers: signed,
    spoil: setTrailer({ age: 6 }),
  },
  {
    name: 'refuses/hmac-stale: of the future',
    reason: 'hmac-stale',
    routers: signed,
    spoil: setTrailer({ age: -6 }),
  },
  {
    name: 'refuses/hmac-unknown-key',
    reason: 'hmac-unknown-key',
    routers: signed,
    spoil: setTrailer({ key: 3 }),
  },
  {
    name: 'refuses/hmac-wrong',
    reason: 'hmac-wrong',
    routers: signed,
    spoil: setTrailer({ secret: keyTwo.secret }),
  },
  {
    name: 'refuses/interval-mismatch',
    reason: 'interval-mismatch',
    routers: version2,
    spoil: setTiming(1, 2),
  },
  {
    name: 'refuses/interval-mismatch: 0',
    reason: 'interval-mismatch',
    routers: version2,
    spoil: setTiming(1, 0),
  },
  {
    name: 'refuses/interval-zero',
    reason: 'interval-zero',
    routers: version3,
    spoil: set({ timing: [0, 0] }),
  },
  {
    name: 'refuses/interval-zero: with reserved bits',
    reason: 'interval-zero',
    routers: version3,
    spoil: set({ timing: [0xf0, 0] }),
  },
  {
    name: 'refuses/interval-implausible: 40.95 s to 0.1 s',
    reason: 'interval-implausible',
    routers: version3,
    spoil: set({ timing: [0x0f, 0xff] }),
  },
  {
    name: 'refuses/interval-implausible: 1.01 s to 0.1 s',
    reason: 'interval-implausible',
    routers: version3,
    spoil: set({ timing: [0, 101] }),
  },
]

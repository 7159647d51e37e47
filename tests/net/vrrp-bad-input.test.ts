import assert from 'node:assert/strict'
import { test } from 'node:test'
import { milliseconds, seconds } from '../../appliance/values/duration.ts'
import { type Forgery, fire, forge } from '../lab/namespaces/forge.ts'
import { besieged, type RouterName, secret } from './vrrp-besieged.ts'

type Row = {
  readonly name: string
  readonly router: RouterName
  /** Each has priority 254: whoever believes one of them steps down. */
  readonly forgeries: readonly Forgery[]
  /** Null: it does not come as far as a router. */
  readonly reason: string | null
}

const password = { vrid: 54, version: 2, interval: seconds(1), authType: 1, password: 'secret' }
const plain2 = { vrid: 55, version: 2, interval: seconds(1) }
const hmac = { vrid: 56, addresses: ['192.0.2.106'] }
const six = { vrid: 52, addresses: ['2001:db8::100'] }
const hour = 3_600_000

const rows: readonly Row[] = [
  {
    name: 'fewer bytes than the fixed ones',
    router: 'V4',
    forgeries: [{ cut: 2 }, { cut: 7 }],
    reason: 'too-short',
  },
  {
    name: 'fewer bytes than it announces addresses',
    router: 'V4',
    forgeries: [{ count: 255 }, { count: 2 }, { cut: 11 }],
    reason: 'truncated',
  },
  {
    name: 'more bytes than its addresses need',
    router: 'V4',
    forgeries: [{ behind: Buffer.alloc(28) }, { behind: Buffer.alloc(1400, 7) }],
    reason: 'too-long',
  },
  { name: 'no addresses', router: 'V4', forgeries: [{ addresses: [] }], reason: 'no-addresses' },
  {
    name: 'a wrong checksum: none, any, that of another destination, behind IP options',
    router: 'V4',
    forgeries: [
      { checksum: 0 },
      { checksum: 0x1234 },
      { checksum: 0x1234, ipOptions: Buffer.from('94040000', 'hex') },
      { addresses: ['2001:db8::100'], source: '192.0.2.66', count: 1 },
    ],
    reason: 'checksum',
  },
  {
    name: 'versions 0, 1, 2, 4 and 15',
    router: 'V4',
    forgeries: [0, 1, 2, 4, 15].map(version => ({ version })),
    reason: 'version',
  },
  {
    name: 'types that are no advert',
    router: 'V4',
    forgeries: [0, 2, 15].map(type => ({ type })),
    reason: 'type',
  },
  {
    name: 'another TTL than 255',
    router: 'V4',
    forgeries: [{ ttl: 254 }, { ttl: 64 }, { ttl: 1 }],
    reason: 'ttl',
  },
  {
    name: 'an interval of 0',
    router: 'V4',
    forgeries: [{ interval: seconds(0) }],
    reason: 'interval-zero',
  },
  {
    name: 'intervals of which one would blind the pair for minutes',
    router: 'V4',
    forgeries: [40_950, 10_000, 1010].map(ms => ({ interval: milliseconds(ms) })),
    reason: 'interval-implausible',
  },
  { name: 'no bytes at all', router: 'V4', forgeries: [{ cut: 0 }, { cut: 1 }], reason: null },
  { name: 'VRIDs of nobody', router: 'V4', forgeries: [{ vrid: 0 }, { vrid: 99 }], reason: null },
  { name: 'IPsec AH, protocol 51', router: 'V4', forgeries: [{ protocol: 51 }], reason: null },
  {
    name: 'another multicast group',
    router: 'V4',
    forgeries: [{ destination: '224.0.0.99' }],
    reason: null,
  },

  {
    name: 'IPv6: a source that is not link-local',
    router: 'V6',
    forgeries: [{ ...six, source: '2001:db8::66' }],
    reason: 'source-not-link-local',
  },
  {
    name: 'IPv6: a wrong checksum',
    router: 'V6',
    forgeries: [
      { ...six, checksum: 0 },
      { ...six, checksum: 'without-pseudo-header' },
    ],
    reason: 'checksum',
  },
  {
    name: 'IPv6: too few bytes',
    router: 'V6',
    forgeries: [
      { ...six, count: 255 },
      { ...six, cut: 20 },
    ],
    reason: 'truncated',
  },
  {
    name: 'IPv6: too many bytes',
    router: 'V6',
    forgeries: [
      { ...six, behind: Buffer.alloc(2) },
      { ...six, behind: Buffer.alloc(28) },
    ],
    reason: 'too-long',
  },
  {
    name: 'IPv6: an interval of 0',
    router: 'V6',
    forgeries: [{ ...six, interval: seconds(0) }],
    reason: 'interval-zero',
  },
  {
    name: 'IPv6: another hop limit than 255',
    router: 'V6',
    forgeries: [{ ...six, ttl: 64 }],
    reason: 'ttl',
  },

  {
    name: 'multicast to a unicast router',
    router: 'UNICAST',
    forgeries: [{ vrid: 53, source: '192.0.2.2' }],
    reason: null,
  },

  {
    name: 'v2: other kinds of authentication than ours',
    router: 'PASS',
    forgeries: [0, 2].map(authType => ({ ...password, authType })),
    reason: 'auth-type-mismatch',
  },
  {
    name: 'v2: kinds of authentication that nobody has defined',
    router: 'PASS',
    forgeries: [3, 255].map(authType => ({ ...password, authType })),
    reason: 'auth-type-unknown',
  },
  {
    name: 'v2: wrong passwords',
    router: 'PASS',
    forgeries: ['', 'secre', 'secrets', 'SECRET'].map(text => ({ ...password, password: text })),
    reason: 'wrong-password',
  },
  {
    name: 'v2: other intervals than ours',
    router: 'PASS',
    forgeries: [0, 2, 255].map(s => ({ ...password, interval: seconds(s) })),
    reason: 'interval-mismatch',
  },
  {
    name: 'v2: without the field for the password',
    router: 'PASS',
    forgeries: [{ ...password, cut: 12 }],
    reason: 'truncated',
  },
  {
    name: 'v2: a password where there is none',
    router: 'V2',
    forgeries: [{ ...plain2, authType: 1, password: 'secret' }],
    reason: 'auth-type-mismatch',
  },
  {
    name: 'v2: version 3 to version 2',
    router: 'V2',
    forgeries: [{ ...plain2, version: 3 }],
    reason: 'version',
  },

  { name: 'HMAC: unsigned', router: 'HMAC', forgeries: [hmac], reason: 'hmac-missing' },
  {
    name: 'HMAC: a trailer of another kind',
    router: 'HMAC',
    forgeries: [{ ...hmac, signed: { secret, kind: 2 } }],
    reason: 'hmac-malformed',
  },
  {
    name: 'HMAC: signed an hour ago, or in an hour',
    router: 'HMAC',
    forgeries: [-hour, hour].map(shift => ({
      ...hmac,
      signed: { secret, at: Date.now() + shift },
    })),
    reason: 'hmac-stale',
  },
  {
    name: 'HMAC: a key that we do not have',
    router: 'HMAC',
    forgeries: [{ ...hmac, signed: { secret, key: 2 } }],
    reason: 'hmac-unknown-key',
  },
  {
    name: 'HMAC: another secret',
    router: 'HMAC',
    forgeries: [{ ...hmac, signed: { secret: secret.toUpperCase() } }],
    reason: 'hmac-wrong',
  },
]

test('what is no advert for us is dropped, counted by reason, and moves nobody', async t => {
  const { stranger, arrived, rejected, unmoved } = await besieged(t)

  for (const { name, router, forgeries, reason } of rows) {
    const both = async (least: readonly number[]) =>
      reason === null
        ? []
        : [
            await rejected('one', router, reason, least[0]!),
            await rejected('two', router, reason, least[1]!),
          ]

    await t.test(`${router}: ${name}`, () =>
      unmoved(async () => {
        const before = await both([0, 0])
        await fire(stranger, { frames: forgeries.map(forge) })
        const due = before.map(count => count + forgeries.length)
        assert.deepEqual(await both(due), due)
        if (reason === null) await arrived()
      }, 2),
    )
  }
})

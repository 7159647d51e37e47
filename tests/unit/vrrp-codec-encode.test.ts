import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { milliseconds, seconds } from '../../appliance/values/duration.ts'
import { addressSize, ipAddress, ipAddressFrom } from '../../appliance/values/ip-address.ts'
import type { Advert } from '../../appliance/vrrp/advert.ts'
import { checksumOf, isRight, wordSum } from '../../appliance/vrrp/checksum.ts'
import { decodeAdvert } from '../../appliance/vrrp/decode.ts'
import { type Envelope, encodeAdvert, type Seal } from '../../appliance/vrrp/encode.ts'
import { advertOf, expectationsOf } from '../../appliance/vrrp/expectations.ts'
import { stampAt } from '../../appliance/vrrp/hmac-sequence.ts'
import {
  accepted,
  addresses,
  envelope,
  group,
  hex,
  hmacSha256,
  keyOne,
  noon,
  peer,
  router,
  self,
  signedBy,
  unhex,
  witness,
} from './vrrp-codec-words.ts'

const advert = (changes: Partial<Advert> = {}): Advert => ({
  version: 3,
  family: 'inet',
  vrid: 51,
  priority: 100,
  interval: milliseconds(100),
  addresses: addresses('192.0.2.100'),
  ...changes,
})

const v2 = { version: 2, interval: seconds(1) } as const

test('encode/v3: the checksum is without a pseudo header on request', () => {
  const sent = encodeAdvert(advert(), envelope({ checksum: 'without-pseudo-header' }))
  // RFC 1071 by hand: 3133 + 6401 + 000a + c000 + 0264 = 157a2, folded 57a3.
  assert.equal(hex(sent), '31336401000aa85cc0000264')
})

test('encode/carries of the checksum are added until none is left', () => {
  const words = unhex('ffffffff0001') // 1ffff, then 10000, then 1
  assert.equal(checksumOf(wordSum(words, 6)), 0xfffe)
  assert.equal(isRight(wordSum(unhex('ffffffff0001fffe'), 8)), true)
})

test('encode/v2: the checksum is without a pseudo header whatever is requested', () => {
  const plain = encodeAdvert(advert(v2), envelope({ checksum: 'without-pseudo-header' }))
  assert.deepEqual(encodeAdvert(advert(v2), envelope()), plain)
})

test('encode/v3: the checksum over IPv6 has a pseudo header whatever is requested', () => {
  const six = advert({ family: 'inet6', addresses: addresses('fe80::100') })
  const path = { source: peer.inet6, destination: group.inet6 }
  const plain = encodeAdvert(six, envelope({ ...path, checksum: 'without-pseudo-header' }))
  assert.deepEqual(encodeAdvert(six, envelope(path)), plain)
  const elsewhere = envelope({ ...path, destination: ipAddress('ff02::13') })
  assert.notDeepEqual(encodeAdvert(six, elsewhere), plain)
})

test('encode/v3: the reserved bits are zero', () => {
  const sent = encodeAdvert(advert({ interval: milliseconds(40_950) }), envelope())
  assert.equal(hex(sent.subarray(4, 6)), '0fff')
})

test('encode/v2: the authentication data are zeros without a password', () => {
  assert.equal(hex(encodeAdvert(advert(v2), envelope()).subarray(12)), '00'.repeat(8))
})

test('encode/v2: a password is cut off after eight bytes, as keepalived does', () => {
  const seal: Seal = { kind: 'password', password: 'correct horse' }
  const sent = encodeAdvert(advert(v2), envelope({ seal }))
  assert.equal(Buffer.from(sent.subarray(12)).toString(), 'correct ')
  assert.equal(sent[4], 1)
})

test('encode/an interval is rounded to what can be said', () => {
  // 2.01 s in milliseconds is 2009.9999999999998.
  const sent = encodeAdvert(advert({ interval: seconds(2.01) }), envelope())
  assert.equal(hex(sent.subarray(4, 6)), '00c9')
})

const impossible: readonly [what: string, advert: Advert, says: RegExp][] = [
  ['VRID 0', advert({ vrid: 0 }), /VRID is 0, and can be 1 to 255/],
  ['VRID 256', advert({ vrid: 256 }), /VRID is 256/],
  ['priority 256', advert({ priority: 256 }), /priority is 256, and can be 0 to 255/],
  ['priority 1.5', advert({ priority: 1.5 }), /priority is 1.5/],
  ['no address', advert({ addresses: [] }), /number of addresses is 0, and can be 1 to 255/],
  ['interval 0', advert({ interval: milliseconds(0) }), /interval in units of 10 ms is 0/],
  ['interval 41 s', advert({ interval: seconds(41) }), /is 4100, and can be 1 to 4095/],
  ['v2 interval 0.1 s', advert({ version: 2 }), /interval in units of 1000 ms is 0/],
  ['v2 interval 256 s', advert({ version: 2, interval: seconds(256) }), /is 256, and .* to 255/],
  ['the other family', advert({ addresses: addresses('fe80::1') }), /fe80::1 is not inet/],
  ['v2 over IPv6', advert({ ...v2, family: 'inet6' }), /VRRPv2 knows IPv4 only/],
]

test('encode/what cannot be said on the wire is refused', () => {
  for (const [what, wrong, says] of impossible) {
    assert.throws(() => encodeAdvert(wrong, envelope()), says, what)
  }
  const seal: Seal = { kind: 'password', password: 'secret' }
  assert.throws(() => encodeAdvert(advert(), envelope({ seal })), /password is possible in VRRPv2/)
})

test('encode/the advert of a router says what its configuration says', () => {
  const config = router({ vrid: 7, interval: seconds(1), addresses: ['192.0.2.9', '192.0.2.8'] })
  const [first, second] = config.addresses
  const partly = { ...config, addresses: [first!, { ...second!, advertised: false }] }
  assert.deepEqual(advertOf(partly, 0), {
    version: 3,
    family: 'inet',
    vrid: 7,
    priority: 0,
    interval: 1000,
    addresses: ['192.0.2.9'],
  })
})

const byte = (min: number) => fc.integer({ min, max: 255 })
const anyAddresses = (family: 'inet' | 'inet6') => {
  const size = addressSize(family)
  const bytes = fc.uint8Array({ minLength: size, maxLength: size })
  return fc.array(bytes.map(ipAddressFrom), { minLength: 1, maxLength: 20 })
}

const anySeal = fc.constantFrom<Seal>(
  { kind: 'none' },
  { kind: 'hmac', key: keyOne, stamp: stampAt(noon), hmac: hmacSha256 },
)

const anyV2 = fc.record<Advert & { seal: Seal }>({
  version: fc.constant(2),
  family: fc.constant('inet'),
  vrid: byte(1),
  priority: byte(0),
  interval: byte(1).map(seconds),
  addresses: anyAddresses('inet'),
  seal: fc.oneof(
    anySeal,
    fc.record({ kind: fc.constant('password' as const), password: fc.string({ maxLength: 10 }) }),
  ),
})

const anyV3 = fc.constantFrom('inet' as const, 'inet6' as const).chain(family =>
  fc.record<Advert & { seal: Seal }>({
    version: fc.constant(3),
    family: fc.constant(family),
    vrid: byte(1),
    priority: byte(0),
    interval: fc.integer({ min: 1, max: 4095 }).map(n => milliseconds(n * 10)),
    addresses: anyAddresses(family),
    seal: anySeal,
  }),
)

test('encode/what is encoded is decoded to the same', () => {
  const form = fc.constantFrom('with-pseudo-header' as const, 'without-pseudo-header' as const)
  fc.assert(
    fc.property(fc.oneof(anyV2, anyV3), form, ({ seal, ...said }, checksum) => {
      const { family, vrid, version, interval } = said
      const path = { source: peer[family], destination: group[family] }
      const sealed: Envelope = { ...path, checksum, seal }
      const payload = encodeAdvert(said, sealed)
      const authentication = seal.kind === 'hmac' ? signedBy('enforce') : seal
      const config = router({ family, vrid, version, interval, authentication })
      const expected = expectationsOf(config, self[family])
      const decoded = accepted(decodeAdvert({ ...path, payload, ttl: 255 }, expected, witness))
      assert.deepEqual(decoded.advert, said)
      assert.equal(decoded.signed !== null, seal.kind === 'hmac')
      const again = { ...sealed, checksum: decoded.checksumForm }
      assert.deepEqual(encodeAdvert(decoded.advert, again), payload)
    }),
    { numRuns: 500 },
  )
})

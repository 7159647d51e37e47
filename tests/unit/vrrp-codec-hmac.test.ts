import assert from 'node:assert/strict'
import { test } from 'node:test'
import { milliseconds, seconds } from '../../appliance/values/duration.ts'
import { familyOf, ipAddress } from '../../appliance/values/ip-address.ts'
import { type UnixTime, unixTime } from '../../appliance/values/unix-time.ts'
import type { ChecksumForm, HmacAuthentication } from '../../appliance/vrrp/advert.ts'
import { decodeAdvert } from '../../appliance/vrrp/decode.ts'
import { encodeAdvert, sealFor } from '../../appliance/vrrp/encode.ts'
import { advertOf, expectationsOf } from '../../appliance/vrrp/expectations.ts'
import {
  isReplay,
  nextStamp,
  nothingHeard,
  type ReplayMemory,
  remember,
  type Stamp,
  skewOf,
  stampAt,
} from '../../appliance/vrrp/hmac-sequence.ts'
import {
  accepted,
  envelope,
  group,
  hex,
  hmacSha256,
  keyOne,
  keyTwo,
  noon,
  peer,
  router,
  self,
  signedBy,
  unhex,
  verdict,
  witness,
} from './vrrp-codec-words.ts'

const after = (time: UnixTime, ms: number): UnixTime => unixTime(time + ms)

/** The vectors in the appendix of draft-cassen-vrrp-auth-hmac-01: key 00 01 02 .. 1f, VRID 51. */
const vectors = [
  {
    name: 'hmac/vector of the draft for IPv4',
    source: '198.51.100.10',
    destination: '224.0.0.18', // not in the checksum
    virtual: '192.0.2.100',
    payload:
      '3133c80100644402c0000264' + '010100006800000080000000' + '1b84bc4e8e43892dc6d98448f8ee2265',
  },
  {
    name: 'hmac/vector of the draft for IPv6',
    source: 'fe80::10',
    destination: 'fe80::20',
    virtual: 'fe80::100',
    payload:
      '3133c8010064a2e9fe800000000000000000000000000100' +
      '010100006800000080000000' +
      'c8c56146ebfd66ee10ec4d8186461b78',
  },
]

const draftStamp: Stamp = { seconds: 0x6800_0000, fine: 0x8000_0000 }
const draftTime = unixTime(0x6800_0000 * 1000 + 500)
const draftKey = { id: 1, secret: Uint8Array.from({ length: 32 }, (_, index) => index) }

for (const vector of vectors) {
  test(vector.name, () => {
    const [source, destination] = [ipAddress(vector.source), ipAddress(vector.destination)]
    const authentication = signedBy('enforce', { keys: [draftKey] })
    const transport = vector.destination.startsWith('224')
      ? { kind: 'multicast' as const, group: destination }
      : { kind: 'unicast' as const, peers: [source], leastTtl: 255, ttl: 255 }
    const config = router({
      family: familyOf(source),
      interval: seconds(1),
      addresses: [vector.virtual],
      authentication,
      transport,
    })
    const seal = sealFor(authentication, draftStamp, hmacSha256)
    const checksum = 'without-pseudo-header'
    const sent = encodeAdvert(advertOf(config, 200), { source, destination, checksum, seal })
    assert.equal(hex(sent), vector.payload)

    const packet = { payload: unhex(vector.payload), source, destination, ttl: 255 }
    const here = { ...witness, now: after(draftTime, 20) }
    const decoded = accepted(decodeAdvert(packet, expectationsOf(config, null), here))
    assert.deepEqual(decoded.signed, { key: 1, skew: 20 })
  })
}

type Receiver = { authentication: HmacAuthentication; now?: UnixTime; replay?: ReplayMemory }

/** An advert from a sender with this authentication, signed at this time, is received. */
const exchange = (
  sender: HmacAuthentication | { kind: 'none' },
  { authentication, now = noon, replay = nothingHeard }: Receiver,
  { signedAt = noon, source = peer.inet, tamper = (_: Uint8Array) => {} } = {},
) => {
  const config = router({ authentication: sender })
  const seal = sealFor(sender, stampAt(signedAt), hmacSha256)
  const payload = encodeAdvert(advertOf(config, 200), envelope({ source, seal }))
  tamper(payload)
  const expected = expectationsOf({ ...config, authentication }, self.inet)
  const packet = { payload, source, destination: group.inet, ttl: 255 }
  return decodeAdvert(packet, expected, { ...witness, now, replay })
}

const enforce = signedBy('enforce')

test('hmac/mode decides who signs and who is taken', () => {
  const signs = { enforce: true, permissive: true, 'receive-only': false }
  const takesUnsigned = { enforce: false, permissive: true, 'receive-only': true }
  const modes = ['enforce', 'permissive', 'receive-only'] as const
  for (const from of modes) {
    for (const to of modes) {
      const decoded = exchange(signedBy(from), { authentication: signedBy(to) })
      const taken = signs[from] || takesUnsigned[to]
      assert.equal(verdict(decoded), taken ? 'accepted' : 'hmac-missing', `${from} to ${to}`)
      if (taken) assert.equal(accepted(decoded).signed !== null, signs[from])
    }
  }
})

test('hmac/permissive never takes a wrong signature', () => {
  const sender = signedBy('enforce', { keys: [{ id: 1, secret: keyTwo.secret }] })
  for (const mode of ['permissive', 'receive-only'] as const) {
    assert.equal(verdict(exchange(sender, { authentication: signedBy(mode) })), 'hmac-wrong')
  }
})

test('hmac/keys are exchanged without a gap', () => {
  const [one, two] = [{ keys: [keyOne] }, { keys: [keyTwo], activeKey: 2 }]
  const steps = [
    signedBy('enforce', one),
    signedBy('enforce', { ...one, keys: [keyOne, keyTwo] }),
    signedBy('enforce', { ...two, keys: [keyOne, keyTwo] }),
    signedBy('enforce', two),
  ]
  for (const [index, before] of steps.slice(0, -1).entries()) {
    const next = steps[index + 1]!
    accepted(exchange(before, { authentication: next }))
    accepted(exchange(next, { authentication: before }))
  }
  const tooFast = exchange(steps[0]!, { authentication: steps[3]! })
  assert.equal(verdict(tooFast), 'hmac-unknown-key')
})

test('hmac/any changed byte is noticed', () => {
  const payload = encodeAdvert(advertOf(router(), 200), {
    ...envelope({ checksum: 'without-pseudo-header' }),
    seal: sealFor(enforce, stampAt(noon), hmacSha256),
  })
  const size = payload.length
  for (let at = 0; at < size; at++) {
    const tamper = (bytes: Uint8Array) => {
      bytes[at]! ^= 1
    }
    assert.notEqual(verdict(exchange(enforce, { authentication: enforce }, { tamper })), 'accepted')
  }
})

test('hmac/the checksum is not signed, since the kernel may write it', () => {
  const config = router({ authentication: enforce })
  const seal = sealFor(enforce, stampAt(noon), hmacSha256)
  const encode = (checksum: ChecksumForm) =>
    encodeAdvert(advertOf(config, 200), envelope({ checksum, seal }))
  const payload = encode('with-pseudo-header')
  payload.set(encode('without-pseudo-header').subarray(6, 8), 6)
  const packet = { payload, source: peer.inet, destination: group.inet, ttl: 255 }
  const decoded = accepted(decodeAdvert(packet, expectationsOf(config, self.inet), witness))
  assert.equal(decoded.signed?.key, 1)
})

test('hmac/a signature holds for its source alone', () => {
  const config = router({ authentication: enforce })
  const seal = sealFor(enforce, stampAt(noon), hmacSha256)
  const checksum = 'without-pseudo-header'
  const payload = encodeAdvert(advertOf(config, 200), envelope({ checksum, seal }))
  const packet = { payload, source: ipAddress('192.0.2.7'), destination: group.inet, ttl: 255 }
  const decoded = decodeAdvert(packet, expectationsOf(config, self.inet), witness)
  assert.equal(verdict(decoded), 'hmac-wrong')
})

test('refuses/hmac-replayed', () => {
  const first = accepted(exchange(enforce, { authentication: enforce }))
  const receiver = { authentication: enforce, replay: first.replay }
  assert.equal(verdict(exchange(enforce, receiver)), 'hmac-replayed')
  const earlier = { signedAt: after(noon, -1) }
  assert.equal(verdict(exchange(enforce, receiver, earlier)), 'hmac-replayed')
  const later = { signedAt: after(noon, 1) }
  const second = accepted(exchange(enforce, receiver, later))
  const afterwards = { authentication: enforce, replay: second.replay }
  assert.equal(verdict(exchange(enforce, afterwards, later)), 'hmac-replayed')
})

test('hmac/what one sender signed says nothing about another', () => {
  const { replay } = accepted(exchange(enforce, { authentication: enforce }))
  const other = { source: ipAddress('192.0.2.3'), signedAt: after(noon, -100) }
  accepted(exchange(enforce, { authentication: enforce, replay }, other))
})

test('hmac/a refused or unsigned advert leaves the memory as it was', () => {
  const { replay } = accepted(exchange(enforce, { authentication: enforce }))
  const permissive = { authentication: signedBy('permissive'), replay }
  assert.equal(accepted(exchange({ kind: 'none' }, permissive)).replay, replay)
  assert.equal(replay.length, 1)
})

test('hmac/the window is exact, both ways', () => {
  const receiver = { authentication: enforce }
  const at = (ms: number) => verdict(exchange(enforce, receiver, { signedAt: after(noon, ms) }))
  assert.deepEqual([at(-5000), at(5000)], ['accepted', 'accepted'])
  assert.deepEqual([at(-5001), at(5001)], ['hmac-stale', 'hmac-stale'])
})

test('hmac/a stale or foreign advert costs no signature', () => {
  let computed = 0
  const hmac = (secret: Uint8Array, message: Uint8Array) => {
    computed++
    return hmacSha256(secret, message)
  }
  const config = router({ authentication: enforce })
  const seal = sealFor(enforce, stampAt(after(noon, -60_000)), hmacSha256)
  const payload = encodeAdvert(advertOf(config, 200), envelope({ seal }))
  const packet = { payload, source: peer.inet, destination: group.inet, ttl: 255 }
  const decoded = decodeAdvert(packet, expectationsOf(config, self.inet), { ...witness, hmac })
  assert.equal(verdict(decoded), 'hmac-stale')
  assert.equal(computed, 0)
})

test('hmac/a key that is to sign and is not there is an error of ours', () => {
  const wrong = signedBy('enforce', { activeKey: 9 })
  assert.throws(() => sealFor(wrong, stampAt(noon), hmacSha256), /key 9 is to sign/)
})

test('stamp/is the clock in parts of 1/65536 s', () => {
  assert.deepEqual(stampAt(draftTime), draftStamp)
  assert.deepEqual(stampAt(noon), { seconds: noon / 1000 - 0.25, fine: 0x4000_0000 })
})

test('stamp/grows also while the clock does not', () => {
  const window = seconds(5)
  const first = nextStamp(null, noon, window)
  assert.deepEqual(first, stampAt(noon))
  const second = nextStamp(first, noon, window)
  assert.deepEqual(second, { ...first, fine: first.fine + 1 })
  const third = nextStamp(second, after(noon, -3000), window)
  assert.deepEqual(third, { ...first, fine: first.fine + 2 })
  assert.deepEqual(nextStamp(third, after(noon, 10), window), stampAt(after(noon, 10)))
  const full = { seconds: first.seconds, fine: 0xffff_ffff }
  assert.deepEqual(nextStamp(full, noon, window), { seconds: first.seconds + 1, fine: 0 })
})

test('stamp/follows a clock that was set back further than the window', () => {
  const [ahead, window] = [stampAt(after(noon, 3_600_000)), seconds(5)]
  assert.deepEqual(nextStamp(ahead, noon, window), stampAt(noon))
})

test('stamp/is forgotten outside the window, or that sender could not be heard for as long', () => {
  const window = seconds(5)
  const memory = remember(nothingHeard, peer.inet, stampAt(after(noon, 3_600_000)))
  assert.equal(isReplay(memory, peer.inet, stampAt(noon), noon, window), false)
  const near = remember(nothingHeard, peer.inet, stampAt(after(noon, 4000)))
  assert.equal(isReplay(near, peer.inet, stampAt(noon), noon, window), true)
})

test('stamp/survives the turn of its seconds in 2106', () => {
  const last = unixTime(0xffff_ffff * 1000 + 999)
  const [before, later] = [stampAt(last), stampAt(after(last, 2))]
  assert.deepEqual([before.seconds, later.seconds], [0xffff_ffff, 0])
  assert.ok(Math.abs(skewOf(before, after(last, 2)) - 2) < 0.1)
  const memory = remember(nothingHeard, peer.inet, before)
  assert.equal(isReplay(memory, peer.inet, later, after(last, 2), seconds(5)), false)
  assert.deepEqual(nextStamp(before, after(last, 2), milliseconds(5000)), later)
})

test('stamp/memory keeps those who were heard last, and not without end', () => {
  let memory = nothingHeard
  for (let host = 1; host <= 20; host++) {
    memory = remember(memory, ipAddress(`192.0.2.${host}`), stampAt(noon))
    memory = remember(memory, peer.inet, stampAt(noon))
  }
  assert.equal(memory.length, 8)
  assert.equal(memory.at(-1)?.source, peer.inet)
  assert.equal(memory.at(-2)?.source, '192.0.2.20')
  assert.equal(new Set(memory.map(({ source }) => source)).size, 8)
})

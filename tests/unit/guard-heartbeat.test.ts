import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Heartbeat } from '../../appliance/guard/heartbeat.ts'
import {
  decodeHeartbeat,
  encodeHeartbeat,
  mostRouters,
} from '../../appliance/guard/heartbeat-codec.ts'
import { PeerSession } from '../../appliance/guard/peer-session.ts'
import { milliseconds } from '../../appliance/values/duration.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { heartbeat, hmac, said, secret } from './guard-words.ts'

const encoded = (change: Partial<Heartbeat> = {}) =>
  encodeHeartbeat({ ...heartbeat, ...change }, secret, hmac)
const decoded = (bytes: Uint8Array) => decodeHeartbeat(bytes, { secret }, hmac)
const signed = (bytes: Uint8Array): Uint8Array => {
  const size = bytes.length - 32
  bytes.set(hmac(secret, bytes.subarray(0, size)), size)
  return bytes
}

test('a heartbeat has the bytes of the drawing', () => {
  const hex = Buffer.from(encoded().subarray(0, 60)).toString('hex')
  assert.equal(
    hex,
    '44480101a0a1a2a3a4a5000000000007b0b1b2b3b4b500000000000000640301' +
      '95c3f3060296010000001388c0000214000000000000000000000000',
  )
})

test('what is written is read again', () => {
  const inet6 = { ...said, state: 'fault', owns: false, address: ipAddress('fe80::1') } as const
  const nowhere = { ...said, state: 'backup', address: null } as const
  const change = { routers: [said, inet6, nowhere], hears: false, sequence: 2 ** 48 - 1 }
  assert.deepEqual(decoded(encoded(change)), {
    kind: 'heartbeat',
    heartbeat: { ...heartbeat, ...change },
  })
  assert.ok(encoded({ routers: Array.from({ length: mostRouters }, () => said) }).length < 1440)
})

test('while the secret changes either of the two will do, and no third one', () => {
  const [next, third] = [secret.map(byte => byte + 1), secret.map(byte => byte + 2)]
  const kindOf = (signedWith: Uint8Array) =>
    decodeHeartbeat(
      encodeHeartbeat(heartbeat, signedWith, hmac),
      { secret: next, otherSecret: secret },
      hmac,
    ).kind
  assert.deepEqual([next, secret, third].map(kindOf), ['heartbeat', 'heartbeat', 'rejected'])
})

const spoilt = (change: (bytes: Uint8Array) => void): Uint8Array => {
  const bytes = encoded()
  change(bytes)
  return bytes
}

const rungs: readonly (readonly [reason: string, bytes: Uint8Array])[] = [
  ['too-short', encoded().subarray(0, 63)],
  ['not-a-heartbeat', spoilt(bytes => bytes.fill(0x45, 0, 1))],
  ['wrong-version', spoilt(bytes => bytes.fill(2, 2, 3))],
  ['wrong-length', spoilt(bytes => bytes.fill(2, 3, 4))],
  ['wrong-length', Uint8Array.from([...encoded(), 0])],
  ['wrong-signature', spoilt(bytes => bytes.fill(99, 37, 38))],
  ['nonsense', signed(spoilt(bytes => bytes.fill(4, 36, 37)))],
  ['nonsense', signed(spoilt(bytes => bytes.fill(0, 28, 30)))],
  ['nonsense', signed(spoilt(bytes => bytes.fill(0, 4, 10)))],
]

for (const [index, [reason, bytes]] of rungs.entries()) {
  test(`rung ${index + 1}: ${reason}`, () => {
    assert.deepEqual(decoded(bytes), { kind: 'rejected', reason })
  })
}

test('whatever comes in, nobody throws, and nothing unsigned is believed', () => {
  const bytes = encoded()
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const other = bytes.slice()
      other[at] = (other[at] ?? 0) ^ change
      assert.equal(decoded(other).kind, 'rejected')
    }),
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), any => decoded(any).kind === 'rejected'))
})

const [ours, theirs] = [11, 22]
const from = (change: Partial<Heartbeat>): Heartbeat => ({
  ...heartbeat,
  boot: theirs,
  accepted: 0,
  interval: milliseconds(100),
  ...change,
})

test('a boot is believed once it has said our number, and then what is newer', () => {
  const session = new PeerSession(ours)
  assert.deepEqual(session.judge(from({ sequence: 1 }), 0), { kind: 'greeting' })
  assert.equal(session.candidate, theirs)
  assert.equal(session.accepted, 0)
  const first = { kind: 'believed', newer: true, isNewBoot: true }
  assert.deepEqual(session.judge(from({ sequence: 2, candidate: ours }), 0), first)
  assert.deepEqual([session.accepted, session.candidate], [theirs, 0])
  const next = from({ sequence: 3, accepted: ours })
  assert.deepEqual(session.judge(next, 2), { kind: 'believed', newer: true, isNewBoot: false })
  // The same one by another path: it lives, and says nothing new.
  assert.deepEqual(session.judge(next, 2), { kind: 'believed', newer: false, isNewBoot: false })
  assert.deepEqual(session.judge(next, 3), { kind: 'refused', reason: 'replayed' })
})

test('what was recorded of an earlier boot is never believed again', () => {
  const session = new PeerSession(ours)
  const recorded = from({ sequence: 900, accepted: ours })
  session.judge(recorded, 0)
  session.judge(from({ boot: 33, sequence: 1, candidate: ours }), 0)
  assert.equal(session.accepted, 33)
  assert.deepEqual(session.judge(recorded, 1), { kind: 'refused', reason: 'replayed' })
  // And of an earlier boot of ours: it says another number, and is a greeting for ever.
  const older = from({ boot: 44, sequence: 900, accepted: 10 })
  assert.deepEqual(session.judge(older, 1), { kind: 'greeting' })
  assert.equal(session.accepted, 33)
  assert.deepEqual(session.judge(from({ boot: ours }), 1), { kind: 'refused', reason: 'our-own' })
})

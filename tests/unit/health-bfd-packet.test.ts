import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type BfdPacket,
  type BfdRefusal,
  decodeBfd,
  encodeBfd,
} from '../../appliance/health/bfd-packet.ts'
import { milliseconds } from '../../appliance/values/duration.ts'

/** From a session that is up, three times 100 ms, with C set (RFC 5880 4.1). */
const golden = '20c80318a1b2c3d401020304000186a0000186a000000000'

const packet: BfdPacket = {
  diagnostic: 0,
  state: 'up',
  poll: false,
  final: false,
  multiplier: 3,
  myDiscriminator: 0xa1b2c3d4,
  yourDiscriminator: 0x01020304,
  minTransmit: milliseconds(100),
  minReceive: milliseconds(100),
}

test('bytes and packet, both ways', () => {
  const bytes = Uint8Array.from(Buffer.from(golden.replace('c8', 'c0'), 'hex'))
  assert.deepEqual(decodeBfd(bytes), packet)
  assert.deepEqual(encodeBfd(packet), bytes)
  // C, the control plane is independent: nothing to us.
  assert.deepEqual(decodeBfd(Buffer.from(golden, 'hex')), packet)
})

const rungs: readonly (readonly [BfdRefusal, (bytes: Uint8Array) => void])[] = [
  ['wrong-version', bytes => (bytes[0] = 0x40)],
  ['wrong-length', bytes => (bytes[3] = 23)],
  ['wrong-length', bytes => (bytes[3] = 25)],
  ['wrong-length', bytes => (bytes[1]! |= 0x04)],
  ['no-multiplier', bytes => (bytes[2] = 0)],
  ['multipoint', bytes => (bytes[1]! |= 0x01)],
  ['no-discriminator', bytes => bytes.fill(0, 4, 8)],
  ['no-session', bytes => bytes.fill(0, 8, 12)],
]

for (const [refusal, spoil] of rungs) {
  test(`refused: ${refusal}, ${spoil}`, () => {
    const bytes = encodeBfd(packet)
    spoil(bytes)
    assert.equal(decodeBfd(bytes), refusal)
  })
}

test('refused: authentication, of which nothing was agreed', () => {
  const bytes = new Uint8Array(28)
  bytes.set(encodeBfd(packet))
  bytes[1]! |= 0x04
  bytes[3] = 28
  assert.equal(decodeBfd(bytes), 'authenticated')
})

test('every truncation is refused', () => {
  const bytes = encodeBfd(packet)
  for (let length = 0; length < bytes.length; length++) {
    assert.equal(decodeBfd(bytes.subarray(0, length)), 'truncated')
  }
})

test('any bytes are a packet or have a reason', () => {
  const start = fc.constantFrom<number[][]>([], [0x20, 0xc0, 3, 24])
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 64 }), (head, rest) => {
      const found = decodeBfd(Uint8Array.from([...head, ...rest]))
      if (typeof found === 'string') return
      assert.ok(found.myDiscriminator > 0 && found.multiplier > 0)
      assert.ok(found.minTransmit >= 0 && found.minReceive >= 0)
    }),
  )
})

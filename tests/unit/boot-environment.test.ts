import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  decodeEnvironment,
  type Environment,
  encodeEnvironment,
  type SlotState,
} from '../../appliance/boot/environment.ts'

const slotState = fc.constantFrom<SlotState>('ok', '3', '2', '1', '0', 'bad', 'empty')
const environment: fc.Arbitrary<Environment> = fc.record(
  {
    order: fc.constantFrom('ab', 'ba'),
    a: slotState,
    b: slotState,
    last: fc.constantFrom('a', 'b'),
  },
  { noNullPrototype: true },
)

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const block = (lines: string): Uint8Array =>
  bytes(`# GRUB Environment Block\n${lines}`.padEnd(1024, '#'))

const golden = '# GRUB Environment Block\nmagic=diarch1\norder=ba\na=ok\nb=3\nlast=a\n'.padEnd(
  1024,
  '#',
)

test('environment/golden bytes both ways', () => {
  const value = { order: 'ba', a: 'ok', b: '3', last: 'a' } as const
  assert.equal(Buffer.from(encodeEnvironment(value)).toString('latin1'), golden)
  assert.deepEqual(decodeEnvironment(bytes(golden)), { ok: true, environment: value })
})

test('environment/every value survives, and all lines are in the first sector', () => {
  fc.assert(
    fc.property(environment, value => {
      const encoded = encodeEnvironment(value)
      assert.equal(encoded.length, 1024)
      assert.ok(encoded.subarray(512).every(byte => byte === 0x23))
      assert.deepEqual(decodeEnvironment(encoded), { ok: true, environment: value })
    }),
  )
})

const whole = 'magic=diarch1\norder=ab\na=ok\nb=empty\nlast=a\n'

/** One mutation per rung; each would pass the rungs above it. */
const rungs: readonly [string, Uint8Array][] = [
  ['size', bytes(golden.slice(0, 1023))],
  ['size', bytes(`${golden}#`)],
  ['signature', bytes(golden.replace('GRUB', 'grub'))],
  ['byte', block(whole.replace('ok', 'o\x00'))],
  ['byte', block(whole.replace('ok', 'o\xff'))],
  ['line', block(whole.replace('order=ab', 'order ab'))],
  ['line', block(whole.replace('order=ab', '=ab'))],
  ['line', block(`${whole}tail without an end`)],
  ['beyond-sector', block(`${whole}x=${'y'.repeat(500)}\n`)],
  ['duplicate', block(`${whole}a=bad\n`)],
  ['missing', block(whole.replace('magic=diarch1\n', ''))],
  ['missing', block(whole.replace('last=a\n', ''))],
  ['magic', block(whole.replace('diarch1', 'diarch2'))],
  ['order', block(whole.replace('order=ab', 'order=aa'))],
  ['slot-state', block(whole.replace('b=empty', 'b=4'))],
  ['slot-state', block(whole.replace('a=ok', 'a='))],
  ['last', block(whole.replace('last=a', 'last=c'))],
]

for (const [reason, damaged] of rungs) {
  test(`environment/refused/${reason}`, () => {
    assert.deepEqual(decodeEnvironment(damaged), { ok: false, reason })
  })
}

test('environment/keys of a newer version and comments of grub-editenv are skipped', () => {
  const decoded = decodeEnvironment(block(`# WARNING: do not edit\n${whole}later=1\n`))
  assert.ok(decoded.ok)
})

test('environment/every truncation is refused by its size', () => {
  for (let length = 0; length < 1024; length++) {
    const decoded = decodeEnvironment(bytes(golden.slice(0, length)))
    assert.deepEqual(decoded, { ok: false, reason: 'size' })
  }
})

test('environment/no bytes make it throw, and what it accepts encodes again', () => {
  const flips = fc.array(fc.tuple(fc.nat(1023), fc.nat(255)), { maxLength: 4 })
  const damaged = fc.tuple(environment, flips).map(([value, changes]) => {
    const encoded = encodeEnvironment(value)
    for (const [at, byte] of changes) encoded[at] = byte
    return encoded
  })
  const noise = fc.uint8Array({ minLength: 0, maxLength: 1100 })
  fc.assert(
    fc.property(fc.oneof(damaged, noise), input => {
      const decoded = decodeEnvironment(input)
      if (!decoded.ok) return
      assert.deepEqual(decodeEnvironment(encodeEnvironment(decoded.environment)), decoded)
    }),
    { numRuns: 2000 },
  )
})

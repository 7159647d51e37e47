import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Duration, milliseconds } from '../../appliance/values/duration.ts'
import { downInterval, skewTime } from '../../appliance/vrrp/timing.ts'

type Example = readonly [
  version: 2 | 3,
  priority: number,
  intervalMs: number,
  skewMs: number,
  downMs: number,
]

/** Worked out by hand from RFC 3768 6.1 and RFC 9568 6.1. */
const examples: readonly Example[] = [
  [3, 1, 10, 9.9609375, 39.9609375],
  [3, 100, 10, 6.09375, 36.09375],
  [3, 254, 10, 0.078125, 30.078125],
  [3, 255, 10, 0.0390625, 30.0390625],
  [3, 100, 100, 60.9375, 360.9375],
  [3, 1, 1000, 996.09375, 3996.09375],
  [3, 100, 1000, 609.375, 3609.375],
  [3, 254, 1000, 7.8125, 3007.8125],
  [3, 255, 1000, 3.90625, 3003.90625],
  [3, 1, 40_950, 40_790.0390625, 163_640.0390625],
  [3, 150, 40_950, 16_955.859375, 139_805.859375],
  [3, 254, 40_950, 319.921875, 123_169.921875],
  [3, 255, 40_950, 159.9609375, 123_009.9609375],
  [2, 1, 1000, 996.09375, 3996.09375],
  [2, 100, 1000, 609.375, 3609.375],
  [2, 254, 1000, 7.8125, 3007.8125],
  [2, 255, 1000, 3.90625, 3003.90625],
  [2, 100, 255_000, 609.375, 765_609.375],
]

for (const [version, priority, intervalMs, skewMs, downMs] of examples) {
  test(`v${version}, priority ${priority}, interval ${intervalMs} ms: exact`, () => {
    const waiting = { version, priority, interval: milliseconds(intervalMs) }
    assert.equal(skewTime(waiting), skewMs)
    assert.equal(downInterval({ ...waiting, downAfter: 3 }), downMs)
  })
}

const versions = fc.constantFrom<2 | 3>(2, 3)
const priorities = fc.integer({ min: 1, max: 255 })
const intervals = fc
  .integer({ min: 1, max: 4095 })
  .map((centiseconds): Duration => milliseconds(centiseconds * 10))

test('the skew has no rounding: 256 of its parts make the whole', () => {
  fc.assert(
    fc.property(versions, priorities, intervals, (version, priority, interval) => {
      const whole = version === 2 ? 1000 : interval
      const skew = skewTime({ version, priority, interval })
      assert.equal(skew * 256, (256 - priority) * whole)
      assert.ok(skew > 0 && skew < whole)
    }),
  )
})

test('the better of two backups comes first, by a part of the interval', () => {
  fc.assert(
    fc.property(versions, priorities, priorities, intervals, (version, a, b, interval) => {
      const wait = (priority: number) => downInterval({ version, priority, interval, downAfter: 3 })
      const part = (version === 2 ? 1000 : interval) / 256
      assert.equal(wait(a) - wait(b), (b - a) * part)
    }),
  )
})

test('the down interval is so many intervals and the skew', () => {
  const counts = fc.integer({ min: 1, max: 100 })
  fc.assert(
    fc.property(
      versions,
      priorities,
      intervals,
      counts,
      (version, priority, interval, downAfter) => {
        const waiting = { version, priority, interval }
        const down = downInterval({ ...waiting, downAfter })
        assert.equal(down - skewTime(waiting), downAfter * interval)
      },
    ),
  )
})

test('the skew of v2 does not know the interval', () => {
  fc.assert(
    fc.property(priorities, intervals, intervals, (priority, a, b) => {
      const skew = (interval: Duration) => skewTime({ version: 2, priority, interval })
      assert.equal(skew(a), skew(b))
    }),
  )
})

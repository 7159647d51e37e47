import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { durationText, parseDuration } from '../../appliance/config/duration-text.ts'
import { milliseconds } from '../../appliance/values/duration.ts'

const readings: readonly [text: string, ms: number][] = [
  ['0s', 0],
  ['10ms', 10],
  ['100ms', 100],
  ['0.07s', 70],
  ['40.95s', 40_950],
  ['1.5s', 1500],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['0.000001s', 0.001],
]

for (const [text, ms] of readings) {
  test(`${text} is ${ms} ms`, () => assert.equal(parseDuration(text), ms))
}

for (const text of [
  '',
  '5',
  's',
  '-1s',
  '1 s',
  '1S',
  '1m30s',
  '1d',
  '.5s',
  '1e3s',
  `${'9'.repeat(10)}s`,
]) {
  test(`"${text}" is no time`, () => assert.equal(parseDuration(text), null))
}

const writings: readonly [ms: number, text: string][] = [
  [0, '0s'],
  [10, '10ms'],
  [1000, '1s'],
  [1500, '1500ms'],
  [90_000, '90s'],
  [120_000, '2m'],
  [3_600_000, '1h'],
  [0.5, '0.5ms'],
]

for (const [ms, text] of writings) {
  test(`${ms} ms is written ${text}`, () => assert.equal(durationText(milliseconds(ms)), text))
}

test('what is written is read as the same time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999 }), micros => {
      const duration = milliseconds(micros / 1000)
      assert.equal(parseDuration(durationText(duration)), duration)
    }),
  )
})

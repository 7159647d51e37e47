import assert from 'node:assert/strict'
import { test } from 'node:test'
import { milliseconds } from '../../appliance/values/duration.ts'
import { type Heard, missed } from '../bench/failover/missed.ts'

const at = (start: number, length: number) => ({ start, length: milliseconds(length) })
const resolution = milliseconds(3)
const heard = (parts: Partial<Heard>): Heard => ({
  gaps: [],
  held: [],
  changes: [],
  resolution,
  ...parts,
})

test('what no probe has noticed counts as the resolution', () => {
  assert.deepEqual(missed(heard({ changes: [1000] })), { kind: 'seen', length: resolution })
})

test('all gaps of one handover count together', () => {
  const gaps = [at(1000, 300), at(1400, 20)]
  assert.deepEqual(missed(heard({ gaps, changes: [1299] })), { kind: 'seen', length: 320 })
})

test('a gap that only the prober made does not count', () => {
  const [gaps, held] = [[at(1000, 300), at(1500, 12)], [at(1500.2, 11.9)]]
  assert.deepEqual(missed(heard({ gaps, held, changes: [1299] })), { kind: 'seen', length: 300 })
})

test('a prober that was held up in the middle of an outage has missed nothing of it', () => {
  const [gaps, held] = [[at(1000, 300)], [at(1100, 40), at(1285, 7)]]
  assert.deepEqual(missed(heard({ gaps, held, changes: [1299] })), { kind: 'seen', length: 300 })
})

for (const [what, held] of [
  ['begin', at(998, 10)],
  ['end', at(1290, 12)],
] as const) {
  test(`a prober that was held up at the ${what} of an outage spoils the round`, () => {
    const spoilt = missed(heard({ gaps: [at(1000, 300)], held: [held], changes: [1299] }))
    assert.equal(spoilt.kind, 'spoilt')
  })
}

test('a prober that was held up while the masters changed spoils the round', () => {
  const [gaps, held] = [[at(1005, 12)], [at(1005, 12)]]
  assert.equal(missed(heard({ gaps, held, changes: [1000] })).kind, 'spoilt')
})

test('a harmless hold does not hide one that spoils', () => {
  const [gaps, held] = [[at(1000, 300)], [at(1100, 40), at(1295, 8)]]
  assert.equal(missed(heard({ gaps, held, changes: [1299] })).kind, 'spoilt')
})

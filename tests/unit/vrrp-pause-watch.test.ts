import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../../appliance/values/duration.ts'
import { PauseWatch, pauseText } from '../../appliance/vrrp/pause-watch.ts'

const t = instant

test('a deadline that passed long ago is a pause, told once', () => {
  const watch = new PauseWatch()
  assert.equal(watch.look(t(1000), t(1100), t(9000)), null)
  assert.equal(watch.look(t(1101), t(1100), t(9101)), null)
  assert.deepEqual(watch.look(t(3300), t(1200), t(11_300)), { length: 2100, lost: 0 })
  assert.equal(watch.look(t(3301), t(1200), t(11_301)), null)
})

test('who waits for nothing has not stood still, however long', () => {
  const watch = new PauseWatch()
  assert.equal(watch.look(t(1000), null, null), null)
  assert.equal(watch.look(t(90_000), null, null), null)
  assert.equal(watch.look(t(180_000), t(179_900), null), null)
})

test('a clock that counts sleep shows what no deadline shows', () => {
  const watch = new PauseWatch()
  assert.equal(watch.look(t(1000), t(1100), t(9000)), null)
  assert.equal(watch.look(t(1050), t(1100), null), null)
  const slept = watch.look(t(1100), t(1100), t(14_110))
  assert.deepEqual(slept, { length: 5010, lost: 5010 })
  assert.ok(slept)
  assert.match(pauseText(slept), /^vrrpd stood still for 5\.0 s, and its clock with it: /)
  assert.equal(watch.look(t(1200), t(1200), t(14_200)), null)
})

test('a slow drift between the clocks is none, nor is their grain', () => {
  const watch = new PauseWatch()
  for (let at = 0; at < 1000; at += 1) {
    assert.equal(watch.look(t(at * 1000), t(at * 1000), t(at * 1000 + (at % 3) * 10)), null)
  }
})

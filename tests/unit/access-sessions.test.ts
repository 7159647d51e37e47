import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  begin,
  end,
  endOf,
  endOfUsers,
  find,
  type Sessions,
  use,
} from '../../appliance/access/sessions.ts'
import { after, instant, minutes, seconds } from '../../appliance/values/duration.ts'

const start = instant(1_000_000)
const none: Sessions = new Map()
const at = (n: number) => after(start, minutes(n))

test('a session that is not used ends after half an hour', () => {
  const sessions = begin(none, 'key', 'anna', start)
  assert.equal(find(sessions, 'key', after(start, seconds(1799)))?.user, 'anna')
  assert.equal(find(sessions, 'key', at(30)), null)
  assert.equal(find(sessions, 'another', start), null)
})

test('one that is used ends after twelve hours all the same', () => {
  let sessions = begin(none, 'key', 'anna', start)
  for (let minute = 20; minute < 720; minute += 20) sessions = use(sessions, 'key', at(minute))
  assert.equal(endOf(find(sessions, 'key', at(719))!), at(720))
  assert.equal(find(sessions, 'key', at(720)), null)
})

test('one that has ended is not woken by using it', () => {
  const sessions = use(begin(none, 'key', 'anna', start), 'key', at(31))
  assert.equal(find(sessions, 'key', at(32)), null)
})

test('logging out ends one session, a changed user all of his', () => {
  const both = begin(begin(none, 'a', 'anna', start), 'b', 'anna', start)
  const sessions = begin(both, 'c', 'ben', start)
  assert.deepEqual([...end(sessions, 'a').keys()], ['b', 'c'])
  assert.deepEqual([...endOfUsers(sessions, new Set(['anna'])).keys()], ['c'])
})

test('a user has twenty at most: the one used longest ago gives way', () => {
  let sessions = begin(none, 'ben', 'ben', start)
  for (let n = 0; n < 20; n++) sessions = begin(sessions, `anna${n}`, 'anna', at(n / 10))
  sessions = use(sessions, 'anna0', at(3))
  sessions = begin(sessions, 'anna20', 'anna', at(4))
  const keys = [...sessions.keys()]
  assert.equal(keys.length, 21)
  assert.ok(keys.includes('ben') && keys.includes('anna0') && keys.includes('anna20'))
  assert.ok(!keys.includes('anna1'))
})

test('the table does not grow for ever', () => {
  let sessions = none
  for (let n = 0; n < 700; n++) sessions = begin(sessions, `key${n}`, `user${n}`, at(n / 100))
  assert.equal(sessions.size, 500)
  assert.ok(!sessions.has('key0') && sessions.has('key699'))
  assert.equal(begin(sessions, 'new', 'anna', at(60)).size, 1, 'those that ended are gone')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientNetwork } from '../../appliance/access/client-network.ts'
import {
  type Attempt,
  admit,
  calm,
  type LoginPace,
  succeeded,
} from '../../appliance/access/login-pace.ts'
import { after, type Instant, instant, minutes, seconds } from '../../appliance/values/duration.ts'

const start = instant(5_000_000)
const anna: Attempt = { user: 'anna', address: '192.0.2.1' }

/** Attempts, each as soon as it may be; the waits before them in seconds. */
function waits(pace: LoginPace, attempts: readonly Attempt[], from: Instant) {
  let now = from
  const seen: number[] = []
  for (const attempt of attempts) {
    const first = admit(pace, attempt, now)
    const wait = first.kind === 'wait' ? first.wait : 0
    seen.push(wait / 1000)
    now = after(now, wait as never)
    const admission = admit(pace, attempt, now)
    assert.ok(admission.kind === 'go', 'after its wait an attempt is let in')
    pace = admission.pace
  }
  return { pace, seen, now }
}

const times = (count: number, attempt: (n: number) => Attempt) =>
  Array.from({ length: count }, (_, n) => attempt(n))

test('an address has five attempts, then waits that double up to five minutes', () => {
  const { seen } = waits(
    calm,
    times(17, n => ({ ...anna, user: `user${n}` })),
    start,
  )
  assert.deepEqual(seen, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
})

test('a user has ten from all addresses together, then waits up to a minute', () => {
  const from = (n: number): Attempt => ({ user: 'anna', address: `192.0.2.${n}` })
  const { seen } = waits(calm, times(18, from), start)
  assert.deepEqual(seen, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60])
})

test('attempts that are under way count: many at once gain nothing', () => {
  let pace = calm
  for (let n = 0; n < 5; n++) {
    const admission = admit(pace, anna, start)
    assert.ok(admission.kind === 'go')
    pace = admission.pace
  }
  assert.deepEqual(admit(pace, anna, start), { kind: 'wait', wait: seconds(1) })
})

test('who is refused for being too early waits no longer for it', () => {
  const { pace, now } = waits(
    calm,
    times(5, () => anna),
    start,
  )
  for (let n = 0; n < 3; n++) assert.equal(admit(pace, anna, now).kind, 'wait')
  assert.equal(admit(pace, anna, after(now, seconds(1))).kind, 'go')
})

test('an hour later nothing is held against anybody', () => {
  const { pace, now } = waits(
    calm,
    times(12, () => anna),
    start,
  )
  const { seen } = waits(
    pace,
    times(6, () => anna),
    after(now, minutes(61)),
  )
  assert.deepEqual(seen, [0, 0, 0, 0, 0, 1])
})

test('a right password clears what was tried with the name, not what the address tried', () => {
  const own: Attempt = { user: 'mallory', address: anna.address }
  const { pace, now } = waits(
    calm,
    times(5, () => anna),
    start,
  )
  const admission = admit(pace, own, after(now, seconds(1)))
  assert.ok(admission.kind === 'go')
  const cleared = succeeded(admission.pace, own, now)
  assert.equal(cleared.byUser.get('anna')?.count, 5)
  assert.equal(cleared.byUser.has('mallory'), false)
  assert.equal(cleared.byAddress.get(anna.address)?.count, 5)
})

test('who has logged in from an address does not wait there for the attempts of others', () => {
  const first = admit(calm, anna, start)
  assert.ok(first.kind === 'go')
  const proven = succeeded(first.pace, anna, start)
  const others = times(15, n => ({ user: 'anna', address: `198.51.100.${n}` }))
  const { pace, now } = waits(proven, others, start)
  assert.equal(admit(pace, anna, now).kind, 'go')
  assert.equal(admit(pace, { ...anna, address: '192.0.2.9' }, now).kind, 'wait')
  assert.equal(admit(pace, anna, after(now, seconds(50))).kind, 'go')
})

test('names and addresses without end do not fill the memory, nor wash out who is watched', () => {
  let { pace, now } = waits(
    calm,
    times(5, () => anna),
    start,
  )
  for (let n = 0; n < 3000; n++) {
    const admission = admit(pace, { user: `u${n}`, address: `a${n}` }, now)
    assert.ok(admission.kind === 'go')
    pace = admission.pace
  }
  assert.deepEqual([pace.byAddress.size, pace.byUser.size], [2000, 2000])
  assert.equal(admit(pace, anna, now).kind, 'wait')
})

test('IPv6 clients are counted by their /64, and IPv4 ones by their address', () => {
  assert.equal(clientNetwork('192.0.2.7'), '192.0.2.7')
  assert.equal(clientNetwork('::ffff:192.0.2.7'), '192.0.2.7')
  assert.equal(clientNetwork('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64')
  assert.equal(clientNetwork('2001:db8:1:2::9'), '2001:db8:1:2::/64')
  assert.equal(clientNetwork('fe80::1%eth0'), 'fe80::/64')
  for (const odd of ['', 'somewhere', '1.2.3', '::ffff:x']) {
    assert.equal(clientNetwork(odd), 'unknown', odd)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RefusedAdverts } from '../../appliance/status/refused-adverts.ts'
import type { RouterStatus } from '../../appliance/status/router-status.ts'
import { instant } from '../../appliance/values/duration.ts'

const at = '2026-11-21T00:00:00.000Z'

const router = (rejected: Readonly<Record<string, number>>): RouterStatus => ({
  name: 'VI_WEB',
  state: 'MASTER',
  since: at,
  why: '',
  interface: 'v0',
  vrid: 51,
  family: 'inet',
  version: 2,
  intervalSeconds: 1,
  preempt: true,
  syncGroup: null,
  priority: { effective: 100, configured: 100, explanation: '100' },
  source: null,
  master: null,
  expectsMasterInSeconds: null,
  addresses: [],
  counters: {
    sent: 0,
    received: 0,
    priorityZeroSent: 0,
    priorityZeroReceived: 0,
    becameMaster: 0,
    sendFailures: 0,
    withoutPseudoHeader: 0,
    addressesDiffer: 0,
    rejected,
  },
})

/** Looks every five seconds, as vrrpd tells. */
function looks(counts: readonly Readonly<Record<string, number>>[]) {
  const refused = new RefusedAdverts()
  const text = 'an advert of 192.0.2.1 was refused: the password is not ours'
  refused.hear([{ at, about: 'VI_WEB', event: 'rejected-wrong-password', text, times: 1 }])
  return counts.map((rejected, index) => {
    refused.look([router(rejected)], instant(index * 5000), `${at} ${index}`)
    return refused.alarms
  })
}

const wrong = (count: number) => ({ 'wrong-password': count })

test('adverts that are refused for the password are an alarm until they end', () => {
  const [first, , third, fourth, ...later] = looks([0, 5, 10, 15, 15, 15, 15].map(wrong))
  assert.deepEqual(first, [])
  assert.deepEqual(third, [
    {
      reason: 'vrrp-authentication',
      message:
        'VI_WEB: an advert of 192.0.2.1 was refused: the password is not ours (10 in the last ' +
        '10 s). If that is the other box, they do not hear each other: compare authentication ' +
        'and clock of the two',
      since: `${at} 1`,
    },
  ])
  assert.equal(fourth?.[0]?.since, `${at} 1`, 'it is the same alarm')
  assert.deepEqual(later.at(-1), [])
})

test('a single one, others than for the authentication, and another vrrpd are none', () => {
  assert.deepEqual(looks([0, 1, 1, 2].map(wrong)).flat(), [])
  const others = [0, 50, 100].map(count => ({ 'own-source': count, 'hmac-replayed': count }))
  assert.deepEqual(looks(others).flat(), [])
  assert.deepEqual(looks([90, 90, 2, 2].map(wrong)).flat(), [])
})

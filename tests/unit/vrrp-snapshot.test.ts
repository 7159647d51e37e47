import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RouterCounters } from '../../appliance/status/router-status.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { routerStatus } from '../../appliance/vrrp/snapshot.ts'
import { Box, router } from './vrrp-ensemble-words.ts'
import { address, t } from './vrrp-router-words.ts'

const counters: RouterCounters = {
  sent: 3,
  received: 2,
  priorityZeroSent: 1,
  priorityZeroReceived: 0,
  becameMaster: 1,
  sendFailures: 0,
  withoutPseudoHeader: 0,
  addressesDiffer: 0,
  rejected: { 'checksum-wrong': 2 },
}

const statusOf = (box: Box, now: number, name = 'web', held: readonly string[] = []) =>
  routerStatus(box.state(name), {
    now: t(now),
    iso: moment => `at ${moment}`,
    counters,
    held: new Set(held.map(ipAddress)),
  })

const two = router({ addresses: [address('192.0.2.100'), address('192.0.2.101')] })

test('status of a backup: whom it follows, since when, and how long it would wait', () => {
  const box = new Box('anna', '192.0.2.10')
  box.start(10, [two])
  box.hear(100, 'web', 150, '192.0.2.20')
  box.hear(200, 'web', 150, '192.0.2.20')
  assert.deepEqual(statusOf(box, 300), {
    name: 'web',
    state: 'BACKUP',
    since: 'at 10',
    why: 'vrrpd has started',
    interface: 'eth0',
    vrid: 51,
    family: 'inet',
    version: 3,
    intervalSeconds: 0.1,
    preempt: true,
    syncGroup: null,
    priority: { effective: 100, configured: 100, explanation: '100' },
    source: '192.0.2.10',
    master: { address: '192.0.2.20', priority: 150, since: 'at 100' },
    expectsMasterInSeconds: 0.2609375,
    addresses: [
      { address: '192.0.2.100/24', held: false },
      { address: '192.0.2.101/24', held: false },
    ],
    counters,
  })
})

test('status of a backup that is late: it expects to be master now, not in the past', () => {
  const box = new Box('anna', '192.0.2.10')
  box.start(0, [two])
  assert.equal(statusOf(box, 9000).expectsMasterInSeconds, 0)
  assert.equal(statusOf(box, 9000).master, null)
})

test('status of a master: the addresses that the kernel has, and nobody to follow', () => {
  const box = new Box('anna', '192.0.2.10')
  box.start(0, [two])
  box.runUntil(400)
  const { state, since, why, master, expectsMasterInSeconds, addresses } = statusOf(
    box,
    500,
    'web',
    ['192.0.2.100'],
  )
  assert.deepEqual([state, since, why], ['MASTER', 'at 360.9375', 'no master was heard'])
  assert.deepEqual([master, expectsMasterInSeconds], [null, null])
  assert.deepEqual(
    addresses.map(({ held }) => held),
    [true, false],
  )
})

test('status of a router in FAULT, and of one that has not begun', () => {
  const box = new Box('anna', '192.0.2.10')
  box.configure(0, [two])
  const before = statusOf(box, 5)
  assert.deepEqual([before.state, before.source], ['INIT', null])
  box.see(10, new Map())
  const after = statusOf(box, 20)
  assert.deepEqual([after.state, after.since], ['FAULT', 'at 10'])
  assert.equal(after.why, 'there is no interface eth0')
  assert.deepEqual([after.master, after.expectsMasterInSeconds], [null, null])
})

test('status in a sync group: the priority that counts, how it came about, the common time', () => {
  const box = new Box('anna', '192.0.2.10')
  const weak = router({ name: 'lan', interface: 'eth1', vrid: 52, syncGroup: 'pair', priority: 70 })
  box.start(0, [router({ syncGroup: 'pair' }), weak])
  assert.deepEqual(statusOf(box, 1).priority, {
    effective: 70,
    configured: 100,
    explanation: '100, 70 in sync group pair',
  })
  assert.equal(statusOf(box, 1, 'lan').priority.explanation, '70')
  box.hear(300, 'lan', 150, '192.0.2.20')
  const own = statusOf(box, 300)
  assert.equal(own.expectsMasterInSeconds, statusOf(box, 300, 'lan').expectsMasterInSeconds)
  assert.equal(own.master, null)
})

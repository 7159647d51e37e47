import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { diarch } from '../lab/namespaces/diarch.ts'
import { config, downInterval, network, router, takeover } from './vrrp-network.ts'

const [we, they] = ['192.0.2.1', '192.0.2.2']

/** Two boxes with two interfaces each, on two networks. */
const twoNetworks = async (t: TestContext) => {
  const scene = await network(t)
  const outside = await scene.lab.switch('outside')
  const plug = (n: 1 | 2) =>
    scene[n === 1 ? 'one' : 'two'].plug(outside, { name: 'eth1', address: `198.51.100.${n}/24` })
  return { ...scene, outer: [await plug(1), await plug(2)] as const }
}

test('a sync group: one link fails, and both routers move', async t => {
  const { one, two, outer, seen } = await twoNetworks(t)
  const routers = (priority: number) => ({
    IN: router(priority),
    OUT: router(priority, { interface: 'eth1', virtualAddresses: ['198.51.100.100/24'] }),
  })
  const groups = { syncGroups: { BOTH: { routers: ['IN', 'OUT'] } } }
  const first = await diarch(one, config(routers(150), groups))
  for (const name of ['IN', 'OUT']) await first.untilRouter(name, 'MASTER')
  const second = await diarch(two, config(routers(100), groups))
  for (const name of ['IN', 'OUT']) await second.untilRouter(name, r => r.master !== null)

  const cut = Date.now()
  await outer[0].cut()
  await first.untilRouter('IN', r => r.state === 'FAULT' && /OUT: eth1/.test(r.why))
  await first.untilRouter('OUT', 'FAULT')
  const { lastPriority } = await takeover(seen, { from: we, to: they, since: cut })
  assert.equal(lastPriority, 0)
  for (const name of ['IN', 'OUT']) await second.untilRouter(name, 'MASTER')
  assert.ok((await two.addresses('eth1')).includes('198.51.100.100/24'))
  assert.ok(!(await one.addresses('eth0')).includes('192.0.2.100/24'))

  await outer[0].heal()
  for (const name of ['IN', 'OUT']) await first.untilRouter(name, 'MASTER')
  for (const name of ['IN', 'OUT']) await second.untilRouter(name, 'BACKUP')
})

test('a tracked interface takes from the priority, and the status says the sum', async t => {
  const { one, two, outer, seen } = await twoNetworks(t)
  const trackers = { trackers: { uplink: { kind: 'interface', interface: 'eth1' } } }
  const track = { track: [{ tracker: 'uplink', weight: -60 }] }
  const first = await diarch(one, config({ V1: router(150, track) }, trackers))
  await first.untilRouter('V1', 'MASTER')
  const second = await diarch(two, config({ V1: router(100, track) }, trackers))
  await second.untilRouter('V1', r => r.master?.priority === 150)

  const cut = Date.now()
  await outer[0].cut()
  const { priority } = await first.untilRouter('V1', r => r.priority.effective === 90)
  assert.equal(priority.explanation, '150 - 60 uplink = 90')
  assert.match((await first.cli('status')).stdout, /150 - 60 uplink = 90/)
  // It says so until the other one has taken over: nobody is missing.
  const { lastPriority, wait } = await takeover(seen, { from: we, to: they, since: cut })
  assert.equal(lastPriority, 90)
  assert.ok(wait < 200, `${wait} ms without a master`)
  await second.untilRouter('V1', 'MASTER')
  await first.untilRouter('V1', 'BACKUP')

  await outer[0].heal()
  await first.untilRouter('V1', r => r.state === 'MASTER' && r.priority.explanation === '150')
})

test('a tracked script: weight, fall, and FAULT where there is no weight', async t => {
  const { one, two, seen } = await network(t)
  const check = (file: string) => ({
    kind: 'script',
    command: ['/usr/bin/test', '-e', file],
    interval: '100ms',
    fall: 2,
    user: 'root',
  })
  const trackers = { trackers: { nginx: check('/run/nginx'), disk: check('/run/disk') } }
  const track = { track: [{ tracker: 'nginx', weight: 20 }, { tracker: 'disk' }] }
  for (const file of ['nginx', 'disk']) await one.write(`/run/${file}`, '')
  const first = await diarch(one, config({ V1: router(90, track) }, trackers))
  const second = await diarch(two, config({ V1: router(100) }))
  const led = await first.untilRouter('V1', r => r.state === 'MASTER')
  assert.equal(led.priority.explanation, '90 + 20 nginx = 110')
  await second.untilRouter('V1', 'BACKUP')

  await one.must('rm', ['/run/nginx'])
  await first.untilRouter('V1', r => r.state === 'BACKUP' && r.priority.effective === 90)
  await second.untilRouter('V1', 'MASTER')
  await one.write('/run/nginx', '')
  await first.untilRouter('V1', 'MASTER')

  const gone = Date.now()
  await one.must('rm', ['/run/disk'])
  const { why } = await first.untilRouter('V1', 'FAULT')
  assert.match(why, /disk/)
  const { lastPriority, wait } = await takeover(seen, { from: we, to: they, since: gone })
  assert.equal(lastPriority, 0)
  const due = downInterval(100, 100)
  assert.ok(wait < due * 0.9, `${wait} ms after priority 0, where ${due} ms are lost`)
  const tracker = (await first.status()).trackers.find(({ name }) => name === 'disk')
  assert.equal(tracker?.state, 'down')
  await one.write('/run/disk', '')
  await first.untilRouter('V1', 'MASTER')
})

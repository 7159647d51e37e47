import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diarch } from '../lab/namespaces/diarch.ts'
import type { Host } from '../lab/namespaces/host.ts'
import {
  config,
  downInterval,
  neighbour,
  network,
  pair,
  router,
  startPair,
  takeover,
  until,
} from './vrrp-network.ts'

const [we, they] = ['192.0.2.1', '192.0.2.2']
const virtual = '192.0.2.100'
const due = downInterval(100, 100)

const holds = async (host: Host, device = 'eth0') =>
  (await host.addresses(device)).includes(`${virtual}/24`)

test('the carrier goes: FAULT with the reason, and back when it comes', async t => {
  const { one, links, seen, first, second } = await pair(t)
  const cut = Date.now()
  await links[0].cut()
  const { why } = await first.untilRouter('V1', 'FAULT')
  assert.equal(why, 'eth0: it has no carrier')
  await until('the address is gone', async () => !(await holds(one)))
  const { wait, lastPriority } = await takeover(seen, { from: we, to: they, since: cut })
  // Nothing can be said where the cable is out.
  assert.equal(lastPriority, 150)
  assert.ok(wait > due * 0.97 && wait < due * 2, `${wait} ms, where ${due} ms are due`)
  await second.untilRouter('V1', 'MASTER')

  await links[0].heal()
  await first.untilRouter('V1', 'MASTER')
  await second.untilRouter('V1', 'BACKUP')
  assert.equal(await holds(one), true)
})

test('the carrier goes, and a second path is there: the other one hears of it at once', async t => {
  const scene = await network(t)
  const { lab, one, two, links, seen } = scene
  const backbone = await lab.switch('backbone')
  await one.plug(backbone, { name: 'eth1', address: '198.51.100.1/24' })
  await two.plug(backbone, { name: 'eth1', address: '198.51.100.2/24' })
  const { first, second } = await startPair(scene, { secondPaths: ['eth1'] })
  const cut = Date.now()
  await links[0].cut()
  const { wait } = await takeover(seen, { from: we, to: they, since: cut })
  assert.ok(wait < due * 0.9, `${wait} ms after its last word, where ${due} ms are lost`)
  await second.untilRouter('V1', r => r.counters.priorityZeroReceived > 0)
  assert.equal((await first.router('V1')).state, 'FAULT')
})

test('an orderly handover is said on the second path too, and nobody says it twice', async t => {
  const scene = await network(t)
  const { lab, one, two } = scene
  const backbone = await lab.switch('backbone')
  await one.plug(backbone, { name: 'eth1', address: '198.51.100.1/24' })
  await two.plug(backbone, { name: 'eth1', address: '198.51.100.2/24' })
  const { first, second } = await startPair(scene, { secondPaths: ['eth1'] })
  const before = await first.router('V1')
  assert.equal(before.counters.received, 0)
  await first.cli('failover')
  await second.untilRouter('V1', 'MASTER')
  await first.untilRouter('V1', r => r.state === 'BACKUP' && r.master?.address === they)
})

test('the interface is set down and up: FAULT, and master again', async t => {
  const { one, first, second } = await pair(t)
  await one.must('ip', ['link', 'set', 'eth0', 'down'])
  const { why } = await first.untilRouter('V1', 'FAULT')
  assert.equal(why, 'eth0: it is set down')
  await until('the address is gone', async () => !(await holds(one)))
  await second.untilRouter('V1', 'MASTER')
  await one.must('ip', ['link', 'set', 'eth0', 'up'])
  await first.untilRouter('V1', 'MASTER')
  await second.untilRouter('V1', 'BACKUP')
  assert.equal(await holds(one), true)
})

test('the interface flaps: one owner in the end, and not an event for each change', async t => {
  const { one, two, first, second } = await pair(t)
  for (let i = 0; i < 10; i++) {
    await one.must('ip', ['link', 'set', 'eth0', 'down'])
    await one.must('ip', ['link', 'set', 'eth0', 'up'])
  }
  await first.untilRouter('V1', 'MASTER')
  await second.untilRouter('V1', 'BACKUP')
  await until('one owner', async () => (await holds(one)) && !(await holds(two)))
  const { length } = await first.events()
  assert.ok(length < 50, `${length} events for 10 flaps`)
})

test('the interface gets another name: FAULT, and no address is left behind', async t => {
  const { one, first, second } = await pair(t)
  await one.must('ip', ['link', 'set', 'eth0', 'name', 'lan0'])
  const { why } = await first.untilRouter('V1', 'FAULT')
  assert.match(why, /^there is no interface eth0/)
  await second.untilRouter('V1', 'MASTER')
  assert.equal(await holds(one, 'lan0'), false)
  await one.must('ip', ['link', 'set', 'lan0', 'name', 'eth0'])
  await first.untilRouter('V1', 'MASTER')
  await second.untilRouter('V1', 'BACKUP')
  assert.equal(await holds(one), true)
})

test('the interface is removed and made again: FAULT, and master again', async t => {
  const { one, plug, first, second } = await pair(t)
  await one.must('ip', ['link', 'delete', 'eth0'])
  const { why } = await first.untilRouter('V1', 'FAULT')
  assert.match(why, /^there is no interface eth0/)
  await second.untilRouter('V1', 'MASTER')
  await plug(one, 1)
  await first.untilRouter('V1', 'MASTER')
  await second.untilRouter('V1', 'BACKUP')
  assert.equal(await holds(one), true)
})

test('an interface that comes after the start, and its address after it', async t => {
  const { lab, lan, seen } = await network(t)
  const late = await lab.host('late')
  const box = await diarch(late, config({ V1: router(150) }))
  assert.match((await box.untilRouter('V1', 'FAULT')).why, /^there is no interface eth0/)
  await late.plug(lan, { name: 'eth0' })
  const none = 'eth0 has no IPv4 address to send adverts from'
  await box.untilRouter('V1', r => r.state === 'FAULT' && r.why === none)
  await late.must('ip', ['address', 'add', '192.0.2.7/24', 'dev', 'eth0'])
  await box.untilRouter('V1', 'MASTER')
  await seen.untilAdvert(a => a.source === '192.0.2.7')
})

test('the address of the interface is taken away: FAULT until there is another', async t => {
  const { one, seen, first, second } = await pair(t)
  await one.must('ip', ['address', 'delete', '192.0.2.1/24', 'dev', 'eth0'])
  const { why } = await first.untilRouter('V1', 'FAULT')
  assert.equal(why, 'eth0 has no IPv4 address to send adverts from')
  await until('the virtual address is gone', async () => !(await holds(one)))
  await second.untilRouter('V1', 'MASTER')
  await one.must('ip', ['address', 'add', '192.0.2.11/24', 'dev', 'eth0'])
  await first.untilRouter('V1', 'MASTER')
  await second.untilRouter('V1', r => r.state === 'BACKUP' && r.master?.address === '192.0.2.11')
  await seen.untilAdvert(a => a.source === '192.0.2.11' && a.priority === 150)
})

test('a firewall lets no adverts out: counted and told, and one owner when it is gone', async t => {
  const { one, two, client, seen, first, second } = await pair(t)
  const rules = `table inet wall {
    chain out { type filter hook output priority 0; ip protocol 112 counter reject; }
  }`
  await one.must('nft', ['-f', '-'], { input: rules })
  await second.untilRouter('V1', 'MASTER')
  await client.pings(virtual)
  const { text } = await first.untilEvent(e => e.event === 'send-EPERM')
  assert.match(text, /224\.0\.0\.18/)
  const blocked = await first.untilRouter('V1', r => r.counters.sendFailures > 3)
  assert.equal(blocked.state, 'MASTER')
  assert.equal((await first.events()).filter(e => e.event === 'send-EPERM').length, 1)

  const healed = Date.now()
  await one.must('nft', ['delete', 'table', 'inet', 'wall'])
  await seen.untilAdvert(a => a.source === we && a.time > healed)
  await second.untilRouter('V1', 'BACKUP')
  await until('one owner', async () => (await holds(one)) && !(await holds(two)))
  const mac = await one.mac('eth0')
  await seen.untilAnnouncement(a => a.address === virtual && a.mac === mac && a.time > healed)
  assert.equal(await neighbour(client, virtual), mac)
})

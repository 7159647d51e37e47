import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Host } from '../lab/namespaces/host.ts'
import { neighbour, pair, until } from './vrrp-network.ts'

const [we, they] = ['192.0.2.1', '192.0.2.2']
const virtual = '192.0.2.100'
const address = ['address', 'delete', `${virtual}/24`, 'dev', 'eth0']

const holds = async (host: Host) => (await host.addresses('eth0')).includes(`${virtual}/24`)

test('somebody deletes the virtual address: it is back at once, and told', async t => {
  const { one, seen, first, second } = await pair(t)
  const { since } = await first.router('V1')
  await one.must('ip', address)
  await until('it is back', () => holds(one))
  await first.untilEvent(e => e.event === 'address-restored')
  const after = await first.router('V1')
  assert.deepEqual([after.state, after.since], ['MASTER', since])
  assert.equal((await second.router('V1')).state, 'BACKUP')
  assert.ok(!seen.adverts().some(a => a.source === they))
})

test('somebody deletes it all the time: we are slower than he is, and win in the end', async t => {
  const { one, first } = await pair(t)
  const monitor = await one.start('ip', ['monitor', 'address'])
  const loop = `for i in $(seq 200); do ip ${address.join(' ')} 2>/dev/null; done; true`
  await one.must('sh', ['-c', loop])
  const changes = monitor.stdout.match(/^\d+: .*192\.0\.2\.100/gm) ?? []
  assert.ok(changes.length >= 5, `${changes.length} times it was put back`)
  assert.ok(changes.length <= 25, `${changes.length} times it was put back`)
  await until('it is back', () => holds(one))
  const told = (await first.events()).filter(e => e.event === 'address-restored')
  assert.ok(told.length <= 2, `${told.length} events`)
  assert.equal((await first.router('V1')).state, 'MASTER')
})

test('a backup is given the address by hand: it is taken away again', async t => {
  const { two, first, second } = await pair(t)
  await two.must('ip', ['address', 'add', `${virtual}/24`, 'dev', 'eth0'])
  await until('it is gone', async () => !(await holds(two)))
  await second.untilEvent(e => e.event === 'address-foreign')
  assert.equal((await second.router('V1')).state, 'BACKUP')
  assert.equal((await first.router('V1')).state, 'MASTER')
})

test('what others have on the interface stays as it is', async t => {
  const { one, first, second } = await pair(t)
  const own = ['192.0.2.77/24', '198.51.100.1/24', '2001:db8::77/64']
  for (const each of own) await one.must('ip', ['address', 'add', each, 'dev', 'eth0'])
  await first.cli('failover')
  await second.untilRouter('V1', 'MASTER')
  await until('it is gone', async () => !(await holds(one)))
  const left = await one.addresses('eth0')
  for (const each of [...own, `${we}/24`]) assert.ok(left.includes(each), `${each} in ${left}`)
})

test('routes and rules move with the router, and come back when somebody takes them', async t => {
  const { one, two, first, second } = await pair(t, {
    virtualRoutes: [{ destination: '198.51.100.0/24', gateway: '192.0.2.9', table: 7 }],
    virtualRules: [{ from: '203.0.113.0/24', table: 7, preference: 77 }],
  })
  const routes = (host: Host) => host.must('ip', ['route', 'show', 'table', 'all', 'proto', '112'])
  const rules = (host: Host) => host.must('ip', ['rule', 'show', 'pref', '77'])
  const has = async (host: Host) =>
    /198\.51\.100\.0\/24 via 192\.0\.2\.9/.test(await routes(host)) &&
    /from 203\.0\.113\.0\/24 lookup 7/.test(await rules(host))
  const hasNone = async (host: Host) => `${await routes(host)}${await rules(host)}` === ''

  await until('the master has them', () => has(one))
  assert.equal(await hasNone(two), true)
  await one.must('ip', ['route', 'delete', '198.51.100.0/24', 'table', '7'])
  await one.must('ip', ['rule', 'delete', 'pref', '77'])
  await until('they are back', () => has(one))
  await first.cli('failover')
  await second.untilRouter('V1', 'MASTER')
  await until('the other one has them', () => has(two))
  await until('this one has none', () => hasNone(one))
})

test('more news from the kernel than vrrpd can hear: it looks again', async t => {
  const { one, first, second, links } = await pair(t)
  const news = Array.from({ length: 10_000 }, (_, i) => {
    const prefix = `10.${i >> 8}.${i & 255}.1/32`
    return `address add ${prefix} dev lo\naddress delete ${prefix} dev lo`
  })
  await first.afterHeartbeat()
  first.signalVrrpd('SIGSTOP')
  await one.must('ip', ['-force', '-batch', '-'], { input: news.join('\n') })
  await links[0].cut()
  first.signalVrrpd('SIGCONT')
  await first.untilEvent(e => e.event === 'overflow')
  await first.untilRouter('V1', 'FAULT')
  await second.untilRouter('V1', 'MASTER')
  await links[0].heal()
  await first.untilRouter('V1', 'MASTER')
})

test('both were master and meet again: one steps down, the other announces', async t => {
  const { one, two, client, links, seen, first, second } = await pair(t)
  const [mac, otherMac] = [await one.mac('eth0'), await two.mac('eth0')]
  await client.pings(virtual)
  await links[0].silence('both')
  await second.untilRouter('V1', 'MASTER')
  assert.equal((await first.router('V1')).state, 'MASTER')
  assert.equal(await client.pings(virtual), true)
  assert.equal(await neighbour(client, virtual), otherMac)

  const healed = Date.now()
  await links[0].heal()
  const word = await seen.untilAdvert(a => a.source === we && a.time > healed)
  await second.untilRouter('V1', 'BACKUP')
  await until('the address is gone', async () => !(await holds(two)))
  await seen.untilAdvert(a => a.source === we && a.time > word.time + 400)
  const last = seen.adverts().findLast(a => a.source === they)!
  assert.ok(last.time < word.time + 50, `${last.time - word.time} ms with two masters`)
  assert.ok(last.priority > 0, 'a release would make the winner doubt')
  await seen.untilAnnouncement(a => a.address === virtual && a.mac === mac && a.time >= last.time)
  assert.equal(await neighbour(client, virtual), mac)
  assert.equal(await client.pings(virtual), true)
  assert.equal(await holds(one), true)
})

test('only one direction fails: two masters for as long, few events, and then one', async t => {
  const { one, two, client, links, seen, first, second } = await pair(t)
  await client.pings(virtual)
  await links[0].silence('out')
  await second.untilRouter('V1', 'MASTER')
  await seen.untilAdvert(() => seen.adverts().filter(a => a.source === they).length >= 15)
  const events = (await first.events()).filter(e => e.event === 'lower-master')
  assert.equal(events.length, 1)
  const healed = Date.now()
  await links[0].heal()
  await second.untilRouter('V1', 'BACKUP')
  await until('one owner', async () => (await holds(one)) && !(await holds(two)))
  const mac = await one.mac('eth0')
  await seen.untilAnnouncement(a => a.address === virtual && a.mac === mac && a.time > healed)
  await until('the client knows', async () => (await neighbour(client, virtual)) === mac)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seconds } from '../../appliance/values/duration.ts'
import { capture } from '../lab/namespaces/capture.ts'
import { keepalived } from '../lab/namespaces/keepalived.ts'
import { openLab, type TestContext } from '../lab/namespaces/lab.ts'

const interval = 100 // advertisement interval of the v3 cluster in ms

const v3 = (priority: number) => `
  global_defs { vrrp_version 3 }
  vrrp_instance V4 {
    interface eth0
    virtual_router_id 51
    priority ${priority}
    advert_int ${interval / 1000}
    virtual_ipaddress { 192.0.2.100/24 }
  }
  vrrp_instance V6 {
    interface eth0
    virtual_router_id 52
    priority ${priority}
    advert_int ${interval / 1000}
    virtual_ipaddress {
      fe80::100/64
      2001:db8::100/64
    }
  }`

const v2 = `
  vrrp_instance V4 {
    interface eth0
    virtual_router_id 7
    priority 90
    advert_int 2
    authentication {
      auth_type PASS
      auth_pass secret
    }
    virtual_ipaddress {
      192.0.2.100/24
      192.0.2.101/24
    }
  }`

const network = async (t: TestContext) => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const [one, two, watcher] = [await lab.host('one'), await lab.host('two'), await lab.host('eye')]
  const link = await one.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  await two.plug(lan, { name: 'eth0', address: '192.0.2.2/24' })
  await watcher.plug(lan, { name: 'eth0' })
  return { one, two, link, seen: await capture(watcher, 'eth0') }
}

const pair = async (t: TestContext) => {
  const { one, two, ...rest } = await network(t)
  const [first, second] = [await keepalived(one, v3(200)), await keepalived(two, v3(100))]
  await first.untilState('V4', 'MASTER')
  await first.untilState('V6', 'MASTER')
  await second.untilState('V4', 'BACKUP')
  return { one, two, first, second, ...rest }
}

test('two keepalived elect the higher priority, and it is seen announcing', async t => {
  const { one, two, first, second, seen } = await pair(t)
  assert.equal(first.state('V4'), 'MASTER')
  assert.equal(second.state('V4'), 'BACKUP')
  assert.ok((await one.addresses('eth0')).includes('192.0.2.100/24'))
  assert.ok(!(await two.addresses('eth0')).includes('192.0.2.100/24'))

  const mac = await one.mac('eth0')
  // On a busy machine the lower one may have led for a moment.
  const announced = (address: string) =>
    seen.untilAnnouncement(a => a.address === address && a.mac === mac)
  assert.equal((await announced('192.0.2.100')).by, 'arp-request')
  const { by, override } = await announced('2001:db8::100')
  assert.deepEqual([by, override], ['neighbour-advertisement', true])
})

test('adverts of version 3 are read, IPv4 and IPv6', async t => {
  const { one, seen } = await pair(t)
  const four = await seen.untilAdvert(a => a.vrid === 51 && a.priority === 200)
  const { time, sourceMac, destinationMac, ...rest } = four
  assert.deepEqual(rest, {
    kind: 'advert',
    source: '192.0.2.1',
    destination: '224.0.0.18',
    ttl: 255,
    version: 3,
    type: 1,
    vrid: 51,
    priority: 200,
    interval,
    addresses: ['192.0.2.100'],
    auth: { type: 'none' },
    checksumRight: true,
  })
  assert.ok(Math.abs(time - Date.now()) < 60_000)
  assert.equal(sourceMac, await one.mac('eth0'))
  assert.equal(destinationMac, '01:00:5e:00:00:12')

  const six = await seen.untilAdvert(a => a.vrid === 52 && a.priority === 200)
  assert.deepEqual([six.destination, six.ttl, six.checksumRight], ['ff02::12', 255, true])
  assert.deepEqual(six.addresses, ['fe80::100', '2001:db8::100'])
})

test('adverts of version 2 are read, password included', async t => {
  const { one, seen } = await network(t)
  await keepalived(one, v2)
  const advert = await seen.untilAdvert(() => true)
  assert.deepEqual(advert.auth, { type: 'password', password: 'secret' })
  assert.deepEqual([advert.version, advert.vrid, advert.priority], [2, 7, 90])
  assert.deepEqual([advert.interval, advert.checksumRight], [2000, true])
  assert.deepEqual(advert.addresses, ['192.0.2.100', '192.0.2.101'])
})

/** When the second box became master after the first one's last advert, in ms. */
const silenceBefore = async (seen: Awaited<ReturnType<typeof capture>>) => {
  const taken = await seen.untilAdvert(a => a.vrid === 51 && a.source === '192.0.2.2')
  const before = seen.adverts().filter(a => a.source === '192.0.2.1' && a.time < taken.time)
  const last = before.filter(a => a.vrid === 51).at(-1)!
  return { wait: taken.time - last.time, lastPriority: last.priority }
}

// RFC 9568 6.1: three intervals and the skew of priority 100.
const masterDown = 3 * interval + ((256 - 100) * interval) / 256

test('after a crash the other takes over when the master is due to be down', async t => {
  const { first, second, seen } = await pair(t)
  const ending = await first.crash()
  assert.equal(ending.signal, 'SIGKILL')
  const { wait, lastPriority } = await silenceBefore(seen)
  assert.equal(lastPriority, 200)
  assert.ok(wait > masterDown * 0.95, `${wait} ms is before the master is down`)
  assert.ok(wait < masterDown * 3, `${wait} ms, where ${masterDown} are due`)
  await second.untilState('V4', 'MASTER')
})

test('after a stop priority 0 is seen, and the other takes over sooner', async t => {
  const { first, seen } = await pair(t)
  await first.stop()
  const { wait, lastPriority } = await silenceBefore(seen)
  assert.equal(lastPriority, 0)
  assert.ok(wait < masterDown * 0.9, `${wait} ms after priority 0`)
})

test('a paused master is silent and does not know it; resumed, it wins again', async t => {
  const { first, second, seen } = await pair(t)
  first.pause()
  const paused = Date.now()
  await second.untilState('V4', 'MASTER')
  assert.equal(first.state('V4'), 'MASTER')
  await seen.untilAdvert(a => a.source === '192.0.2.2' && a.time > paused)
  const resumed = Date.now()
  first.resume()
  await second.untilState('V4', 'BACKUP')
  await seen.untilAdvert(a => a.source === '192.0.2.1' && a.time > resumed)
  const meanwhile = seen.adverts().filter(a => a.time > paused && a.time < resumed)
  assert.deepEqual(
    new Set(meanwhile.filter(a => a.vrid === 51).map(a => a.source)),
    new Set(['192.0.2.2']),
  )
})

test('a one-way cut makes two masters, a pulled cable one', async t => {
  const { first, second, link } = await pair(t)
  await link.silence('out')
  await second.untilState('V4', 'MASTER')
  assert.equal(first.state('V4'), 'MASTER')
  await link.heal()
  await second.untilState('V4', 'BACKUP')
  await link.cut()
  await first.untilState('V4', 'FAULT', seconds(10))
  await second.untilState('V4', 'MASTER')
})

test('a wrong configuration is told with what keepalived says about it', async t => {
  const { one } = await network(t)
  await assert.rejects(keepalived(one, 'vrrp_instance V4 { interface nowhere }'), /nowhere/)
})

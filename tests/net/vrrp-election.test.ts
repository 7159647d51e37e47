import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seconds } from '../../appliance/values/duration.ts'
import type { Capture } from '../lab/namespaces/capture.ts'
import { diarch } from '../lab/namespaces/diarch.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { type Keepalived, keepalived } from '../lab/namespaces/keepalived.ts'
import { config, downInterval, network, realTime, router, takeover } from './vrrp-network.ts'

/** keepalived's side of a router, ten adverts a second. */
const theirs = (name: string, vrid: number, priority: number, more = ''): string => `
  vrrp_instance ${name} {
    interface eth0
    version 3
    virtual_router_id ${vrid}
    priority ${priority}
    advert_int 0.1
    ${more}
    virtual_ipaddress { 192.0.2.${vrid}/24 }
  }`

const ours = (vrid: number, priority: number, more: object = {}): object =>
  router(priority, { virtualRouterId: vrid, virtualAddresses: [`192.0.2.${vrid}/24`], ...more })

const steadily = (host: Host, instances: string): Promise<Keepalived> =>
  keepalived(host, realTime + instances)

const [we, they] = ['192.0.2.1', '192.0.2.2']

/** Waits for so many adverts from now on: a master that does not change has sent them. */
const moreAdverts = async (seen: Capture, vrid: number, source: string, count: number) => {
  const since = Date.now()
  const heard = () => seen.adverts().filter(a => a.vrid === vrid && a.time > since)
  await seen.untilAdvert(
    () => heard().filter(a => a.source === source && a.priority > 0).length >= count,
  )
  return heard()
}

test('who may not preempt, does not; who waits before it preempts, waits', async t => {
  const { one, two, seen } = await network(t)
  const lower = await steadily(
    two,
    ['OURS', 'DELAY'].map((name, i) => theirs(name, 101 + i, 100)).join('\n'),
  )
  await lower.untilState('OURS', 'MASTER')
  await lower.untilState('DELAY', 'MASTER')

  const box = await diarch(
    one,
    config({
      OURS: ours(101, 150, { preempt: false }),
      DELAY: ours(102, 150, { preemptDelay: '1s' }),
      THEIRS: ours(103, 100),
    }),
  )
  await box.untilRouter('THEIRS', 'MASTER')
  const higher = await steadily(two, theirs('THEIRS', 103, 150, 'state BACKUP \n nopreempt'))

  await t.test('ours waits for the end of its delay', async () => {
    await box.untilRouter('DELAY', 'MASTER')
    const events = (await box.events()).filter(({ about }) => about === 'DELAY')
    const [heard, master] = ['master-changed', 'master'].map(
      name => events.find(({ event }) => event === name)?.at ?? '',
    )
    const waited = Date.parse(master!) - Date.parse(heard!)
    assert.ok(waited >= 995, `${waited} ms after it heard the lower one`)
    assert.ok(waited < 2000, `${waited} ms, where 1000 ms and a down interval are due`)
  })

  await t.test('ours leaves the lower one alone', async () => {
    const heard = await moreAdverts(seen, 101, they, 8)
    assert.deepEqual(new Set(heard.map(a => a.source)), new Set([they]))
    assert.equal((await box.router('OURS')).state, 'BACKUP')
  })

  await t.test('keepalived leaves ours alone', async () => {
    const heard = await moreAdverts(seen, 103, we, 8)
    assert.deepEqual(new Set(heard.map(a => a.source)), new Set([we]))
    assert.equal(higher.state('THEIRS'), 'BACKUP')
  })

  await t.test('it takes over when the lower one dies, with its own skew', async () => {
    const killed = Date.now()
    await lower.crash()
    const { wait } = await takeover(seen, { vrid: 101, from: they, to: we, since: killed })
    const due = downInterval(150, 100)
    assert.ok(wait > due * 0.97, `${wait} ms, where ${due} ms are due`)
    await box.untilRouter('OURS', 'MASTER')
  })
})

test('of equal priorities the higher address wins, and announces the addresses again', async t => {
  const { lab, plug, one, two, client, links, seen } = await network(t)
  const three = await lab.host('three')
  await plug(three, 3)
  // We are 192.0.2.2: between a lower and a higher one.
  const box = await diarch(two, config({ LOW: ours(101, 100), HIGH: ours(103, 100) }))
  await box.untilRouter('LOW', 'MASTER')
  await box.untilRouter('HIGH', 'MASTER')
  const lower = await steadily(one, theirs('LOW', 101, 100))
  const higher = await steadily(three, theirs('HIGH', 103, 100))

  await links[1].silence('both')
  await lower.untilState('LOW', 'MASTER')
  await higher.untilState('HIGH', 'MASTER')
  // The client has the addresses from the two who are there.
  for (const n of [101, 103]) assert.equal(await client.pings(`192.0.2.${n}`), true)

  const healed = Date.now()
  await links[1].heal()
  await lower.untilState('LOW', 'BACKUP')
  await box.untilRouter('HIGH', 'BACKUP')
  assert.equal((await box.router('LOW')).state, 'MASTER')
  assert.equal(higher.state('HIGH'), 'MASTER')

  const mac = await two.mac('eth0')
  await seen.untilAnnouncement(a => a.address === '192.0.2.101' && a.mac === mac && a.time > healed)
  const known = async (n: number) => client.must('ip', ['neighbour', 'show', `192.0.2.${n}`])
  assert.ok((await known(101)).includes(mac), await known(101))
  assert.ok((await known(103)).includes(await three.mac('eth0')), await known(103))
  // A release would say that nobody leads.
  const ourZeros = seen.adverts().filter(a => a.source === they && a.priority === 0)
  assert.deepEqual(ourZeros, [])
})

test('a keepalived backup that starts and ends all the time does not touch our master', async t => {
  const { one, two, seen } = await network(t)
  const box = await diarch(one, config({ V1: ours(101, 150) }))
  const before = await box.untilRouter('V1', 'MASTER')
  for (const ending of ['stop', 'crash', 'stop', 'crash'] as const) {
    const peer = await steadily(two, theirs('V1', 101, 100))
    await peer.untilState('V1', 'BACKUP')
    await moreAdverts(seen, 101, we, 2)
    assert.equal(peer.state('V1'), 'BACKUP')
    await peer[ending]()
  }
  const after = await box.router('V1')
  assert.deepEqual([after.state, after.since], ['MASTER', before.since])
  assert.deepEqual(
    seen.adverts().filter(a => a.source === they),
    [],
  )
  const times = seen.adverts().map(a => a.time)
  const longest = Math.max(...times.slice(1).map((time, i) => time - times[i]!))
  assert.ok(longest < 300, `${longest} ms between two adverts, where the interval is 100 ms`)
})

test('a keepalived master that starts and ends all the time: one owner at any time', async t => {
  const { one, two, seen } = await network(t)
  const box = await diarch(one, config({ V1: ours(101, 100) }))
  await box.untilRouter('V1', 'MASTER')
  for (const ending of ['stop', 'crash', 'stop', 'crash'] as const) {
    const started = Date.now()
    const peer = await steadily(two, theirs('V1', 101, 150))
    await peer.untilState('V1', 'MASTER')
    await box.untilRouter('V1', 'BACKUP')
    const heard = await moreAdverts(seen, 101, they, 3)
    assert.deepEqual(new Set(heard.map(a => a.source)), new Set([they]))
    const first = seen.adverts().find(a => a.source === they && a.time > started)!
    const last = seen.adverts().findLast(a => a.source === we)!
    assert.ok(last.time < first.time + 50, `${last.time - first.time} ms with two masters`)
    const ended = Date.now()
    await peer[ending]()
    await seen.untilAdvert(a => a.source === we && a.time > ended)
    await box.untilRouter('V1', 'MASTER')
  }
})

test('three routers: the first gives up, the second takes over, the third stays out', async t => {
  const { lab, plug, one, two, seen } = await network(t)
  const three = await lab.host('three')
  await plug(three, 3)
  const slow = { handover: 'after-skew', advertInterval: '300ms' }
  const [first, second, third] = await Promise.all([
    diarch(one, config({ V1: ours(101, 254, slow) })),
    steadily(two, theirs('V1', 101, 240).replace('advert_int 0.1', 'advert_int 0.3')),
    diarch(three, config({ V1: ours(101, 10, slow) })),
  ])
  await first.untilRouter('V1', 'MASTER')
  await second.untilState('V1', 'BACKUP')
  await third.untilRouter('V1', r => r.master?.address === we)

  const stopped = Date.now()
  await first.stop()
  await second.untilState('V1', 'MASTER')
  await third.untilRouter('V1', r => r.state === 'BACKUP' && r.master?.address === they)
  const { lastPriority } = await takeover(seen, { vrid: 101, from: we, to: they, since: stopped })
  assert.equal(lastPriority, 0)
  const heard = await moreAdverts(seen, 101, they, 3)
  assert.deepEqual(new Set(heard.map(a => a.source)), new Set([they]))

  const killed = Date.now()
  await second.crash()
  const { wait } = await takeover(seen, { vrid: 101, from: they, to: '192.0.2.3', since: killed })
  const due = downInterval(10, 300)
  assert.ok(wait > due * 0.97 && wait < due * 2, `${wait} ms, where ${due} ms are due`)
  await third.untilRouter('V1', 'MASTER', seconds(5))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capture } from '../lab/namespaces/capture.ts'
import { diarch } from '../lab/namespaces/diarch.ts'
import {
  chapters,
  config,
  downInterval,
  holdsVirtual,
  neighbour,
  network,
  pair,
  router,
  startPair,
  takeover,
  until,
  virtual,
} from './vrrp-network.ts'

const [we, they] = ['192.0.2.1', '192.0.2.2']
const due = downInterval(100, 100)

test('what happens to links', async t => {
  const scene = await pair(t)
  const { one, two, client, links, plug, seen, first, second } = scene
  const chapter = chapters(t, scene)
  const ip = (...args: string[]) => one.must('ip', args)
  const noAddress = () => until('the address is gone', async () => !(await holdsVirtual(one)))

  await chapter('the carrier goes: FAULT with the reason', async () => {
    const cut = Date.now()
    await links[0].cut()
    const { why } = await first.untilRouter('V1', 'FAULT')
    assert.equal(why, 'eth0: it has no carrier')
    await noAddress()
    const { wait, lastPriority } = await takeover(seen, { from: we, to: they, since: cut })
    // Nothing can be said where the cable is out.
    assert.equal(lastPriority, 150)
    assert.ok(wait > due * 0.97 && wait < due * 2, `${wait} ms, where ${due} ms are due`)
    await second.untilRouter('V1', 'MASTER')
    await links[0].heal()
  })

  await chapter('the interface is set down', async () => {
    await ip('link', 'set', 'eth0', 'down')
    const { why } = await first.untilRouter('V1', 'FAULT')
    assert.equal(why, 'eth0: it is set down')
    await noAddress()
    await second.untilRouter('V1', 'MASTER')
    await ip('link', 'set', 'eth0', 'up')
  })

  await chapter('it flaps: not an event for each change', async () => {
    const before = (await first.events()).length
    for (let i = 0; i < 10; i++) {
      await ip('link', 'set', 'eth0', 'down')
      await ip('link', 'set', 'eth0', 'up')
    }
    await first.untilRouter('V1', 'MASTER')
    const count = (await first.events()).length - before
    assert.ok(count < 50, `${count} events for 10 flaps`)
  })

  await chapter('it gets another name: FAULT, and no address is left behind', async () => {
    await ip('link', 'set', 'eth0', 'name', 'lan0')
    // On its way out it is down first.
    await first.untilRouter('V1', r => /^there is no interface eth0/.test(r.why))
    assert.equal((await first.router('V1')).state, 'FAULT')
    await second.untilRouter('V1', 'MASTER')
    assert.equal(await holdsVirtual(one, 'lan0'), false)
    await ip('link', 'set', 'lan0', 'name', 'eth0')
  })

  await chapter('its address is taken away, and another one put there', async () => {
    await ip('address', 'delete', `${we}/24`, 'dev', 'eth0')
    const { why } = await first.untilRouter('V1', 'FAULT')
    assert.equal(why, 'eth0 has no IPv4 address to send adverts from')
    await noAddress()
    await second.untilRouter('V1', 'MASTER')
    await ip('address', 'add', '192.0.2.11/24', 'dev', 'eth0')
    await seen.untilAdvert(a => a.source === '192.0.2.11' && a.priority === 150)
    await ip('address', 'add', `${we}/24`, 'dev', 'eth0')
    await ip('address', 'delete', '192.0.2.11/24', 'dev', 'eth0')
    await first.untilRouter('V1', r => r.state === 'MASTER' && r.source === we)
  })

  await chapter('a firewall lets no adverts out: counted, told once, and healed', async () => {
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
    await until('one owner', async () => (await holdsVirtual(one)) && !(await holdsVirtual(two)))
    const mac = await one.mac('eth0')
    await seen.untilAnnouncement(a => a.address === virtual && a.mac === mac && a.time > healed)
    await until('the client knows', async () => (await neighbour(client, virtual)) === mac)
  })

  await chapter('the interface is removed and made again', async () => {
    await ip('link', 'delete', 'eth0')
    const { why } = await first.untilRouter('V1', 'FAULT')
    assert.match(why, /^there is no interface eth0/)
    await second.untilRouter('V1', 'MASTER')
    await plug(one, 1)
  })

  await chapter('and all is well in the end', async () => {
    assert.equal(await client.pings(virtual), true)
    assert.equal(await neighbour(client, virtual), await one.mac('eth0'))
  })
})

test('a second path', async t => {
  const scene = await network(t)
  const { lab, one, two, links, seen } = scene
  const backbone = await lab.switch('backbone')
  await one.plug(backbone, { name: 'eth1', address: '198.51.100.1/24' })
  await two.plug(backbone, { name: 'eth1', address: '198.51.100.2/24' })
  const boxes = await startPair(scene, { secondPaths: ['eth1'] })
  const { first, second } = boxes
  const chapter = chapters(t, { ...scene, ...boxes })
  const beside = await capture(two, 'eth1', 'ip proto 112')

  await chapter('an orderly handover is said there too, and nothing else is', async () => {
    await first.cli('failover')
    await second.untilRouter('V1', 'MASTER')
    const word = await beside.untilAdvert(() => true)
    assert.deepEqual([word.source, word.priority], ['198.51.100.1', 0])
    await second.cli('failover')
    await first.untilRouter('V1', 'MASTER')
    assert.deepEqual(
      beside.adverts().map(a => [a.source, a.priority]),
      [
        ['198.51.100.1', 0],
        ['198.51.100.2', 0],
      ],
    )
  })

  await chapter('the carrier goes, and the other one hears of it at once', async () => {
    const cut = Date.now()
    await links[0].cut()
    const { wait } = await takeover(seen, { from: we, to: they, since: cut })
    assert.ok(wait < due * 0.9, `${wait} ms after its last word, where ${due} ms are lost`)
    await first.untilRouter('V1', 'FAULT')
    await links[0].heal()
  })

  await chapter('and all is well in the end', async () => undefined)
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

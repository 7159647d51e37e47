import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Host } from '../lab/namespaces/host.ts'
import { chapters, holdsVirtual, neighbour, pair, until, virtual } from './vrrp-network.ts'

const [we, they] = ['192.0.2.1', '192.0.2.2']
const deleteIt = ['address', 'delete', `${virtual}/24`, 'dev', 'eth0']

test('what others do to addresses, routes and rules', async t => {
  const scene = await pair(t, {
    virtualRoutes: [{ destination: '198.51.100.0/24', gateway: '192.0.2.9', table: 7 }],
    virtualRules: [{ from: '203.0.113.0/24', table: 7, preference: 77 }],
  })
  const { one, two, links, seen, first, second } = scene
  const chapter = chapters(t, scene)

  await chapter('somebody deletes the address: it is back at once, and told', async () => {
    const { since } = await first.router('V1')
    await one.must('ip', deleteIt)
    await until('it is back', () => holdsVirtual(one))
    await first.untilEvent(e => e.event === 'address-restored')
    const after = await first.router('V1')
    assert.deepEqual([after.state, after.since], ['MASTER', since])
    assert.equal((await second.router('V1')).state, 'BACKUP')
    assert.ok(!seen.adverts().some(a => a.source === they))
  })

  await chapter('somebody deletes it all the time: we do not fight at full speed', async () => {
    const { since } = await first.router('V1')
    const monitor = await one.start('ip', ['monitor', 'address'])
    await one.must('sh', ['-c', `for i in $(seq 200); do ip ${deleteIt.join(' ')}; done; true`])
    const changes = monitor.stdout.match(/^\d+: .*192\.0\.2\.100/gm) ?? []
    await monitor.kill()
    assert.ok(changes.length >= 5, `${changes.length} times it was put back`)
    assert.ok(changes.length <= 25, `${changes.length} times it was put back`)
    await until('it is back', () => holdsVirtual(one))
    const told = (await first.events()).filter(e => e.event === 'address-restored')
    assert.ok(told.length <= 3, `${told.length} events`)
    assert.equal((await first.router('V1')).since, since)
  })

  await chapter('somebody puts it on the backup: it is taken away', async () => {
    await two.must('ip', ['address', 'add', `${virtual}/24`, 'dev', 'eth0'])
    await until('it is gone', async () => !(await holdsVirtual(two)))
    await second.untilEvent(e => e.event === 'address-foreign')
    assert.equal((await second.router('V1')).state, 'BACKUP')
    assert.equal((await first.router('V1')).state, 'MASTER')
  })

  const routes = (host: Host) => host.must('ip', ['route', 'show', 'table', 'all', 'proto', '112'])
  const rules = (host: Host) => host.must('ip', ['rule', 'show', 'pref', '77'])
  const hasBoth = async (host: Host) =>
    /198\.51\.100\.0\/24 via 192\.0\.2\.9/.test(await routes(host)) &&
    /from 203\.0\.113\.0\/24 lookup 7/.test(await rules(host))
  const hasNone = async (host: Host) => `${await routes(host)}${await rules(host)}` === ''

  await chapter('somebody deletes a route and a rule: they come back', async () => {
    assert.deepEqual([await hasBoth(one), await hasNone(two)], [true, true])
    await one.must('ip', ['route', 'delete', '198.51.100.0/24', 'table', '7'])
    await one.must('ip', ['rule', 'delete', 'pref', '77'])
    await until('they are back', () => hasBoth(one))
  })

  await chapter('all move with the router, and what others have stays', async () => {
    const own = ['192.0.2.77/24', '198.51.100.1/24', '2001:db8::77/64', `${we}/24`]
    for (const each of own) await one.run('ip', ['address', 'add', each, 'dev', 'eth0'])
    await first.cli('failover')
    await second.untilRouter('V1', 'MASTER')
    await until('it is gone', async () => !(await holdsVirtual(one)))
    await until('the other one has them', () => hasBoth(two))
    await until('this one has none', () => hasNone(one))
    const left = await one.addresses('eth0')
    for (const each of own) assert.ok(left.includes(each), `${each} in ${left}`)
    await second.cli('failover')
  })

  await chapter('more news from the kernel than vrrpd can hear: it looks again', async () => {
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
  })

  await chapter('and all is well in the end', async () => undefined)
})

test('two masters', async t => {
  const scene = await pair(t)
  const { one, two, client, links, seen, first, second } = scene
  const chapter = chapters(t, scene)
  const [mac, otherMac] = [await one.mac('eth0'), await two.mac('eth0')]

  await chapter('meet again: one steps down at once, and the other announces', async () => {
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
    await until('the address is gone', async () => !(await holdsVirtual(two)))
    await seen.untilAdvert(a => a.source === we && a.time > word.time + 400)
    const last = seen.adverts().findLast(a => a.source === they)!
    assert.ok(last.time < word.time + 50, `${last.time - word.time} ms with two masters`)
    assert.ok(last.priority > 0, 'a release would make the winner doubt')
    await seen.untilAnnouncement(a => a.address === virtual && a.mac === mac && a.time >= last.time)
    assert.equal(await neighbour(client, virtual), mac)
    assert.equal(await client.pings(virtual), true)
  })

  await chapter('of which one does not hear the other: few events, and then one', async () => {
    const silenced = Date.now()
    await links[0].silence('out')
    await second.untilRouter('V1', 'MASTER')
    const theirs = () => seen.adverts().filter(a => a.source === they && a.time > silenced)
    await seen.untilAdvert(() => theirs().length >= 15)
    const told = (await first.events()).filter(
      e => e.event === 'lower-master' && Date.parse(e.at) > silenced,
    )
    assert.ok(told.length <= 1, `${told.length} events`)
    const healed = Date.now()
    await links[0].heal()
    await second.untilRouter('V1', 'BACKUP')
    await seen.untilAnnouncement(a => a.address === virtual && a.mac === mac && a.time > healed)
    await until('the client knows', async () => (await neighbour(client, virtual)) === mac)
  })

  await chapter('and all is well in the end', async () => undefined)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diarch } from '../lab/namespaces/diarch.ts'
import { probe } from '../lab/namespaces/prober.ts'
import {
  chapters,
  config,
  downInterval,
  holdsVirtual,
  neighbour,
  pair,
  router,
  takeover,
  until,
  virtual,
} from './vrrp-network.ts'

const [we, they] = ['192.0.2.1', '192.0.2.2']
const due = downInterval(100, 100)

test('an operator on the command line', async t => {
  const scene = await pair(t)
  const { one, client, seen, first, second } = scene
  const chapter = chapters(t, scene)

  await chapter('diarch status says who leads, since when, and why', async () => {
    const leader = (await first.cli('status')).stdout
    assert.match(
      leader,
      /^V1 +MASTER .* 150 +192\.0\.2\.100\/24 on eth0, VRID 51 +no master was heard/m,
    )
    const follower = (await second.cli('status')).stdout
    assert.match(follower, /^V1 +BACKUP .* 100 +\(192\.0\.2\.100\/24\) on eth0, VRID 51/m)
  })

  await chapter('diarch failover: at once, and it stays there until asked again', async () => {
    const prober = await probe(client, virtual)
    const asked = Date.now()
    const { stdout, code } = await first.cli('failover')
    assert.deepEqual([code, /V1/.test(stdout)], [0, true])
    const { wait, lastPriority } = await takeover(seen, { from: we, to: they, since: asked })
    assert.equal(lastPriority, 0)
    const given = seen.adverts().find(a => a.source === we && a.priority === 0)!.time
    assert.ok(wait < due / 2, `${wait} ms after priority 0, where ${due} ms are lost`)
    await second.untilRouter('V1', r => r.state === 'MASTER' && /given up/.test(r.why))
    await until('it is gone', async () => !(await holdsVirtual(one)))

    // It has the higher priority and may preempt; somebody has asked it not to lead.
    await seen.untilAdvert(a => a.source === they && a.time > given + 2 * due)
    assert.equal((await first.router('V1')).state, 'BACKUP')
    assert.ok(!seen.adverts().some(a => a.source === we && a.time > given && a.priority > 0))

    const none = await first.cli('failover')
    assert.notEqual(none.code, 0)
    assert.match(none.stderr, /V1 is BACKUP/)
    const wrong = await first.cli('failover', 'V7')
    assert.notEqual(wrong.code, 0)
    assert.match(wrong.stderr, /V7/)

    await second.cli('failover', 'V1')
    await first.untilRouter('V1', 'MASTER')
    await second.untilRouter('V1', 'BACKUP')
    const later = ({ start }: { start: number }) => start > asked
    const longest = Math.max(
      0,
      ...prober
        .gaps()
        .filter(later)
        .map(gap => gap.length),
    )
    if (prober.held().some(later)) return
    assert.ok(longest < due / 2, `${longest} ms without the address`)
  })

  await chapter('diarch events says what was', async () => {
    const { stdout } = await second.cli('events')
    assert.match(stdout, /V1 +master-changed +the master is 192\.0\.2\.1, priority 150/)
    assert.match(stdout, /V1 +master +the master 192\.0\.2\.1 has given up/)
    const json = JSON.parse((await first.cli('events', '--json')).stdout)
    assert.deepEqual(Object.keys(json[0]).sort(), ['about', 'at', 'event', 'text', 'times'])
  })
})

test('diarch maintenance: this box holds nothing, also after it was started again', async t => {
  const { one, seen, first, second } = await pair(t)
  const asked = Date.now()
  const on = await first.cli('maintenance', 'on')
  assert.equal(on.code, 0, on.stderr)
  const { lastPriority } = await takeover(seen, { from: we, to: they, since: asked })
  assert.equal(lastPriority, 0)
  await first.untilRouter('V1', r => r.state === 'FAULT' && /^maintenance since/.test(r.why))
  await second.untilRouter('V1', 'MASTER')
  assert.notEqual((await first.status()).maintenance, null)

  await first.stop()
  const restarted = Date.now()
  const again = await diarch(one, config({ V1: router(150) }))
  await again.untilRouter('V1', r => r.state === 'FAULT' && /^maintenance since/.test(r.why))
  await seen.untilAdvert(a => a.source === they && a.time > restarted + 1.5 * due)
  assert.ok(!seen.adverts().some(a => a.source === we && a.time > restarted))
  await again.crash()
  const third = await diarch(one, config({ V1: router(150) }))
  await third.untilRouter('V1', 'FAULT')

  const off = await third.cli('maintenance', 'off')
  assert.equal(off.code, 0, off.stderr)
  await third.untilRouter('V1', 'MASTER')
  await second.untilRouter('V1', 'BACKUP')
  const events = (await third.events()).map(e => e.event)
  assert.ok(events.includes('maintenance-off'), events.join())
})

test('the owner of the address leads at once, and keeps its address in every state', async t => {
  const { one, seen, first, second } = await pair(t, box => ({
    ...(box === 1 ? { priority: 255 } : {}),
    virtualAddresses: [`${we}/24`],
  }))
  const { why, priority } = await first.router('V1')
  assert.deepEqual([why, priority.effective], ['it owns the addresses', 255])
  const word = seen.adverts()[0]!
  assert.deepEqual([word.source, word.priority, word.addresses], [we, 255, [we]])
  const stopped = Date.now()
  await first.stop()
  await takeover(seen, { from: we, to: they, since: stopped })
  await second.untilRouter('V1', 'MASTER')
  assert.ok((await one.addresses('eth0')).includes(`${we}/24`))
})

test('with a virtual MAC address a takeover teaches the client nothing new', async t => {
  const { one, two, client, seen, first, second } = await pair(t, { virtualMac: true })
  const mac = '00:00:5e:00:01:33'
  assert.equal(await client.pings(virtual), true)
  assert.equal(await neighbour(client, virtual), mac)
  const asked = Date.now()
  await first.cli('failover')
  await second.untilRouter('V1', 'MASTER')
  await seen.untilAnnouncement(a => a.time > asked && a.address === virtual && a.mac === mac)
  assert.equal(await client.pings(virtual), true)
  assert.equal(await neighbour(client, virtual), mac)
  for (const [host, there] of [
    [one, false],
    [two, true],
  ] as const) {
    const all = await host.must('ip', ['-4', 'address', 'show'])
    assert.equal(all.includes(`${virtual}/`), there, all)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seconds } from '../../appliance/values/duration.ts'
import type { Capture } from '../lab/namespaces/capture.ts'
import { Owners } from '../lab/namespaces/owners.ts'
import {
  chapters,
  downInterval,
  holdsVirtual,
  neighbour,
  pair,
  takeover,
  until,
  virtual,
} from './vrrp-network.ts'

const [we, they] = ['192.0.2.1', '192.0.2.2']
const interval = 100

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** The loser is silent within an interval of the winner's first word, and the winner announces. */
const oneOwner = async (
  seen: Capture,
  { winner, loser, since }: { winner: string; loser: string; since: number },
): Promise<number> => {
  const first = await seen.untilAdvert(a => a.source === winner && a.time > since && a.priority > 0)
  await seen.untilAdvert(a => a.source === winner && a.time > first.time + 4 * interval)
  const last = seen.adverts().findLast(a => a.source === loser && a.priority > 0)
  const both = (last?.time ?? 0) - first.time
  assert.ok(both < interval, `${both} ms with two masters, where an interval is ${interval} ms`)
  return first.time
}

test('who stands still', async t => {
  const scene = await pair(t)
  const { one, two, client, seen, first, second } = scene
  const chapter = chapters(t, scene)
  const [mac, otherMac] = [await one.mac('eth0'), await two.mac('eth0')]

  const standStill = async (pause: () => void, resume: () => void) => {
    assert.equal(await client.pings(virtual), true)
    assert.equal(await neighbour(client, virtual), mac)
    const paused = Date.now()
    pause()
    await second.untilRouter('V1', 'MASTER')
    assert.equal(await client.pings(virtual), true)
    assert.equal(await neighbour(client, virtual), otherMac, 'the client has learned the other one')
    await sleep(paused + 2000 - Date.now())

    const resumed = Date.now()
    resume()
    const back = await oneOwner(seen, { winner: we, loser: they, since: resumed })
    await first.untilEvent(e => e.event === 'paused' && / for [12]\.\d s: /.test(e.text))
    const claims = seen.adverts().filter(a => a.source === we && a.time > resumed && a.priority > 0)
    const answered = seen.adverts().find(a => a.source === they && a.time > resumed)
    assert.ok((answered?.time ?? 0) < (claims[0]?.time ?? 0), 'it gave way before it led again')
    await seen.untilAnnouncement(a => a.address === virtual && a.mac === mac && a.time >= back - 1)
    await second.untilRouter('V1', 'BACKUP')
    assert.equal((await first.router('V1')).state, 'MASTER')
    assert.deepEqual([await holdsVirtual(one), await holdsVirtual(two)], [true, false])
    assert.equal(await neighbour(client, virtual), mac)
    assert.equal(await client.pings(virtual), true)
  }

  await chapter('vrrpd for 2 s: one owner again at once, and it announces', async () => {
    await first.afterHeartbeat()
    await standStill(
      () => first.signalVrrpd('SIGSTOP'),
      () => first.signalVrrpd('SIGCONT'),
    )
  })

  await chapter('the whole box for 2 s: one owner again at once, and it announces', () =>
    standStill(
      () => first.pause(),
      () => first.resume(),
    ),
  )

  await chapter('the whole box for good: the kernel drops the addresses by itself', async () => {
    first.pause()
    await second.untilRouter('V1', 'MASTER')
    assert.equal(await holdsVirtual(one), true)
    await until('the lease has run out', async () => !(await holdsVirtual(one)), seconds(10))
    first.resume()
    await first.untilRouter('V1', 'MASTER')
    await until('the address is back', () => holdsVirtual(one))
    // All of them have lost the same time: nobody was taken for hung.
    for (const { name, restarts } of (await first.status()).processes) {
      assert.equal(restarts, 0, name)
    }
  })

  await chapter('vrrpd, and nobody takes its place: it puts back what was taken', async () => {
    const running = first.pidOf('vrrpd')
    second.pause()
    await first.afterHeartbeat()
    first.signalVrrpd('SIGSTOP')
    await until('the supervisor takes the address', async () => !(await holdsVirtual(one)))
    const resumed = Date.now()
    first.signalVrrpd('SIGCONT')
    await until('the address is back', () => holdsVirtual(one))
    await seen.untilAnnouncement(a => a.address === virtual && a.mac === mac && a.time >= resumed)
    await first.untilEvent(e => e.about === 'V1' && e.event === 'mute')
    await first.untilEvent(e => e.event === 'address-restored')
    assert.equal(first.pidOf('vrrpd'), running)
    assert.equal((await first.router('V1')).state, 'MASTER')
    assert.equal(await client.pings(virtual), true)
    second.resume()
  })

  await chapter('vrrpd for good: it is ended and started again', async () => {
    const hung = first.pidOf('vrrpd')
    const owners = await Owners.watch([one, two], virtual)
    const stopped = Date.now()
    first.signalVrrpd('SIGSTOP')
    const { wait } = await takeover(seen, { from: we, to: they, since: stopped })
    const due = downInterval(100, interval)
    assert.ok(wait > due * 0.97 && wait < due * 2, `${wait} ms, where ${due} ms are due`)
    await until('vrrpd is another process', async () => {
      const { processes } = await first.status()
      const { state, restarts } = processes.find(({ name }) => name === 'vrrpd')!
      return state === 'running' && restarts === 1
    })
    assert.notEqual(first.pidOf('vrrpd'), hung)
    const released = await first.untilEvent(e => e.about === 'V1' && e.event === 'released')
    const both = owners.longest(2, stopped)
    const mute = Date.parse(released.at) - stopped
    assert.ok(both < mute / 4, `two kernels have it for ${both} ms, and it is mute for ${mute} ms`)
    await owners.stop()
  })

  await chapter('and all is well in the end', async () => undefined)
})

test('who does not preempt stands still for 2 s, and is no longer master', async t => {
  const { one, two, client, seen, first, second } = await pair(t, { preempt: false })
  first.pause()
  await second.untilRouter('V1', 'MASTER')
  assert.equal(await client.pings(virtual), true)
  await sleep(2000)
  const resumed = Date.now()
  first.resume()
  await first.untilRouter('V1', r => r.state === 'BACKUP' && r.master?.address === they)
  const ours = seen.adverts().filter(a => a.source === we && a.time > resumed && a.priority > 0)
  assert.deepEqual(ours, [], 'it listens before it leads')
  await until('the address is gone', async () => !(await holdsVirtual(one)))
  assert.equal((await second.router('V1')).state, 'MASTER')
  assert.equal(await neighbour(client, virtual), await two.mac('eth0'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diarch } from '../lab/namespaces/diarch.ts'
import {
  chapters,
  config,
  downInterval,
  holdsVirtual,
  network,
  pair,
  router,
  takeover,
  until,
  virtual,
} from './vrrp-network.ts'

const [we, they] = ['192.0.2.1', '192.0.2.2']
/** What the other one would wait for without a word. */
const due = downInterval(100, 100)

test('processes die', async t => {
  const scene = await pair(t)
  const { one, two, seen, first, second } = scene
  const chapter = chapters(t, scene)

  await chapter('vrrpd on the master: priority 0 and no address at once', async () => {
    const killed = Date.now()
    first.signalVrrpd('SIGKILL')
    const { wait, lastPriority } = await takeover(seen, { from: we, to: they, since: killed })
    // Both are done at one blow.
    assert.equal(await holdsVirtual(one), false)
    assert.equal(lastPriority, 0)
    assert.ok(wait < due * 0.9, `${wait} ms after priority 0, where ${due} ms are lost`)
    const word = seen.adverts().findLast(a => a.source === we && a.priority > 0 && a.time < killed)!
    const next = seen.adverts().find(a => a.source === they && a.priority > 0 && a.time > killed)!
    const outage = next.time - word.time
    assert.ok(outage < due, `${outage} ms after its last advert, where silence takes ${due} ms`)
    await second.untilRouter('V1', 'MASTER')
    await first.untilEvent(e => e.about === 'V1' && e.event === 'released')
  })

  await chapter('vrrpd on the backup: nobody hears of it', async () => {
    const { since } = await first.router('V1')
    const killed = Date.now()
    second.signalVrrpd('SIGKILL')
    await second.untilRouter('V1', r => Date.parse(r.since) > killed && r.state === 'BACKUP')
    assert.deepEqual(
      seen.adverts().filter(a => a.source === they && a.time > killed),
      [],
    )
    const after = await first.router('V1')
    assert.deepEqual([after.state, after.since], ['MASTER', since])
    assert.equal(await holdsVirtual(two), false)
  })

  await chapter('a second one on the same box is refused, and the first stays', async () => {
    const { since } = await first.router('V1')
    const where = ['--config', '/run/diarch.json', '--state', '/run/state', '--web-port', '0']
    const { code, stderr, stdout } = await first.cli('run', ...where)
    assert.equal(code, 1, stdout)
    assert.match(stderr, /supervisor: failed: another supervisor keeps its state in /)
    const after = await first.router('V1')
    assert.deepEqual([after.state, after.since], ['MASTER', since])
  })

  await chapter('the supervisor: vrrpd gives up in order and ends', async () => {
    const vrrpd = first.pidOf('vrrpd')
    const killed = Date.now()
    await first.supervisor.kill()
    const { wait, lastPriority } = await takeover(seen, { from: we, to: they, since: killed })
    assert.equal(lastPriority, 0)
    assert.ok(wait < due * 0.9, `${wait} ms after priority 0, where ${due} ms are lost`)
    await second.untilRouter('V1', 'MASTER')
    await until('the address is gone', async () => !(await holdsVirtual(one)))
    await until('vrrpd has ended', async () => !isAlive(vrrpd))
  })
})

test('a power cut: the other one takes over in time, and the box starts clean', async t => {
  const { one, links, seen, first, second, client } = await pair(t)
  await links[0].silence('both')
  const cut = Date.now()
  await first.crash()
  const { wait, lastPriority } = await takeover(seen, { from: we, to: they, since: cut })
  assert.equal(lastPriority, 150)
  assert.ok(wait > due * 0.97 && wait < due * 2, `${wait} ms, where ${due} ms are due`)
  await second.untilRouter('V1', 'MASTER')
  assert.equal(await client.pings(virtual), true)

  assert.equal(await holdsVirtual(one), true, 'the kernel of the lab still has it')
  await links[0].heal()
  const lower = await diarch(one, config({ V1: router(50) }))
  await until('it is taken away', async () => !(await holdsVirtual(one)))
  await lower.reload(config({ V1: router(150) }))
  await lower.untilRouter('V1', 'MASTER')
  await second.untilRouter('V1', 'BACKUP')
})

test('vrrpd dies, and the other one believes what is said for it', async t => {
  const { one, two } = await network(t)
  const signed = { hmac: { keys: [{ id: 1, secret: 'a secret of the pair, 32 bytes long' }] } }
  const [first, second] = await Promise.all(
    ([1, 2] as const).map(box => {
      const flavours = {
        SIGNED: { authentication: signed },
        PASSWORD: { version: 2, authentication: { password: 'secret' } },
        UNICAST: { unicast: { peers: [box === 1 ? they : we] } },
        IPV6: { virtualAddresses: ['2001:db8::100/64'] },
      }
      const routers = Object.entries(flavours).map(([name, more], i) => [
        name,
        router(box === 1 ? 150 : 100, {
          virtualRouterId: 51 + i,
          virtualAddresses: [`192.0.2.${101 + i}/24`],
          ...more,
        }),
      ])
      return diarch(box === 1 ? one : two, config(Object.fromEntries(routers)))
    }),
  )
  const names = ['SIGNED', 'PASSWORD', 'UNICAST', 'IPV6']
  for (const name of names) {
    await first!.untilRouter(name, 'MASTER')
    await second!.untilRouter(name, r => r.master?.priority === 150)
  }
  first!.signalVrrpd('SIGKILL')
  for (const name of names) {
    const { why, counters } = await second!.untilRouter(name, 'MASTER')
    assert.match(why, /has given up$/, name)
    assert.deepEqual([counters.priorityZeroReceived, counters.rejected], [1, {}], name)
  }
})

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diarch } from '../lab/namespaces/diarch.ts'
import { config, downInterval, pair, router, takeover, until } from './vrrp-network.ts'

const [we, they] = ['192.0.2.1', '192.0.2.2']
const virtual = '192.0.2.100/24'
/** What the other one would wait for without a word. */
const due = downInterval(100, 100)

test('vrrpd dies on the master: priority 0 and no address at once, and it comes back', async t => {
  const { one, seen, first, second } = await pair(t)
  const killed = Date.now()
  first.signalVrrpd('SIGKILL')
  const { wait, lastPriority } = await takeover(seen, { from: we, to: they, since: killed })
  // Both are done at one blow.
  assert.ok(!(await one.addresses('eth0')).includes(virtual))
  assert.equal(lastPriority, 0)
  assert.ok(wait < due * 0.9, `${wait} ms after priority 0, where ${due} ms are lost`)
  const words = seen.adverts().filter(a => a.source === we && a.priority > 0 && a.time < killed)
  const outage = (await firstWordOf(they, killed)).time - words.at(-1)!.time
  assert.ok(outage < due, `${outage} ms after its last advert, where silence takes ${due} ms`)
  await second.untilRouter('V1', 'MASTER')

  await first.untilEvent(e => e.about === 'V1' && e.event === 'released')
  await first.untilRouter('V1', 'MASTER')
  await second.untilRouter('V1', 'BACKUP')
  assert.ok((await one.addresses('eth0')).includes(virtual))

  async function firstWordOf(source: string, since: number) {
    return seen.untilAdvert(a => a.source === source && a.time > since && a.priority > 0)
  }
})

const signed = { hmac: { keys: [{ id: 1, secret: 'a secret of the pair, 32 bytes long' }] } }

for (const [flavour, more] of [
  ['signed', { authentication: signed }],
  ['with a password', { version: 2, authentication: { password: 'secret' } }],
  ['unicast', (box: 1 | 2) => ({ unicast: { peers: [box === 1 ? they : we] } })],
  ['IPv6', { virtualAddresses: ['2001:db8::100/64'] }],
] as const) {
  test(`vrrpd dies on the master, ${flavour}: the other one believes the priority 0`, async t => {
    const { first, second } = await pair(t, more)
    first.signalVrrpd('SIGKILL')
    const { why, counters } = await second.untilRouter('V1', 'MASTER')
    assert.match(why, /has given up$/)
    assert.deepEqual([counters.priorityZeroReceived, counters.rejected], [1, {}])
  })
}

test('vrrpd dies on the backup: nobody hears of it', async t => {
  const { two, seen, first, second } = await pair(t)
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
  assert.ok(!(await two.addresses('eth0')).includes(virtual))
})

test('the supervisor dies: vrrpd gives up in order and ends', async t => {
  const { one, seen, first, second } = await pair(t)
  const vrrpd = first.pidOf('vrrpd')
  const killed = Date.now()
  await first.supervisor.kill()
  const { wait, lastPriority } = await takeover(seen, { from: we, to: they, since: killed })
  assert.equal(lastPriority, 0)
  assert.ok(wait < due * 0.9, `${wait} ms after priority 0, where ${due} ms are lost`)
  await second.untilRouter('V1', 'MASTER')
  await until('the address is gone', async () => !(await one.addresses('eth0')).includes(virtual))
  await until('vrrpd has ended', async () => !isAlive(vrrpd))
})

test('a power cut: the other one takes over when the down interval is over', async t => {
  const { one, links, seen, first, second, client } = await pair(t)
  await links[0].silence('out')
  const cut = Date.now()
  await first.crash()
  const { wait, lastPriority } = await takeover(seen, { from: we, to: they, since: cut })
  assert.equal(lastPriority, 150)
  assert.ok(wait > due * 0.97 && wait < due * 2, `${wait} ms, where ${due} ms are due`)
  await second.untilRouter('V1', 'MASTER')
  assert.equal(await client.pings('192.0.2.100'), true)

  await links[0].heal()
  const again = await diarch(one, config({ V1: router(150) }))
  await again.untilRouter('V1', 'MASTER')
  await second.untilRouter('V1', 'BACKUP')
})

test('a box that starts takes away the addresses that a dead one has left', async t => {
  const { one, links, first, second } = await pair(t)
  await links[0].silence('both')
  await first.crash()
  await links[0].heal()
  await second.untilRouter('V1', 'MASTER')
  assert.ok((await one.addresses('eth0')).includes(virtual), 'the kernel still has it')
  await diarch(one, config({ V1: router(50) }))
  await until('it is gone', async () => !(await one.addresses('eth0')).includes(virtual))
})

test('a second one on the same box is refused, and the first does not notice', async t => {
  const { one, first } = await pair(t)
  const { since } = await first.router('V1')
  const { code, stderr, stdout } = await first.cli(
    ...['run', '--config', '/run/diarch.json', '--state', '/run/state', '--web-port', '0'],
  )
  assert.equal(code, 1, stdout)
  assert.match(stderr, /supervisor: failed: .*control\.sock/)
  const after = await first.router('V1')
  assert.deepEqual([after.state, after.since], ['MASTER', since])
  assert.ok((await one.addresses('eth0')).includes(virtual))
})

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

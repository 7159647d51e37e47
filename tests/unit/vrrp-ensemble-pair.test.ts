import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import { Lan, lastChange, router, words } from './vrrp-ensemble-words.ts'
import { ms } from './vrrp-router-words.ts'

/** Two boxes, anna (lower address) and bert, that hear each other. */

const [low, high] = ['192.0.2.10', '192.0.2.20']

test('the higher priority becomes master, the other follows it', () => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ priority: 150 }))
  const bert = lan.add('bert', high, router({ priority: 100 }))
  lan.runUntil(1000)
  assert.deepEqual(lan.masters(), ['anna'])
  assert.equal(lastChange(anna, 'master'), 300 + (106 * 100) / 256)
  assert.equal(lastChange(bert, 'master'), null)
  const { state } = bert.state()
  assert.ok(state.kind === 'backup')
  assert.deepEqual(state.master, { address: low, priority: 150, interval: 100 })
})

/** Both become master while they do not hear each other. */
function bothMasters(anna: string, bert: string, change: Partial<RouterConfig> = {}): Lan {
  const lan = new Lan()
  lan.cut.add('anna eth0').add('bert eth0')
  lan.add('anna', anna, router(change))
  lan.add('bert', bert, router(change))
  lan.runUntil(1000)
  assert.deepEqual(lan.masters(), ['anna', 'bert'])
  lan.cut.clear()
  return lan
}

test('equal priorities: the higher address wins', () => {
  const lan = bothMasters(low, high)
  lan.runUntil(1200)
  assert.deepEqual(lan.masters(), ['bert'])
})

test('equal priorities: addresses compare as numbers, not as text', () => {
  const lan = bothMasters('192.0.2.9', '192.0.2.10')
  lan.runUntil(1200)
  assert.deepEqual(lan.masters(), ['bert'])
})

test('equal priorities: a backup leaves the master of the lower address in peace', () => {
  const lan = new Lan()
  lan.add('anna', low, router())
  lan.runUntil(1000)
  lan.add('bert', high, router())
  lan.runUntil(9000)
  assert.deepEqual(lan.masters(), ['anna'])
})

test('a silent master is replaced after the down interval, not before', () => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ priority: 150 }))
  const bert = lan.add('bert', high, router({ priority: 100 }))
  lan.runUntil(1000)
  const lastAdvert = anna.said.findLast(each => each.effect === 'SendAdvert')!.at
  anna.dead = true
  lan.runUntil(2000)
  assert.equal(lastChange(bert, 'master'), lastAdvert + 360.9375)
})

const handOver = (handover: 'at-once' | 'after-skew') => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ priority: 150 }))
  const bert = lan.add('bert', high, router({ priority: 100, handover }))
  lan.runUntil(1000)
  lan.tell(anna, () => anna.feed(1000, { input: 'StopRequested', why: 'SIGTERM' }))
  lan.runUntil(2000)
  return lastChange(bert, 'master')
}

test('hand-over at once: the backup is master in the same moment', () => {
  assert.equal(handOver('at-once'), 1000)
})

test('hand-over after the skew: the backup waits for it', () => {
  assert.equal(handOver('after-skew'), 1060.9375)
})

test('hand-over at once: of two backups the better one has it in the end', () => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ priority: 200 }))
  lan.add('bert', high, router({ priority: 100 }))
  lan.add('cleo', '192.0.2.30', router({ priority: 150 }))
  lan.runUntil(1000)
  lan.tell(anna, () => anna.feed(1000, { input: 'StopRequested', why: 'SIGTERM' }))
  lan.runUntil(1001)
  assert.deepEqual(lan.masters(), ['cleo'])
})

test('failover: the patient backup does not preempt right back', () => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ priority: 150 }))
  lan.add('bert', high, router({ priority: 100 }))
  lan.runUntil(1000)
  lan.tell(anna, () => anna.feed(1000, { input: 'FailoverRequested', router: 'web' }))
  lan.runUntil(60_000)
  assert.deepEqual(lan.masters(), ['bert'])
  const { state } = anna.state()
  assert.ok(state.kind === 'backup' && state.patient)
})

test('failover: the patient backup takes over when the peer dies, and is patient no longer', () => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ priority: 150 }))
  const bert = lan.add('bert', high, router({ priority: 100 }))
  lan.runUntil(1000)
  lan.tell(anna, () => anna.feed(1000, { input: 'FailoverRequested', router: 'web' }))
  lan.runUntil(2000)
  bert.dead = true
  lan.runUntil(3000)
  assert.deepEqual(lan.masters(), ['anna'])
  assert.equal(anna.state().state.why, 'the master 192.0.2.20 is silent')
  bert.dead = false
  lan.runUntil(4000)
  assert.deepEqual(lan.masters(), ['anna'])
})

test('failover: with nobody to take it, it comes back', () => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router())
  lan.runUntil(1000)
  lan.tell(anna, () => anna.feed(1000, { input: 'FailoverRequested', router: null }))
  lan.runUntil(2000)
  assert.equal(lastChange(anna, 'master'), 1360.9375)
})

test('preempt: the better one that comes later takes over after its silence', () => {
  const lan = new Lan()
  lan.add('anna', low, router({ priority: 100 }))
  lan.runUntil(1000)
  const bert = lan.add('bert', high, router({ priority: 150 }))
  lan.runUntil(2000)
  assert.deepEqual(lan.masters(), ['bert'])
  assert.equal(lastChange(bert, 'master'), 1000 + 300 + (106 * 100) / 256)
  assert.equal(bert.state().state.why, 'preempts 192.0.2.10, whose priority is 100')
})

test('nopreempt: the better one that comes later follows', () => {
  const lan = new Lan()
  lan.add('anna', low, router({ priority: 100 }))
  lan.runUntil(1000)
  lan.add('bert', high, router({ priority: 150, preempt: false }))
  lan.runUntil(9000)
  assert.deepEqual(lan.masters(), ['anna'])
})

test('nopreempt: two that have become master both are decided all the same', () => {
  const lan = bothMasters(low, high, { preempt: false })
  lan.runUntil(1200)
  assert.deepEqual(lan.masters(), ['bert'])
})

test('preempt delay: counted from the first advert of the lower master', () => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ priority: 100 }))
  lan.runUntil(1000)
  const bert = lan.add('bert', high, router({ priority: 150, preemptDelay: ms(5000) }))
  lan.runUntil(20_000)
  const first = anna.said.find(each => each.effect === 'SendAdvert' && each.at > 1000)!.at
  const took = lastChange(bert, 'master')!
  assert.ok(took >= first + 5000, `${took}`)
  assert.ok(took <= first + 5000 + 341.40625 + 1e-9, `${took}`)
})

test('preempt delay: nobody waits for it when the lower master dies', () => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ priority: 100 }))
  lan.runUntil(1000)
  const bert = lan.add('bert', high, router({ priority: 150, preemptDelay: ms(60_000) }))
  lan.runUntil(3000)
  anna.dead = true
  lan.runUntil(4000)
  assert.ok(lastChange(bert, 'master')! <= 3000 + 341.40625)
})

test('an owner is master from its start on', () => {
  const lan = new Lan()
  lan.add('anna', low, router({ priority: 254 }))
  lan.runUntil(1000)
  const bert = lan.add('bert', high, router({ priority: 255 }))
  assert.deepEqual(lan.masters(), ['bert'])
  assert.equal(bert.state().state.why, 'it owns the addresses')
})

test('two owners: the higher address wins, and the other one comes when it dies', () => {
  const lan = new Lan()
  lan.add('anna', low, router({ priority: 255 }))
  const bert = lan.add('bert', high, router({ priority: 255 }))
  lan.runUntil(5000)
  assert.deepEqual(lan.masters(), ['bert'])
  bert.dead = true
  lan.runUntil(6000)
  assert.deepEqual(lan.masters(), ['anna'])
})

test('v3: a backup learns the interval of its master', () => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ priority: 150, interval: ms(1000) }))
  const bert = lan.add('bert', high, router({ priority: 100, interval: ms(400) }))
  lan.runUntil(20_000)
  assert.deepEqual(lan.masters(), ['anna'])
  const lastAdvert = anna.said.findLast(each => each.effect === 'SendAdvert')!.at
  anna.dead = true
  lan.runUntil(30_000)
  assert.equal(lastChange(bert, 'master'), lastAdvert + 3609.375)
})

test('v2: whole seconds, and a skew that does not know them', () => {
  const v2 = { version: 2, interval: ms(2000), handover: 'after-skew' } as const
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ ...v2, priority: 150 }))
  const bert = lan.add('bert', high, router({ ...v2, priority: 100 }))
  lan.runUntil(20_000)
  assert.equal(lastChange(anna, 'master'), 6000 + (106 * 1000) / 256)
  lan.tell(anna, () => anna.feed(20_000, { input: 'StopRequested', why: 'SIGTERM' }))
  lan.runUntil(30_000)
  assert.equal(lastChange(bert, 'master'), 20_000 + 609.375)
})

test('a longer interval on the master: one lost advert does not cost mastership', () => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ priority: 150 }))
  const bert = lan.add('bert', high, router({ priority: 100 }))
  lan.runUntil(1000)
  lan.cut.add('anna eth0')
  lan.tell(anna, () => anna.configure(1000, [router({ priority: 150, interval: ms(5000) })]))
  lan.cut.clear()
  lan.runUntil(60_000)
  assert.equal(lastChange(bert, 'master'), null)
})

test('a carrier is lost, and the second path tells the peer at once', () => {
  const paths = { secondPaths: ['eth1'] }
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ ...paths, priority: 150 }))
  const bert = lan.add('bert', high, router({ ...paths, priority: 100 }))
  lan.runUntil(1000)
  lan.cut.add('anna eth0')
  lan.tell(anna, () => anna.seeOn(1000, 'eth0', { down: 'no carrier' }))
  lan.runUntil(1001)
  assert.deepEqual(lan.masters(), ['bert'])
  assert.equal(lastChange(bert, 'master'), 1000)
})

test('a stall shorter than the down interval changes nothing', () => {
  const lan = new Lan()
  lan.add('anna', low, router({ priority: 150 }))
  const bert = lan.add('bert', high, router({ priority: 100 }))
  lan.runUntil(1000)
  bert.stalled = true
  lan.runUntil(1500)
  lan.resume(bert)
  lan.runUntil(3000)
  assert.equal(lastChange(bert, 'master'), null)
})

test('after a long stall the better one gives way first, and leads again in order', () => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ priority: 150 }))
  lan.add('bert', high, router({ priority: 100 }))
  lan.runUntil(1000)
  anna.stalled = true
  lan.runUntil(3000)
  assert.equal(lan.masters().length, 2)
  lan.resume(anna)
  lan.runUntil(3000)
  assert.deepEqual(lan.masters(), ['bert'])
  const spoken = anna.said.filter(each => each.effect === 'SendAdvert' && each.at >= 3000)
  assert.deepEqual(words(spoken), ['web: send 0'])
  lan.runUntil(3400)
  assert.deepEqual(lan.masters(), ['anna'])
  const announced = anna.said.filter(each => each.effect === 'Announce' && each.at >= 3000)
  assert.deepEqual(words(announced), ['web: announce took-over', 'web: announce contested'])
})

test('after a pause in which the packets got lost it tells the neighbours again as well', () => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ priority: 150 }))
  lan.add('bert', high, router({ priority: 100 }))
  lan.runUntil(1000)
  anna.stalled = true
  lan.runUntil(3000)
  anna.waiting.length = 0
  lan.resume(anna)
  lan.runUntil(5000)
  assert.deepEqual(lan.masters(), ['anna'])
  const announced = anna.said.filter(each => each.effect === 'Announce' && each.at >= 3000)
  assert.deepEqual(words(announced), [
    'web: announce was-away',
    'web: announce repeat',
    'web: announce repeat',
  ])
})

test('nopreempt: after a long stall it leaves the peer master, were packets lost or not', () => {
  for (const lost of [false, true]) {
    const lan = new Lan()
    const anna = lan.add('anna', low, router({ priority: 150, preempt: false }))
    const bert = lan.add('bert', high, router({ priority: 100, preempt: false }))
    lan.runUntil(1000)
    anna.stalled = true
    lan.runUntil(3000)
    if (lost) anna.waiting.length = 0
    lan.resume(anna)
    lan.runUntil(3100)
    assert.deepEqual(lan.masters(), ['bert'])
    lan.runUntil(60_000)
    assert.deepEqual(lan.masters(), ['bert'])
    assert.equal(lastChange(bert, 'backup'), 0)
  }
})

test('a backup whose box was paused listens before it takes over', () => {
  const lan = new Lan()
  lan.add('anna', low, router({ priority: 150 }))
  const bert = lan.add('bert', high, router({ priority: 100 }))
  lan.runUntil(1000)
  bert.stalled = true
  lan.runUntil(9000)
  bert.waiting.length = 0
  lan.resume(bert)
  lan.runUntil(20_000)
  assert.equal(lastChange(bert, 'master'), null)
})

test('a backup whose box was paused takes over when it hears nobody then', () => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ priority: 150 }))
  const bert = lan.add('bert', high, router({ priority: 100 }))
  lan.runUntil(1000)
  bert.stalled = true
  anna.dead = true
  lan.runUntil(9000)
  lan.resume(bert)
  lan.runUntil(20_000)
  assert.equal(lastChange(bert, 'master'), 9000 + 360.9375)
})

test('a release that is heard and then the same master again: nothing has happened', () => {
  const lan = new Lan()
  lan.add('anna', low, router({ priority: 150 }))
  const bert = lan.add('bert', high, router({ priority: 100, handover: 'after-skew' }))
  lan.runUntil(1050)
  lan.tell(bert, () => bert.hear(1050, 'web', 0, low))
  lan.tell(bert, () => bert.hear(1060, 'web', 150, low))
  const { state } = bert.state()
  assert.ok(state.kind === 'backup')
  assert.equal(state.released, false)
  lan.runUntil(9000)
  assert.equal(lastChange(bert, 'master'), null)
})

test('the source address compares, not what the configuration of the other says', () => {
  const lan = new Lan()
  const anna = lan.add('anna', low, router({ source: ipAddress('192.0.2.99') }))
  lan.runUntil(1000)
  lan.tell(anna, () => anna.hear(1000, 'web', 100, high))
  assert.equal(anna.is(), 'master')
  lan.tell(anna, () => anna.hear(1020, 'web', 100, '192.0.2.100'))
  assert.equal(anna.is(), 'backup')
})

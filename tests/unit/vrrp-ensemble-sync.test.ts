import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { Box, Lan, lastChange, router, words } from './vrrp-ensemble-words.ts'
import { ms } from './vrrp-router-words.ts'

/** `web` on eth0 and `lan` on eth1: a firewall's two sides. */

const [low, high] = ['192.0.2.10', '192.0.2.20']
type Change = Parameters<typeof router>[0]
const web = (change: Change = {}) => router({ syncGroup: 'pair', ...change })
const inner = (change: Change = {}) =>
  router({ name: 'lan', interface: 'eth1', vrid: 52, syncGroup: 'pair', ...change })

const states = (box: Box) => [box.is('web'), box.is('lan')]

function masterOfBoth(): Box {
  const box = new Box('anna', low)
  box.start(0, [web(), inner()])
  box.runUntil(400)
  assert.deepEqual(states(box), ['master', 'master'])
  return box
}

const pair = (lan = new Lan(), ours: Change = { priority: 150 }, theirs: Change = {}) => {
  const anna = lan.add('anna', low, web(ours), inner(ours))
  const bert = lan.add('bert', high, web(theirs), inner(theirs))
  lan.runUntil(1000)
  assert.deepEqual(
    [states(anna), states(bert)],
    [
      ['master', 'master'],
      ['backup', 'backup'],
    ],
  )
  return { lan, anna, bert }
}

test('sync group: all become master in one step', () => {
  const box = new Box('anna', low)
  box.start(0, [web(), inner()])
  assert.deepEqual(words(box.timer(360.9375)), [
    'web: send 100',
    'web: hold',
    'web: announce took-over',
    'web: backup -> master',
    'lan: send 100',
    'lan: hold',
    'lan: announce took-over',
    'lan: backup -> master',
  ])
})

test('sync group: promotion waits for the latest member', () => {
  const box = new Box('anna', low)
  box.start(0, [web(), inner({ interval: ms(200) })])
  assert.equal(box.ensemble.wakeAt(), 721.875)
  // Somebody else on this box wanted to be woken.
  box.timer(700)
  assert.deepEqual(states(box), ['backup', 'backup'])
  box.runUntil(722)
  assert.deepEqual(states(box), ['master', 'master'])
})

test('sync group: a member that hears a master keeps all of them backup', () => {
  const { lan, anna, bert } = pair()
  lan.cut.add('anna eth0')
  lan.runUntil(20_000)
  assert.deepEqual(
    [states(anna), states(bert)],
    [
      ['master', 'master'],
      ['backup', 'backup'],
    ],
  )
  assert.equal(lastChange(bert, 'master'), null)
})

test('sync group: whoever waits for the others is not woken in vain', () => {
  const { lan, bert } = pair()
  lan.cut.add('anna eth0')
  lan.runUntil(20_000)
  assert.ok(bert.ensemble.wakeAt()! > 20_000)
})

test('sync group: the fault of one is the fault of all', () => {
  const box = masterOfBoth()
  const said = box.seeOn(450, 'eth1', { down: 'no carrier' })
  assert.deepEqual(words(said).toSorted(), [
    'lan: master -> fault',
    'lan: release',
    'lan: send 0',
    'web: master -> fault',
    'web: release',
    'web: send 0',
  ])
  assert.equal(box.state('lan').state.why, 'eth1: no carrier')
  assert.equal(box.state('web').state.why, 'sync group: lan: eth1: no carrier')
  box.seeOn(500, 'eth1', { down: null })
  assert.deepEqual(states(box), ['backup', 'backup'])
})

test('sync group: a better master on one side takes all of them', () => {
  const box = masterOfBoth()
  const said = box.hear(450, 'web', 200, high)
  assert.deepEqual(words(said), [
    'web: send 100',
    'web: release',
    'web: master -> backup',
    'lan: send 0',
    'lan: release',
    'lan: master -> backup',
  ])
  assert.equal(box.state('lan').state.why, 'sync group: web is not master')
})

test('sync group: who had to give up with the others is not patient', () => {
  const box = new Box('anna', low)
  const third = inner({ name: 'dmz', vrid: 53 })
  box.start(0, [web(), inner(), third])
  box.runUntil(400)
  box.hear(450, 'web', 200, high)
  for (const name of ['web', 'lan', 'dmz']) {
    const { state } = box.state(name)
    assert.ok(state.kind === 'backup')
    assert.equal(state.patient, false, name)
  }
})

test('sync group: the minimum of the priorities counts for all', () => {
  const box = new Box('anna', low)
  const tracks = [{ tracker: 'check', weight: -30, reverse: false }]
  box.start(0, [web({ priority: 150 }), inner({ priority: 120, tracks })])
  assert.deepEqual([box.state('web').effective, box.state('lan').effective], [120, 120])
  box.runUntil(400)
  const check = { state: 'down', number: null, why: 'exit 1' } as const
  const said = box.feed(450, { input: 'TrackersReported', verdicts: new Map([['check', check]]) })
  assert.deepEqual(words(said), ['web: send 90', 'lan: send 90'])
  assert.deepEqual([box.state('web').priority.value, box.state('web').effective], [150, 90])
})

test('sync group: failover of one is failover of all, and all are patient', () => {
  const { lan, anna, bert } = pair()
  lan.tell(anna, () => anna.feed(1000, { input: 'FailoverRequested', router: 'lan' }))
  lan.runUntil(1001)
  assert.deepEqual(
    [states(anna), states(bert)],
    [
      ['backup', 'backup'],
      ['master', 'master'],
    ],
  )
  lan.runUntil(20_000)
  assert.deepEqual(
    [states(anna), states(bert)],
    [
      ['backup', 'backup'],
      ['master', 'master'],
    ],
  )
  for (const name of ['web', 'lan']) {
    const { state } = anna.state(name)
    assert.ok(state.kind === 'backup' && state.patient, name)
  }
  bert.dead = true
  lan.runUntil(21_000)
  assert.deepEqual(states(anna), ['master', 'master'])
})

test('sync group: stop hands all over at once, and each says so once', () => {
  const { lan, anna, bert } = pair()
  anna.said.length = 0
  lan.tell(anna, () => anna.feed(1000, { input: 'StopRequested', why: 'SIGTERM' }))
  assert.deepEqual(words(anna.said), [
    'web: send 0',
    'web: release',
    'web: master -> initialize',
    'lan: send 0',
    'lan: release',
    'lan: master -> initialize',
  ])
  lan.runUntil(1001)
  assert.deepEqual(states(bert), ['master', 'master'])
})

test('sync group: maintenance hands all over at once', () => {
  const { lan, anna, bert } = pair()
  lan.tell(anna, () => anna.feed(1000, { input: 'MaintenanceSet', why: 'maintenance' }))
  assert.equal(anna.state('lan').state.why, 'maintenance')
  lan.runUntil(1001)
  assert.deepEqual(
    [states(anna), states(bert)],
    [
      ['fault', 'fault'],
      ['master', 'master'],
    ],
  )
})

test('sync group: reload without one member leaves the other master', () => {
  const box = masterOfBoth()
  const said = box.configure(450, [web()])
  assert.deepEqual(words(said), [
    'lan: send 0',
    'lan: release',
    'lan: master -> initialize',
    'web: send 100',
    'web: hold',
  ])
  assert.equal(box.is('web'), 'master')
})

test('sync group: a member that joins becomes master too when nobody else is', () => {
  const box = new Box('anna', low)
  box.start(0, [web()])
  box.runUntil(400)
  box.configure(450, [web(), inner()])
  assert.deepEqual(states(box), ['master', 'backup'])
  box.runUntil(900)
  assert.deepEqual(states(box), ['master', 'master'])
  assert.equal(lastChange(box, 'backup', 'web'), 0)
})

test('sync group: a member that joins and finds a better master takes the others with it', () => {
  const box = new Box('anna', low)
  box.start(0, [web()])
  box.runUntil(400)
  box.configure(450, [web(), inner()])
  assert.deepEqual(words(box.hear(460, 'lan', 150, high)), [
    'lan: notice master-changed',
    'web: send 0',
    'web: release',
    'web: master -> backup',
  ])
})

test('sync group: a member that joins and finds a lower master waits for its place', () => {
  const box = new Box('anna', low)
  box.start(0, [web({ preempt: false })])
  box.runUntil(400)
  box.configure(450, [web({ preempt: false }), inner({ preempt: false })])
  box.hear(460, 'lan', 50, high)
  assert.deepEqual(states(box), ['master', 'backup'])
})

test('sync group: two boxes that each had one side come together', () => {
  const lan = new Lan()
  const alone = { syncGroup: null }
  const anna = lan.add(
    'anna',
    low,
    web({ ...alone, priority: 150 }),
    inner({ ...alone, priority: 50 }),
  )
  const bert = lan.add('bert', high, web(alone), inner(alone))
  lan.runUntil(1000)
  assert.deepEqual(
    [states(anna), states(bert)],
    [
      ['master', 'backup'],
      ['backup', 'master'],
    ],
  )
  lan.tell(anna, () => anna.configure(1000, [web({ priority: 150 }), inner({ priority: 50 })]))
  lan.tell(bert, () => bert.configure(1000, [web(), inner()]))
  lan.runUntil(3000)
  assert.deepEqual(
    [states(anna), states(bert)],
    [
      ['backup', 'backup'],
      ['master', 'master'],
    ],
  )
})

test('sync group: a member in its start delay keeps the others waiting, not failing', () => {
  const box = new Box('anna', low)
  box.start(0, [web(), inner({ startDelay: ms(2000) })])
  box.runUntil(1999)
  assert.deepEqual(states(box), ['backup', 'initialize'])
  box.runUntil(2000)
  assert.deepEqual(states(box), ['backup', 'backup'])
  box.runUntil(2400)
  assert.deepEqual(states(box), ['master', 'master'])
})

test('sync group: owners wait for each other too', () => {
  const box = new Box('anna', low)
  box.start(0, [web({ priority: 255 }), inner({ priority: 255, startDelay: ms(2000) })])
  assert.deepEqual(states(box), ['backup', 'initialize'])
  box.runUntil(2400)
  assert.deepEqual(states(box), ['master', 'master'])
})

test('sync group: a missing source address keeps all in FAULT, a configured one does not', () => {
  const box = new Box('anna', low)
  box.interfaces.set('eth1', { down: null, inet: null, inet6: null })
  box.start(0, [web(), inner()])
  assert.deepEqual(states(box), ['fault', 'fault'])
  box.configure(10, [web(), inner({ source: ipAddress('192.0.2.77') })])
  assert.deepEqual(states(box), ['backup', 'backup'])
})

test('sync group: after a stall of the box all listen, whatever their intervals', () => {
  const box = new Box('anna', low)
  box.start(0, [web(), inner({ interval: ms(1000) })])
  const at = box.ensemble.wakeAt()!
  // Longer than web would wait, shorter than lan would.
  box.timer(at + 2000)
  assert.deepEqual(states(box), ['master', 'master'])
  const other = new Box('bert', low)
  other.start(0, [web(), inner({ interval: ms(1000) })])
  other.timer(at + 4000)
  assert.deepEqual(states(other), ['backup', 'backup'])
})

test('a group of one is a router on its own', () => {
  const box = new Box('anna', low)
  box.start(0, [web()])
  box.runUntil(400)
  assert.equal(box.is('web'), 'master')
})

test('two groups do not know each other', () => {
  const box = new Box('anna', low)
  const other = { syncGroup: 'other' }
  box.start(0, [web(), inner(other)])
  box.runUntil(400)
  assert.deepEqual(words(box.seeOn(450, 'eth1', { down: 'no carrier' })), [
    'lan: send 0',
    'lan: release',
    'lan: master -> fault',
  ])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import type { Verdict } from '../../appliance/vrrp/priority.ts'
import { Box, interfaceWith, router, type Said, words } from './vrrp-ensemble-words.ts'
import { address, ms } from './vrrp-router-words.ts'

/** One box: configuration, interfaces, trackers, maintenance, stop. */

const own = '192.0.2.10'
const takeOver = ['web: send 100', 'web: hold', 'web: announce took-over', 'web: backup -> master']
const giveUp = (to: string, name = 'web') => [
  `${name}: send 0`,
  `${name}: release`,
  `${name}: master -> ${to}`,
]

const whyOf = (said: readonly Said[]): string | undefined =>
  said.find(each => each.effect === 'StateChanged')?.why

/** Master of all of them since 400. */
function masterOf(...routers: Parameters<Box['start']>[1]): Box {
  const box = new Box('anna', own)
  box.start(0, routers)
  box.runUntil(400)
  for (const { name } of routers) assert.equal(box.is(name), 'master')
  return box
}

test('a router begins as backup and becomes master when nobody speaks', () => {
  const box = new Box('anna', own)
  assert.deepEqual(words(box.start(0, [router()])), ['web: initialize -> backup'])
  assert.equal(box.ensemble.wakeAt(), 360.9375)
  assert.deepEqual(box.timer(360.9), [])
  assert.deepEqual(words(box.timer(360.9375)), takeOver)
})

test('a timer may be late by a whole down interval; beyond that the box stood still', () => {
  const box = new Box('anna', own)
  box.start(0, [router()])
  box.timer(2 * 360.9375)
  assert.equal(box.is(), 'master')
  const other = new Box('bert', own)
  other.start(0, [router()])
  assert.deepEqual(other.timer(722), [])
  assert.deepEqual([other.is(), other.ensemble.wakeAt()], ['backup', 722 + 360.9375])
})

test('nothing begins, and nothing is a fault, before the interfaces were looked at', () => {
  const box = new Box('anna', own)
  assert.deepEqual(box.configure(0, [router()]), [])
  assert.equal(box.is(), 'initialize')
  assert.equal(box.ensemble.wakeAt(), null)
  assert.deepEqual(words(box.see(50, box.interfaces)), ['web: initialize -> backup'])
})

test('reload: the same configuration changes nothing', () => {
  const one = router()
  const box = masterOf(one)
  assert.deepEqual(box.configure(450, [one]), [])
})

test('reload: another name keeps mastership', () => {
  const box = masterOf(router())
  const said = box.configure(450, [router({ name: 'shop' })])
  assert.deepEqual(words(said), ['shop: send 100', 'shop: hold'])
  assert.equal(box.is('shop'), 'master')
  assert.equal(box.ensemble.member('web'), null)
})

test('reload: two routers may exchange their names', () => {
  const box = masterOf(router(), router({ name: 'mail', vrid: 52 }))
  box.configure(450, [router({ name: 'mail' }), router({ name: 'web', vrid: 52 })])
  assert.equal(box.state('mail').config.vrid, 51)
  assert.deepEqual([box.is('mail'), box.is('web')], ['master', 'master'])
})

test('reload: the order does not matter', () => {
  const [web, mail] = [router(), router({ name: 'mail', vrid: 52 })]
  const box = masterOf(web, mail)
  assert.deepEqual(box.configure(450, [mail, web]), [])
})

test('reload: changed addresses do not drop mastership', () => {
  const box = masterOf(router())
  const more = router({ addresses: [address('192.0.2.100'), address('192.0.2.101')] })
  assert.deepEqual(words(box.configure(450, [more])), [
    'web: send 100',
    'web: hold',
    'web: announce new-addresses',
  ])
  assert.equal(box.is(), 'master')
})

test('reload: another version, transport or priority does not drop mastership', () => {
  for (const change of [
    router({ version: 2, interval: ms(1000) }),
    router({ priority: 50 }),
    router({
      transport: { kind: 'unicast', peers: [ipAddress('192.0.2.20')], leastTtl: 255, ttl: 255 },
    }),
  ]) {
    const box = masterOf(router())
    const said = words(box.configure(450, [change]))
    assert.deepEqual(said, [`web: send ${change.priority}`, 'web: hold'])
  }
})

test('reload: a router that is no longer configured gives up, and no other', () => {
  const [web, mail] = [router(), router({ name: 'mail', vrid: 52 })]
  const box = masterOf(web, mail)
  const said = box.configure(450, [web])
  assert.deepEqual(words(said), giveUp('initialize', 'mail'))
  assert.equal(whyOf(said), 'it is no longer configured')
  assert.deepEqual([box.is(), box.ensemble.members().length], ['master', 1])
})

test('reload: another virtual router id, family or interface is another router', () => {
  const others = [
    router({ vrid: 52 }),
    router({ interface: 'eth1' }),
    router({ family: 'inet6', addresses: [] }),
  ]
  for (const other of others) {
    const box = masterOf(router())
    const said = box.configure(450, [other])
    assert.deepEqual(words(said), [...giveUp('initialize'), 'web: initialize -> backup'])
  }
})

test('an interface that does not exist is a FAULT, and no longer when it comes', () => {
  const box = new Box('anna', own)
  box.interfaces.delete('eth0')
  assert.deepEqual(words(box.start(0, [router()])), ['web: initialize -> fault'])
  assert.equal(box.state().state.why, 'there is no interface eth0')
  assert.deepEqual(words(box.seeOn(100, 'eth0', interfaceWith(own))), ['web: fault -> backup'])
})

test('an interface that vanishes under a master', () => {
  const box = masterOf(router())
  const said = box.see(450, new Map())
  assert.deepEqual(words(said), giveUp('fault'))
  assert.equal(box.ensemble.wakeAt(), null)
})

test('an interface that goes down says why', () => {
  const box = masterOf(router())
  assert.deepEqual(words(box.seeOn(450, 'eth0', { down: 'no carrier' })), giveUp('fault'))
  assert.equal(box.state().state.why, 'eth0: no carrier')
  assert.deepEqual(box.seeOn(460, 'eth0', { down: 'is switched off' }), [])
  assert.equal(box.state().state.why, 'eth0: is switched off')
  assert.equal(box.state().state.since, 450)
})

test('an interface that no router names changes nothing', () => {
  const box = masterOf(router())
  assert.deepEqual(box.seeOn(450, 'eth1', { down: 'no carrier' }), [])
})

test('an interface without an address cannot speak, unless a source is configured', () => {
  const box = masterOf(router())
  assert.deepEqual(words(box.seeOn(450, 'eth0', { inet: null })), giveUp('fault'))
  assert.equal(box.state().state.why, 'eth0 has no IPv4 address to send adverts from')
  box.seeOn(460, 'eth0', { inet: ipAddress(own), inet6: null })
  assert.equal(box.is(), 'backup')
  box.configure(470, [router({ family: 'inet6', addresses: [] })])
  assert.equal(box.state().state.why, 'eth0 has no link-local IPv6 address to send adverts from')
  const source = ipAddress('192.0.2.77')
  box.see(480, new Map([['eth0', interfaceWith(null)]]))
  box.configure(490, [router({ source })])
  assert.deepEqual([box.is(), box.state().self], ['backup', source])
})

test('a master says it from its new address at once', () => {
  const box = masterOf(router())
  assert.deepEqual(words(box.seeOn(450, 'eth0', { inet: ipAddress('192.0.2.11') })), [
    'web: send 100',
  ])
  assert.equal(box.state().self, '192.0.2.11')
})

const verdicts = (state: Verdict['state']) =>
  new Map([['check', { state, number: null, why: 'exit 1' } as const]])
const report = (box: Box, at: number, state: Verdict['state']) =>
  box.feed(at, { input: 'TrackersReported', verdicts: verdicts(state) })

test('a master that cannot hold its addresses gives up, and comes again when it may', () => {
  const box = masterOf(router(), router({ name: 'mail', vrid: 52 }))
  const why = 'the kernel refuses 192.0.2.100'
  const impede = (at: number, impediments: ReadonlyMap<string, string>) =>
    box.feed(at, { input: 'Impeded', impediments })
  assert.deepEqual(words(impede(450, new Map([['web', why]]))), giveUp('fault'))
  assert.equal(box.state().state.why, why)
  assert.deepEqual(words(impede(900, new Map())), ['web: fault -> backup'])
})

test('a tracker with a weight changes the priority, and the master says so', () => {
  const tracks = [{ tracker: 'check', weight: -30, reverse: false }]
  const box = masterOf(router({ tracks }))
  assert.deepEqual(words(report(box, 450, 'down')), ['web: send 70'])
  assert.equal(box.state().priority.explanation, '100 - 30 check = 70')
  assert.deepEqual(report(box, 451, 'down'), [])
  assert.deepEqual(words(report(box, 470, 'up')), ['web: send 100'])
})

test('a tracker without a weight is a FAULT', () => {
  const box = masterOf(router({ tracks: [{ tracker: 'check', weight: null, reverse: false }] }))
  assert.deepEqual(words(report(box, 450, 'down')), giveUp('fault'))
  assert.equal(box.state().state.why, 'check is down: exit 1')
  assert.deepEqual(words(report(box, 460, 'up')), ['web: fault -> backup'])
})

test('verdicts that came before the configuration count for it', () => {
  const box = new Box('anna', own)
  report(box, 0, 'down')
  box.start(1, [router({ tracks: [{ tracker: 'check', weight: null, reverse: false }] })])
  assert.equal(box.is(), 'fault')
})

const maintain = (box: Box, at: number, why: string | null) =>
  box.feed(at, { input: 'MaintenanceSet', why })

test('maintenance hands everything over and keeps it away until its end', () => {
  const box = masterOf(router(), router({ name: 'mail', vrid: 52 }))
  const said = words(maintain(box, 450, 'maintenance: new disk'))
  assert.deepEqual(said, [...giveUp('fault'), ...giveUp('fault', 'mail')])
  assert.equal(box.state().state.why, 'maintenance: new disk')
  box.runUntil(10_000)
  assert.deepEqual([box.is(), box.is('mail')], ['fault', 'fault'])
  assert.deepEqual(words(maintain(box, 10_000, null)), [
    'web: fault -> backup',
    'mail: fault -> backup',
  ])
})

test('maintenance from before the start', () => {
  const box = new Box('anna', own)
  maintain(box, 0, 'maintenance')
  box.start(1, [router()])
  assert.equal(box.is(), 'fault')
})

test('failover of one router leaves the others alone', () => {
  const box = masterOf(router(), router({ name: 'mail', vrid: 52 }))
  const said = box.feed(450, { input: 'FailoverRequested', router: 'web' })
  assert.deepEqual(words(said), giveUp('backup'))
  assert.equal(whyOf(said), 'a failover was asked for')
  assert.deepEqual(box.feed(450, { input: 'FailoverRequested', router: 'no-such' }), [])
  assert.deepEqual([box.is(), box.is('mail')], ['backup', 'master'])
})

test('failover of all', () => {
  const box = masterOf(router(), router({ name: 'mail', vrid: 52 }))
  const said = box.feed(450, { input: 'FailoverRequested', router: null })
  assert.deepEqual(words(said), [...giveUp('backup'), ...giveUp('backup', 'mail')])
})

test('stop: every master gives up, and then nothing is heard any more', () => {
  const box = masterOf(router(), router({ name: 'mail', vrid: 52 }))
  const said = box.feed(450, { input: 'StopRequested', why: 'SIGTERM' })
  assert.deepEqual(words(said), [...giveUp('initialize'), ...giveUp('initialize', 'mail')])
  assert.equal(box.state().state.why, 'SIGTERM')
  assert.equal(box.ensemble.wakeAt(), null)
  assert.deepEqual(box.timer(9999), [])
  assert.deepEqual(box.configure(9999, [router({ vrid: 53 })]), [])
})

test('start delay: until its end nobody is elected and adverts are not heard', () => {
  const box = new Box('anna', own)
  assert.deepEqual(box.start(0, [router({ startDelay: ms(2000) })]), [])
  assert.equal(box.state().state.why, 'waits for its start delay of 2 s')
  assert.deepEqual(box.hear(500, 'web', 0, '192.0.2.20'), [])
  assert.equal(box.ensemble.wakeAt(), 2000)
  assert.deepEqual(words(box.timer(2000)), ['web: initialize -> backup'])
  assert.equal(box.ensemble.wakeAt(), 2360.9375)
})

test('start delay: a router that is configured long after the start does not wait', () => {
  const box = new Box('anna', own)
  box.start(1000, [router()])
  const late = router({ name: 'mail', vrid: 52, startDelay: ms(2000) })
  box.configure(2999, [router(), late])
  assert.deepEqual([box.is('mail'), box.ensemble.wakeAt()], ['initialize', 1360.9375])
  box.timer(3000)
  assert.equal(box.is('mail'), 'backup')
  box.configure(3000, [router(), late, router({ name: 'dns', vrid: 53, startDelay: ms(2000) })])
  assert.equal(box.is('dns'), 'backup')
})

test('many masters come to speak together, each at its interval', () => {
  const box = new Box('anna', own)
  const many = Array.from({ length: 100 }, (_, i) => {
    return router({ name: `r${i}`, vrid: i + 1, startDelay: ms(i) })
  })
  box.start(0, many)
  box.runUntil(3000)
  const adverts = box.said.filter(({ effect, at }) => effect === 'SendAdvert' && at > 2000)
  const moments = new Set(adverts.map(({ at }) => at))
  assert.ok(moments.size <= 20 * 10, `${moments.size} times awake in 10 intervals`)
  for (const { name } of many) {
    const own = adverts.filter(each => each.router === name).map(({ at }) => at)
    const pauses = own.slice(1).map((at, i) => Math.round(at - (own[i] ?? 0)))
    assert.deepEqual([...new Set(pauses)], [100], name)
  }
})

test('adverts for a router that does not exist are ignored', () => {
  const box = masterOf(router())
  const heard = box.ensemble.feed({
    input: 'AdvertReceived',
    router: 'no-such',
    advert: {
      version: 3,
      family: 'inet',
      vrid: 9,
      priority: 200,
      interval: ms(100),
      addresses: [],
    },
    source: ipAddress('192.0.2.20'),
    secondPath: false,
    now: 450 as never,
  })
  assert.deepEqual(heard, [])
})

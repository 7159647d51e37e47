import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Box, Lan, lastChange, router, type Said } from './vrrp-ensemble-words.ts'
import { config, ms } from './vrrp-router-words.ts'

/** Somebody sends valid adverts in a stream: what we do about it is bounded, and nothing flaps. */

const own = '192.0.2.10'

function masterUnder(
  adverts: (index: number) => readonly [priority: number, source: string],
  perSecond: number,
  change: Parameters<typeof router>[0] = {},
): Box {
  const box = new Box('anna', own)
  box.start(0, [router(change)])
  box.runUntil(5000)
  box.said.length = 0
  for (let index = 0; index < 3 * perSecond; index++) {
    const at = 5000 + (index * 1000) / perSecond
    box.runUntil(at)
    box.hear(at, 'web', ...adverts(index))
  }
  box.runUntil(8000)
  return box
}

const count = (box: Box, effect: Said['effect']): number =>
  box.said.filter(each => each.effect === effect).length

const streams = [
  { name: 'lower adverts', adverts: () => [50, '192.0.2.66'] as const },
  { name: 'releases', adverts: () => [0, '192.0.2.66'] as const },
  {
    name: 'lower adverts of many sources',
    adverts: (index: number) => [50, `192.0.2.${1 + (index % 9)}`] as const,
  },
  { name: 'equal adverts of a lower address', adverts: () => [100, '192.0.2.6'] as const },
]

for (const { name, adverts } of streams) {
  for (const perSecond of [100, 2000]) {
    test(`${perSecond} ${name} a second: the master stays, and answers in measure`, () => {
      const box = masterUnder(adverts, perSecond)
      assert.equal(box.is(), 'master')
      assert.equal(count(box, 'StateChanged'), 0)
      // 3 s: an answer in 10 ms at most.
      assert.ok(count(box, 'SendAdvert') <= 301, `${count(box, 'SendAdvert')} adverts`)
      assert.ok(count(box, 'Announce') <= 3 * 3 + 1, `${count(box, 'Announce')} announcements`)
      assert.ok(count(box, 'Noticed') <= 4, `${count(box, 'Noticed')} notices`)
    })
  }
}

test('an interval as short as the pause doubles nothing', () => {
  const box = masterUnder(() => [50, '192.0.2.66'], 2000, { interval: ms(10) })
  assert.ok(count(box, 'SendAdvert') <= 301, `${count(box, 'SendAdvert')} adverts`)
})

test('an own advert that comes back is noticed and not answered', () => {
  const box = masterUnder(() => [100, own], 100)
  assert.equal(box.is(), 'master')
  assert.deepEqual(
    box.said.filter(each => each.effect === 'Announce' && each.because === 'contested'),
    [],
  )
  assert.ok(count(box, 'SendAdvert') <= 31)
})

test('a real loser in a flood is answered within the pause', () => {
  const box = masterUnder(() => [50, '192.0.2.66'], 100)
  box.said.length = 0
  box.hear(8003, 'web', 60, '192.0.2.7')
  box.runUntil(8003 + 10)
  assert.ok(count(box, 'SendAdvert') >= 1)
})

test('a loser without a flood is answered at once', () => {
  const box = new Box('anna', own)
  box.start(0, [router({ interval: ms(1000) })])
  box.runUntil(5000)
  const [first] = box.hear(5300, 'web', 50, '192.0.2.7')
  assert.equal(first?.effect, 'SendAdvert')
})

test('a stream of releases does not make a backup of a living master take over', () => {
  const lan = new Lan()
  lan.add('anna', own, router({ priority: 150 }))
  const bert = lan.add('bert', '192.0.2.20', router())
  lan.runUntil(1000)
  for (let at = 1000; at < 4000; at += 10) {
    lan.runUntil(at)
    for (const box of lan.boxes) lan.tell(box, () => box.hear(at, 'web', 0, '192.0.2.66'))
  }
  assert.equal(lastChange(bert, 'master'), null)
})

test('a stream of releases does not keep a backup from taking over', () => {
  const box = new Box('bert', '192.0.2.20')
  box.start(0, [router()])
  for (let at = 0; at < 400; at += 10) {
    box.runUntil(at)
    box.hear(at, 'web', 0, '192.0.2.66')
  }
  assert.equal(box.is(), 'master')
})

test('changing priorities are said in measure', () => {
  const tracks = [{ tracker: 'load', weight: 1, reverse: false }]
  const box = new Box('anna', own)
  box.start(0, [router({ tracks })])
  box.runUntil(5000)
  box.said.length = 0
  for (let at = 5000; at < 8000; at++) {
    box.runUntil(at)
    const load = { state: 'up', number: at % 50, why: 'load' } as const
    box.feed(at, { input: 'TrackersReported', verdicts: new Map([['load', load]]) })
  }
  assert.ok(count(box, 'SendAdvert') <= 301, `${count(box, 'SendAdvert')} adverts`)
  assert.equal(count(box, 'StateChanged'), 0)
})

test('refresh announcements go on after a contest', () => {
  const announcing = { ...config.announcing, refresh: ms(2000) }
  const box = masterUnder(() => [50, '192.0.2.66'], 100, { announcing })
  box.said.length = 0
  box.runUntil(20_000)
  const announced = box.said.filter(each => each.effect === 'Announce').map(({ at }) => at)
  assert.ok(announced.length >= 5 && announced.length <= 8, announced.join(', '))
})

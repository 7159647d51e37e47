import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Box, Lan, router } from './vrrp-ensemble-words.ts'
import { ms } from './vrrp-router-words.ts'

/** When the backups of a master that says nothing more take its place. */

const givenUp = (box: Box) => Object.fromEntries(box.ensemble.givenUpAt())

test('a down interval after its last advert, and a backup of that priority thinks so too', () => {
  const box = new Box('anna', '192.0.2.10')
  box.start(0, [router()])
  assert.deepEqual(givenUp(box), {}, 'who is no master has nothing to lose')
  box.runUntil(400)
  assert.deepEqual(givenUp(box), { web: 360.9375 + 360.9375 })
  box.runUntil(470)
  assert.deepEqual(givenUp(box), { web: 460.9375 + 360.9375 })

  const other = new Box('bert', '192.0.2.9')
  other.start(0, [router()])
  other.hear(460.9375, 'web', 100, '192.0.2.10')
  assert.equal(other.ensemble.wakeAt(), givenUp(box).web)

  box.hear(480, 'web', 200, '192.0.2.20')
  assert.deepEqual(givenUp(box), {}, 'it has stepped down')
})

test('a lower backup waits longer: the address is gone before it comes', () => {
  const lan = new Lan()
  const anna = lan.add('anna', '192.0.2.10', router({ priority: 150 }))
  const bert = lan.add('bert', '192.0.2.11', router({ priority: 100 }))
  lan.runUntil(1000)
  const lost = givenUp(anna).web ?? Infinity
  assert.ok(lost < (bert.ensemble.promotesAt() ?? 0))
  anna.stalled = true
  lan.runUntil(lost)
  assert.deepEqual(lan.masters(), ['anna'])
  lan.runUntil(lost + 100)
  assert.deepEqual(lan.masters(), ['anna', 'bert'], 'within one interval')
})

test('each router by its own interval; those of a sync group by the longest', () => {
  const of = (name: string, vrid: number, interval: number, syncGroup: string | null) =>
    router({ name, vrid, interval: ms(interval), syncGroup })
  const box = new Box('anna', '192.0.2.10')
  const alone = [of('quick', 1, 10, null), of('slow', 2, 1000, null)]
  const together = [of('a', 3, 10, 'G'), of('b', 4, 1000, 'G')]
  box.start(0, [...alone, ...together])
  box.runUntil(5000)
  const { quick = 0, slow = 0, a, b } = givenUp(box)
  assert.ok(quick - 5000 < 36.1 && slow - 5000 > 2600, `${quick} and ${slow}`)
  assert.equal(a, b)
  assert.ok((b ?? 0) - 5000 > 2600, `${b}`)
})

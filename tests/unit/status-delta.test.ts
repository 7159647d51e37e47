import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { movesByItself } from '../../appliance/status/assemble.ts'
import { applyDelta, statusDelta } from '../../appliance/status/delta.ts'

/** Documents such as the status: tables, lists of named objects, other lists, plain values. */
const { document } = fc.letrec<{ document: unknown; entry: object }>(tie => ({
  entry: fc
    .tuple(
      fc.constantFrom('a', 'b', 'c', 'd', '__proto__'),
      fc.dictionary(fc.constantFrom('state', 'why', 'servers', '__proto__'), tie('document'), {
        maxKeys: 3,
      }),
    )
    .map(([name, rest]) => ({ ...rest, name })),
  document: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('', 'up', 'down'), fc.constant(null)),
    fc.array(fc.constantFrom('x', 'y'), { maxLength: 3 }),
    fc.array(tie('entry'), { maxLength: 4 }),
    fc.uniqueArray(tie('entry'), { maxLength: 4, selector: entry => (entry as Named).name }),
    fc.dictionary(fc.constantFrom('name', 'services', 'k', '__proto__'), tie('document')),
  ),
}))

type Named = { readonly name: string }

const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test('applying what is different gives the document after it', () => {
  void fc.assert(
    fc.property(document, document, (one, other) => {
      const [before, after] = [sent(one), sent(other)]
      const delta = statusDelta(before, after)
      assert.deepEqual(applyDelta(before, sent(delta) as typeof delta), after)
      assert.deepEqual(statusDelta(after, applyDelta(before, delta)), [])
    }),
    { numRuns: 3000 },
  )
})

const box = {
  now: '2026-11-21T10:00:00Z',
  services: [
    { name: 'shop', state: 'up', servers: [{ name: 'web1', state: 'up', weight: 1 }] },
    { name: 'mail', state: 'up', servers: [] },
  ],
  alarms: [{ reason: 'maintenance' }],
}
const [shop, mail] = box.services

test('one changed server is one short change', () => {
  const servers = [{ name: 'web1', state: 'down', weight: 1 }]
  const after = { ...box, services: [{ ...shop, servers }, mail] }
  assert.deepEqual(statusDelta(box, after), [
    { at: ['services', 'shop', 'servers', 'web1', 'state'], is: 'down' },
  ])
})

test('entries that come, go and change places are said by name', () => {
  const dns = { name: 'dns', state: 'up', servers: [] }
  assert.deepEqual(statusDelta(box, { ...box, services: [shop, dns] }), [
    { at: ['services', 'mail'], gone: true },
    { at: ['services', 'dns'], is: dns },
  ])
  assert.deepEqual(statusDelta(box, { ...box, services: [mail, shop] }), [
    { at: ['services'], order: ['mail', 'shop'] },
  ])
})

test('a list without names is told as a whole', () => {
  const alarms = [...box.alarms, { reason: 'service-down' }]
  assert.deepEqual(statusDelta(box, { ...box, alarms }), [{ at: ['alarms'], is: alarms }])
})

test('what moves by itself waits until it is asked for', () => {
  const after = { ...box, now: '2026-11-21T10:00:02Z' }
  assert.deepEqual(statusDelta(box, after, movesByItself), [])
  assert.deepEqual(statusDelta(box, after), [{ at: ['now'], is: after.now }])
})

test('what is untouched is shared, not copied', () => {
  const after = applyDelta(box, [{ at: ['services', 'shop', 'state'], is: 'down' }])
  assert.equal((after as typeof box).services[1], mail)
  assert.equal((after as typeof box).alarms, box.alarms)
})

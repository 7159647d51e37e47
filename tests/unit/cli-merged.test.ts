import assert from 'node:assert/strict'
import { test } from 'node:test'
import { merged } from '../../appliance/cli/merged.ts'

const base = { cluster: { routers: { a: { priority: 1, addresses: ['x'] }, b: { priority: 2 } } } }
const withRouters = (routers: object) => ({ cluster: { routers } })

test('what both have changed in different places comes together', () => {
  const { a, b } = base.cluster.routers
  const mine = withRouters({ a: { ...a, priority: 9 }, b, mine: { priority: 3 } })
  const theirs = withRouters({ a: { ...a, addresses: ['y', 'z'] }, theirs: { priority: 4 } })
  assert.deepEqual(merged(base, mine, theirs), {
    document: withRouters({
      a: { priority: 9, addresses: ['y', 'z'] },
      theirs: { priority: 4 },
      mine: { priority: 3 },
    }),
    clashes: [],
  })
})

test('what both have changed in one place stays as mine, and is named', () => {
  const { a } = base.cluster.routers
  const mine = withRouters({ a: { ...a, addresses: ['x', 'm'] }, b: { priority: 5 } })
  const theirs = withRouters({ a: { priority: 7, addresses: ['x', 't'] } })
  assert.deepEqual(merged(base, mine, theirs), {
    document: withRouters({ a: { priority: 7, addresses: ['x', 'm'] }, b: { priority: 5 } }),
    clashes: ['cluster.routers.a.addresses', 'cluster.routers.b'],
  })
  assert.deepEqual(merged(base, withRouters({ a }), withRouters({ a })).clashes, [])
})

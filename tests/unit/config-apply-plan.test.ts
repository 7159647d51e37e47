import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { applyPlan } from '../../appliance/config/apply-plan.ts'
import { applyPlanText } from '../../appliance/config/apply-plan-text.ts'
import { accepted, least, pair } from './config/pair.ts'
import { hmacKey, writtenDocument } from './config/written-documents.ts'

const plan = (before: unknown, after: unknown) => applyPlan(accepted(before), accepted(after))
const text = (before: unknown, after: unknown) => applyPlanText(plan(before, after))

const nothing = [
  'routers: none changes',
  'addresses: none comes, none goes',
  'services: none changes',
  'servers: none changes',
  'IPVS: 0 operations',
  'checks: none changes',
]

test('nothing happens', () => {
  assert.deepEqual(text(pair({}), pair({})), nothing)
})

test('a default that somebody writes down is no change', () => {
  assert.deepEqual(text(pair({}), pair({ router: { priority: 100, version: 3 } })), nothing)
})

const masterships: readonly (readonly [object, object, string])[] = [
  [{}, { priority: 90 }, 'priority; another box may become master'],
  [{}, { preempt: false }, 'preempt; another box may become master'],
  [
    { preemptDelay: '30s' },
    { preemptDelay: '30s', priority: 90 },
    'priority; another box may become master, 30s later while the present one works',
  ],
  [
    { preemptDelay: '30s' },
    { preemptDelay: '30s', preempt: false },
    'preempt; another box may become master',
  ],
  [
    { preemptDelay: '30s' },
    { preemptDelay: '30s', announce: { repeat: 3 } },
    'announcing; mastership stays where it is',
  ],
  [{}, { advertInterval: '50ms' }, 'interval; mastership stays where it is'],
  [
    { version: 2 },
    { version: 2, advertInterval: '2s' },
    'interval; the boxes do not hear each other until both have it: both may be master meanwhile',
  ],
  [
    {},
    { authentication: { hmac: { keys: [hmacKey(1, 'one')] } } },
    'authentication; the boxes do not hear each other until both have it: both may be master ' +
      'meanwhile',
  ],
  [{}, { announce: { repeat: 3 } }, 'announcing; mastership stays where it is'],
]

for (const [before, after, expected] of masterships) {
  test(`a router changes: ${expected.slice(0, 40)} (${JSON.stringify(after).slice(0, 40)})`, () => {
    const [first, second] = text(pair({ router: before }), pair({ router: after }))
    assert.deepEqual([first, second], ['routers: 0 untouched', `  VI_1: ${expected}`])
  })
}

test('another key of HMAC is a change, though it is not shown', () => {
  const key = (word: string) =>
    pair({ router: { authentication: { hmac: { keys: [hmacKey(1, word)] } } } })
  const { routers } = plan(key('one'), key('two'))
  assert.deepEqual(routers.changed[0]?.keys, ['authentication'])
})

test('routers that come, go, get another name, and addresses with them', () => {
  const old = (address: string) => ({
    old: { ...least, virtualRouterId: 1, virtualAddresses: [address] },
  })
  const before = pair({ routers: old('192.0.2.7/24') })
  const after = {
    schemaVersion: 2,
    cluster: {
      routers: {
        lan: least,
        wan: { ...least, virtualRouterId: 2, virtualAddresses: ['2001:db8::1/64'] },
      },
    },
  }
  assert.deepEqual(text(before, after).slice(0, 7), [
    'routers: 0 untouched',
    '  lan (was VI_1): renamed; mastership stays where it is',
    '  wan: new, begins as backup',
    '  old: ends; if it is master it gives up at once',
    'addresses: 1 come, 1 go',
    '  + 2001:db8::1/64 on eth0',
    '  - 192.0.2.7/24 on eth0',
  ])
})

type Parts = { readonly service?: object; readonly servers?: object; readonly checks?: object }

const balanced = ({ service, servers, checks }: Parts) =>
  pair({
    cluster: {
      checks: { page: { kind: 'http', ...checks } },
      services: {
        web: {
          virtual: ['192.0.2.100:80', '192.0.2.100:443'],
          checks: ['page'],
          servers: { a: '10.0.0.1:80', b: '10.0.0.2:80', ...servers },
          ...service,
        },
      },
    },
  })

test('a weight is one operation for each endpoint, and routers stay untouched', () => {
  const after = balanced({ servers: { a: { address: '10.0.0.1', port: 80, weight: 5 } } })
  assert.deepEqual(text(balanced({}), after), [
    ...nothing.slice(0, 3),
    'servers: 1 changed (web/a)',
    'IPVS: 2 operations (change-destination 2)',
    'checks: none changes',
  ])
})

test("another pace is a changed check, and no change of the check's servers", () => {
  assert.deepEqual(text(balanced({}), balanced({ checks: { interval: '9s' } })), [
    ...nothing.slice(0, 5),
    'checks: 1 changed (page)',
  ])
})

test('a service and its servers come; another scheduler', () => {
  assert.deepEqual(text(pair({}), balanced({})).slice(2), [
    'services: 1 added (web)',
    'servers: 2 added (web/a, web/b)',
    'IPVS: 6 operations (add-service 2, add-destination 4)',
    'checks: 1 added (page)',
  ])
  assert.deepEqual(text(balanced({}), balanced({ service: { scheduler: 'rr' } })).slice(2, 5), [
    'services: 1 changed (web)',
    'servers: none changes',
    'IPVS: 2 operations (change-service 2)',
  ])
})

test('trackers, and what is none of these', () => {
  const after = pair({
    router: { track: [{ tracker: 'file' }] },
    cluster: {
      trackers: { file: { kind: 'file', path: '/run/weight' } },
      director: { timeouts: { tcp: '10m' } },
    },
  })
  assert.deepEqual(text(pair({}), after).slice(-2), [
    'trackers: 1 added (file)',
    'also changed: timeouts',
  ])
})

test('the network of the box, and nothing of the firewall where only a service is new', () => {
  const network = { interfaces: { eth0: { dhcp: true } } }
  const firewall = { management: { interfaces: ['eth0'] } }
  const after = pair({ node: { hostname: 'left', network, firewall } })
  assert.deepEqual(text(pair({}), after).slice(-1), ['also changed: hostname, network, firewall'])
  assert.doesNotMatch(text(pair({}), balanced({})).join(), /also changed/)
})

test('many names are counted, and a few of them named', () => {
  const servers = Object.fromEntries(
    Array.from({ length: 8 }, (_, n) => [`s${n}`, `10.0.1.${n + 1}:80`]),
  )
  const lines = text(balanced({}), balanced({ servers }))
  assert.equal(lines[3], 'servers: 8 added (web/s0, web/s1, web/s2, web/s3, web/s4 and 3 more)')
})

test('what comes one way goes the other, and no secret is told', () => {
  fc.assert(
    fc.property(writtenDocument, writtenDocument, (one, other) => {
      const [a, b] = [accepted(one), accepted(other)]
      const [there, back] = [applyPlan(a, b), applyPlan(b, a)]
      assert.deepEqual(applyPlanText(applyPlan(a, accepted(one))), nothing)
      assert.deepEqual(new Set(there.servers.added), new Set(back.servers.removed))
      assert.deepEqual(new Set(there.addresses.come), new Set(back.addresses.go))
      assert.equal(there.ipvs.operations, back.ipvs.operations)
      assert.ok(!JSON.stringify([there, applyPlanText(there)]).includes('.'.repeat(20)))
    }),
    { numRuns: 30 },
  )
})

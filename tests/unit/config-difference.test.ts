import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { changeText, difference } from '../../appliance/config/difference.ts'
import { canonical } from '../../appliance/values/canonical.ts'
import { pair } from './config/pair.ts'
import { hmacKey, writtenDocument } from './config/written-documents.ts'

const lines = (before: unknown, after: unknown) => difference(before, after).map(changeText)

const router = (router: object) => pair({ router })
const withServers = (servers: object) =>
  pair({ cluster: { services: { web: { virtual: ['192.0.2.100:80'], servers } } } })

const rows: readonly (readonly [
  what: string,
  before: unknown,
  after: unknown,
  ...lines: string[],
])[] = [
  ['nothing', router({}), router({})],
  ['the order of keys', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
  [
    'one number',
    router({ priority: 100 }),
    router({ priority: 90 }),
    'cluster.routers.VI_1.priority: 100 -> 90',
  ],
  [
    'a router more, one less',
    pair({ routers: { old: { virtualRouterId: 1 } } }),
    pair({ routers: { 'new.1': { virtualRouterId: 2 } } }),
    'cluster.routers["new.1"]: added {"virtualRouterId":2}',
    'cluster.routers.old: removed, was {"virtualRouterId":1}',
  ],
  [
    'an address between others',
    router({ virtualAddresses: ['192.0.2.1/24', '192.0.2.3/24'] }),
    router({ virtualAddresses: ['192.0.2.1/24', '192.0.2.2/24', '192.0.2.3/24'] }),
    'cluster.routers.VI_1.virtualAddresses[1]: added "192.0.2.2/24"',
  ],
  [
    'an address that gets a label',
    router({ virtualAddresses: ['192.0.2.1/24'] }),
    router({ virtualAddresses: [{ address: '192.0.2.1/24', label: 'eth0:1' }] }),
    'cluster.routers.VI_1.virtualAddresses[0]: "192.0.2.1/24" -> ' +
      '{"address":"192.0.2.1/24","label":"eth0:1"}',
  ],
  [
    'entries in another order',
    router({ track: [{ tracker: 'a', weight: 1 }, 'b'] }),
    router({ track: ['b', { tracker: 'a', weight: 2 }] }),
    'cluster.routers.VI_1.track[1].weight: 1 -> 2',
    'cluster.routers.VI_1.track: in another order',
  ],
  [
    'entries that nothing tells apart',
    [{ x: 1 }, { x: 2 }],
    [{ x: 1 }],
    '[1]: removed, was {"x":2}',
  ],
  ['the same entry twice', ['a', 'a'], ['a', 'a', 'b'], '[2]: added "b"'],
  [
    'something long',
    withServers({}),
    withServers({ a: { address: '10.0.0.1', port: 80, weight: 1, upper: 0, lower: 0 } }),
    'cluster.services.web.servers.a: added ' +
      '{"address":"10.0.0.1","port":80,"weight":1,"upper":0,"lower"...',
  ],
  ['another kind of document', 1, [1], 'the document: 1 -> [1]'],
  [
    'a password',
    router({ authentication: { password: 'old' } }),
    router({ authentication: { password: 'new' } }),
    'cluster.routers.VI_1.authentication.password: changed (not shown)',
  ],
  [
    'a password where there was none',
    router({}),
    router({ authentication: { password: 'new' } }),
    'cluster.routers.VI_1.authentication: added {"password":"(not shown)"}',
  ],
  [
    'keys of HMAC: one goes, one comes, one changes',
    router({ authentication: { hmac: { keys: [hmacKey(1, 'a'), hmacKey(2, 'b')] } } }),
    router({ authentication: { hmac: { keys: [hmacKey(2, 'x'), hmacKey(3, 'c')] } } }),
    'cluster.routers.VI_1.authentication.hmac.keys[1]: added {"id":3,"secret":"(not shown)"}',
    'cluster.routers.VI_1.authentication.hmac.keys[0]: removed, was ' +
      '{"id":1,"secret":"(not shown)"}',
    'cluster.routers.VI_1.authentication.hmac.keys[0].secret: changed (not shown)',
  ],
]

for (const [what, before, after, ...expected] of rows) {
  test(`difference: ${what}`, () => assert.deepEqual(lines(before, after), expected))
}

const either = fc.oneof(writtenDocument, fc.jsonValue())

test('there is a difference where documents differ, and only there', () => {
  fc.assert(
    fc.property(either, either, (a, b) => {
      assert.deepEqual(difference(a, structuredClone(a)), [])
      assert.equal(difference(a, b).length === 0, canonical(a) === canonical(b))
    }),
  )
})

test('there and back: what comes one way goes the other', () => {
  const back = { added: 'removed', removed: 'added', changed: 'changed' } as const
  const count = (a: unknown, b: unknown, kind: keyof typeof back) =>
    difference(a, b).filter(change => change.kind === kind).length
  fc.assert(
    fc.property(either, either, (a, b) => {
      for (const [kind, other] of Object.entries(back)) {
        assert.equal(count(a, b, kind as keyof typeof back), count(b, a, other))
      }
    }),
  )
})

test('no secret is in a difference', () => {
  const secret = 'k'.repeat(40)
  const document = router({ authentication: { hmac: { keys: [{ id: 1, secret }] } } })
  for (const changes of [
    difference({}, document),
    difference(document, {}),
    difference(1, document),
  ]) {
    assert.ok(changes.length > 0)
    assert.ok(!JSON.stringify(changes).includes(secret))
  }
})

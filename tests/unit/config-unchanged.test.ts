import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseDocument, parseDocumentAfter } from '../../appliance/config/document.ts'
import { accepted, least } from './config/pair.ts'

const names = ['a', 'b', 'web', '10', 'constructor']

/** Tables of which some entries are bad by themselves, and some only beside others. */
const entries = <T>(...each: readonly T[]): fc.Arbitrary<Record<string, T>> =>
  fc
    .array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...each)), { maxLength: 2 })
    .map(Object.fromEntries)

const service = (virtual: string, more: object = {}) => ({
  virtual: [{ address: virtual, port: 80, held: false }],
  ...more,
})
const servers = { one: '10.0.0.1:80', other: { address: '10.0.0.2', port: 80 } }
const turned = { other: { address: '10.0.0.2', port: 80 }, one: '10.0.0.1:80' }

const cluster = fc.record({
  routers: entries<object>(
    least,
    { ...least, priority: 7, virtualRouterId: 52, virtualAddresses: ['192.0.2.7/24'] },
    { ...least, priority: 7, virtualRouterId: 53, virtualAddresses: ['192.0.2.7/24'] },
  ),
  checks: entries<object>({ kind: 'http' }, { kind: 'http', fall: 1 }, { kind: 'http', fall: 0 }),
  services: entries<unknown>(
    service('192.0.2.1', { servers }),
    service('192.0.2.2', { servers: turned }),
    service('192.0.2.2', { servers }),
    service('192.0.2.3', { checks: ['web'], servers }),
    service('192.0.2.4', { scheduler: 'none' }),
    null,
  ),
})

const written = fc.record({ schemaVersion: fc.constant(2), cluster })

test('after another document one is read as it is by itself, and in the same order', () => {
  let kept = 0
  fc.assert(
    fc.property(written, written, (one, other) => {
      // What is shared is the same objects, as after a patch.
      const next = { ...other, cluster: { ...other.cluster, checks: one.cluster.checks } }
      for (const raw of [other, next, structuredClone(one)]) {
        const before = parseDocument(one)
        if (before.kind === 'refused') return
        const after = parseDocumentAfter({ raw: one, document: before.document }, raw)
        assert.equal(JSON.stringify(after), JSON.stringify(parseDocument(raw)))
        if (after.kind === 'document') kept += 1
      }
    }),
    { numRuns: 2000 },
  )
  assert.ok(kept > 50, `only ${kept} documents were good`)
})

test('what did not change is the same objects', () => {
  const raw = { schemaVersion: 2, cluster: { services: { a: service('192.0.2.1'), b: null } } }
  const [first, second] = [service('192.0.2.2'), service('192.0.2.3')].map(b => ({
    ...structuredClone(raw),
    cluster: { services: { ...raw.cluster.services, b } },
  }))
  const document = accepted(first)
  const after = parseDocumentAfter({ raw: first, document }, second)
  assert.ok(after.kind === 'document')
  const { services } = after.document.cluster
  assert.equal(services.a, document.cluster.services.a)
  assert.notEqual(services.b, document.cluster.services.b)
})

test('a key that objects have by themselves is refused in values too', () => {
  for (const text of [
    '{"schemaVersion": 2, "cluster": {"services": {"__proto__": {}}}}',
    `{"schemaVersion": 2, "cluster": ${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`,
  ]) {
    const parsed = parseDocument(JSON.parse(text))
    assert.equal(parsed.kind === 'refused' && parsed.findings[0]?.reason, 'wrong-value')
  }
})

test('a service that did not change is refused when what stands beside it no longer fits', () => {
  const one = { address: '2001:db8::1', port: 80, forwarding: 'tunnel' }
  const checks = [{ check: 'web', port: 8080 }]
  const services = { shop: service('192.0.2.1', { servers: { one }, checks }) }
  const before = { schemaVersion: 2, cluster: { services, checks: { web: { kind: 'http' } } } }
  const parsed = parseDocument(before)
  assert.ok(parsed.kind === 'document')
  for (const [beside, path] of [
    [{ checks: { web: { kind: 'ping' } } }, 'cluster.services.shop.checks[0].port'],
    [{ director: { sync: { interface: 'eth0' } } }, 'cluster.services.shop.servers.one'],
  ] as const) {
    const raw = { ...before, cluster: { ...before.cluster, ...beside } }
    const after = parseDocumentAfter({ raw: before, document: parsed.document }, raw)
    assert.ok(after.kind === 'refused', path)
    assert.deepEqual(
      after.findings.map(each => each.path),
      [path],
    )
  }
})

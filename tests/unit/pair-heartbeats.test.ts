import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDocument } from '../../appliance/config/document.ts'
import { patched } from '../../appliance/config/json-patch.ts'
import { heartbeatSteps, withHeartbeats } from '../../appliance/pairing/pair-heartbeats.ts'

const secret = 'ab'.repeat(32)
const path = { interface: 'eth0', peer: '192.0.2.12' }
const router = { interface: 'eth0', virtualRouterId: 51, virtualAddresses: ['192.0.2.100/24'] }
const signed = { guard: { secret: `hex:${'cd'.repeat(32)}` } }

/** The document after it, which has to be a good one. */
function after(document: object, site: object = {}): unknown {
  const steps = heartbeatSteps({ document, path, secret, ...site })
  const outcome = patched(document, steps)
  assert.equal(outcome.kind, 'value', JSON.stringify(outcome))
  assert.ok(outcome.kind === 'value')
  const parsed = parseDocument(outcome.value)
  assert.equal(parsed.kind, 'document', JSON.stringify(parsed))
  return outcome.value
}

test('a new pair gets what is lacking: a secret on both, a path on each box', () => {
  const guard = { secret: `hex:${secret}` }
  const heartbeats = { pair: path }
  const bare = { schemaVersion: 2, cluster: { routers: { VI_1: router } } }
  assert.deepEqual(after(bare), {
    schemaVersion: 2,
    cluster: { ...bare.cluster, guard },
    node: { heartbeats },
  })
  const half = { ...bare, cluster: { guard: { missed: 5 } }, node: { hostname: 'a' } }
  assert.deepEqual(after(half), {
    schemaVersion: 2,
    cluster: { guard: { missed: 5, ...guard } },
    node: { hostname: 'a', heartbeats },
  })
  const set = { ...bare, cluster: signed, node: { heartbeats: {} } }
  assert.deepEqual(after(set), { ...set, node: { heartbeats } })
})

test('what somebody has configured stays, but for the address of a box that is gone', () => {
  const cable = { interface: 'eth1', peer: '198.51.100.2', direct: true }
  const old = { interface: 'eth0', peer: '192.0.2.9' }
  const document = { schemaVersion: 2, cluster: signed, node: { heartbeats: { cable, old } } }
  assert.deepEqual(after(document), document)
  assert.deepEqual(after(document, { before: '192.0.2.8' }), document)
  const moved = { cable, old: { ...old, peer: '192.0.2.12' } }
  assert.deepEqual(after(document, { before: '192.0.2.9' }), {
    ...document,
    node: { heartbeats: moved },
  })
  // One behind a router, or the same box again.
  assert.deepEqual(after({ ...document, node: {} }, { path: null }), { ...document, node: {} })
  const same = { ...document, node: { heartbeats: moved } }
  assert.deepEqual(heartbeatSteps({ document: same, path, secret, before: path.peer }), [])
})

test('the path that a pairing has made follows whoever is the peer', () => {
  const made = { schemaVersion: 2, cluster: signed, node: { heartbeats: { pair: path } } }
  const peer = '192.0.2.13'
  const followed = { ...made, node: { heartbeats: { pair: { ...path, peer } } } }
  assert.deepEqual(after(made, { path: { ...path, peer } }), followed)
  assert.deepEqual(withHeartbeats(signed, made.node, { ...path, peer }), followed.node)
  assert.equal(withHeartbeats(signed, made.node, path), made.node)
})

test('the box that joins has its path when the secret comes, and not before', () => {
  const node = { hostname: 'b' }
  assert.equal(withHeartbeats({}, node, path), node)
  assert.equal(withHeartbeats(signed, node, null), node)
  assert.deepEqual(withHeartbeats(signed, node, path), { ...node, heartbeats: { pair: path } })
  assert.deepEqual(withHeartbeats(signed, undefined, path), { heartbeats: { pair: path } })
  const own = { heartbeats: { cable: { interface: 'eth1', peer: '198.51.100.1' } } }
  assert.equal(withHeartbeats(signed, own, path), own)
})

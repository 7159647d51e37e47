import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinerNode } from '../../appliance/pairing/joiner-node.ts'
import { peerAt } from '../../appliance/pairing/peer-address.ts'
import { whyVersionsDiffer } from '../../appliance/pairing/versions.ts'

const cluster = { routers: { VI_1: { interface: 'lan1' }, VI_2: { interface: 'lan2' } } }

test('what a box that joins calls the interfaces of the routers', () => {
  const node = { hostname: 'b' }
  assert.deepEqual(joinerNode(cluster, node, ['lan1', 'lan2', 'lan3']), { kind: 'node', node })
  assert.deepEqual(joinerNode({}, undefined, []), { kind: 'node', node: undefined })
  assert.deepEqual(joinerNode(cluster, node, ['eth0']), {
    kind: 'node',
    node: { hostname: 'b', routers: { VI_1: { interface: 'eth0' }, VI_2: { interface: 'eth0' } } },
  })
  const network = { interfaces: { wan: { dhcp: true } } }
  const routers = { VI_1: { priority: 90 }, VI_2: { interface: 'wan2' } }
  assert.deepEqual(joinerNode(cluster, { network, routers }, ['wan', 'wan2']), {
    kind: 'node',
    node: { network, routers: { ...routers, VI_1: { priority: 90, interface: 'wan' } } },
  })
})

test('with several ports somebody has to say which', () => {
  const refused = joinerNode(cluster, {}, ['lan2', 'wan'])
  assert.deepEqual(refused, {
    kind: 'refused',
    whys: [
      'VI_1 is on lan1, and this box has lan2, wan: join again and say which, with ' +
        '"diarch pair join ... --interface VI_1=PORT"',
    ],
  })
  const ports = ['lan2', 'wan']
  assert.equal(
    joinerNode(cluster, {}, ports, { named: { VI_1: 'wlan' }, all: null }).kind,
    'refused',
  )
  assert.deepEqual(joinerNode(cluster, {}, ports, { named: { VI_1: 'wan' }, all: null }), {
    kind: 'node',
    node: { routers: { VI_1: { interface: 'wan' } } },
  })
})

test('a port of the same name may be another one here', () => {
  const said = { named: { VI_2: 'lan3' }, all: 'lan2' }
  assert.deepEqual(joinerNode(cluster, {}, ['lan1', 'lan2', 'lan3'], said), {
    kind: 'node',
    node: { routers: { VI_1: { interface: 'lan2' }, VI_2: { interface: 'lan3' } } },
  })
  assert.equal(joinerNode(cluster, {}, ['lan1'], said).kind, 'refused')
})

test('two boxes with the same software have no reason against each other', () => {
  const a = { name: 'a', version: '1.0.0', schemaVersion: 2 }
  assert.equal(whyVersionsDiffer(a, { ...a, name: 'b' }), null)
})

test('with different software somebody is told which box needs which file', () => {
  const b = { name: 'b', version: '1.0.0', schemaVersion: 2 }
  const [old, odd] = [
    { ...b, name: 'a', version: '0.10.0' },
    { ...b, name: 'a', version: 'x' },
  ]
  assert.equal(
    whyVersionsDiffer(old, b),
    'a has version 0.10.0 (schema 2), and b has version 1.0.0 (schema 2). Give a the software ' +
      'of b: on a, "diarch upgrade --from-peer --restart", and then join again',
  )
  assert.match(whyVersionsDiffer(b, old) ?? '', /^b has .* Give a the software of b: on a, .*-1\.0/)
  const older = { ...old, version: '0.9.1' }
  assert.match(whyVersionsDiffer(older, { ...old, name: 'b' }) ?? '', /on a, .*--from-peer/)
  const newer = { ...old, schemaVersion: 3 }
  assert.match(whyVersionsDiffer(newer, b) ?? '', /Give b the software of a: .*-0\.10\.0-/)
  assert.match(whyVersionsDiffer(odd, b) ?? '', /Give a the software of b/)
})

test('the address of a box, with and without a port', () => {
  assert.deepEqual(peerAt('192.0.2.1'), { address: '192.0.2.1', port: 4343 })
  assert.deepEqual(peerAt('192.0.2.1:5000'), { address: '192.0.2.1', port: 5000 })
  assert.deepEqual(peerAt('2001:db8::1'), { address: '2001:db8::1', port: 4343 })
  assert.deepEqual(peerAt('[2001:db8::1]:5000'), { address: '2001:db8::1', port: 5000 })
  for (const wrong of ['', 'box', '192.0.2.1:0', '192.0.2.1:65536', '192.0.2.300', '[::1]']) {
    assert.equal(peerAt(wrong), null, wrong)
  }
})

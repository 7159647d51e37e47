import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDocument } from '../../appliance/config/document.ts'
import { readAnswers, type SetupGround } from '../../appliance/setup/answer-file.ts'

const ground: SetupGround = {
  ports: [
    { name: 'port1', link: 'no-carrier' },
    { name: 'port2', link: 'up' },
  ],
  hostname: 'diarch-0001',
  key: 'ab'.repeat(32),
}

const read = (value: unknown, on = ground) => readAnswers(JSON.stringify(value), on)

const full = {
  box: 'first',
  port: 'port1',
  address: '192.0.2.11/24',
  gateway: '192.0.2.1',
  hostname: 'lb1',
  password: 'hunter2hunter2',
  virtual: { address: '192.0.2.100/24', virtualRouterId: 51 },
  service: { port: 80, forwarding: 'nat', servers: ['192.0.2.21', '192.0.2.22'] },
}

test('answers make the document that the wizard would make', () => {
  const taken = read(full)
  assert.ok(taken.kind === 'document', JSON.stringify(taken))
  const parsed = parseDocument(taken.document)
  assert.ok(parsed.kind === 'document', JSON.stringify(parsed))
  const { cluster, node } = taken.document as {
    cluster: { services: unknown; routers: Record<string, { interface: string }> }
    node: { hostname: string }
  }
  assert.equal(node.hostname, 'lb1')
  assert.equal(cluster.routers.VI_1?.interface, 'port1')
  assert.deepEqual(cluster.services, {
    web: {
      virtual: ['192.0.2.100:80'],
      forwarding: 'nat',
      servers: { server1: '192.0.2.21:80', server2: '192.0.2.22:80' },
    },
  })
})

test('the password alone is enough: DHCP on the port that has a cable', () => {
  const taken = read({ password: 'hunter2hunter2' })
  assert.ok(taken.kind === 'document')
  assert.equal(parseDocument(taken.document).kind, 'document')
  const { node } = taken.document as { node: unknown }
  assert.deepEqual(node, {
    hostname: 'diarch-0001',
    network: { interfaces: { port2: { dhcp: true } } },
  })
})

test('a whole document is handed on as it is', () => {
  const document = { schemaVersion: 2, cluster: {} }
  assert.deepEqual(read({ document }), { kind: 'document', document })
})

const refusals: readonly (readonly [string, unknown, RegExp])[] = [
  ['no password', {}, /password is missing: expected a password of 8 to 128 characters$/],
  ['an unknown key', { ...full, gatway: '' }, /^line 1, column \d+: gatway: there is no such key/],
  ['beside a document', { document: {}, hostname: 'x' }, /hostname: there is no such key/],
  ['no length', { ...full, address: '192.0.2.11' }, /address is "192.0.2.11", expected "dhcp", or/],
  ['a port that is not there', { ...full, port: 'eth0' }, /"eth0", expected one of port1, port2$/],
  [
    'a gateway that cannot be reached',
    { ...full, gateway: '198.51.100.1' },
    /gateway is "198\.51\.100\.1".*198\.51\.100\.1 is not in 192\.0\.2\.0\/24/,
  ],
  ['a gateway with DHCP', { ...full, address: 'dhcp' }, /expected none: DHCP gives one/],
  ['no virtual address', { ...full, virtual: undefined }, /virtual.*the address of the service/],
  [
    'servers of the other family',
    { ...full, service: { port: 80, servers: ['2001:db8::1'] } },
    /service\.servers.*2001:db8::1 and the virtual address are not of one family/,
  ],
]

for (const [what, value, words] of refusals) {
  test(`refused: ${what}`, () => {
    const taken = read(value)
    assert.ok(taken.kind === 'refused', 'it was taken')
    assert.match(taken.findings.join('\n'), words)
  })
}

test('what is no JSON is refused with its place', () => {
  const taken = readAnswers('{"password": hunter2}', ground)
  assert.ok(taken.kind === 'refused')
  assert.match(taken.findings[0] ?? '', /^line 1, column 14: expected/)
})

test('a password is not repeated', () => {
  const taken = read({ password: 'short' })
  assert.ok(taken.kind === 'refused')
  assert.match(taken.findings[0] ?? '', /\(not shown\)/)
  assert.doesNotMatch(taken.findings[0] ?? '', /short"/)
})

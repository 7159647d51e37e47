import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDocument } from '../../appliance/config/document.ts'
import { newestVersion } from '../../appliance/config/migrations.ts'
import { readAnswers, type SetupGround } from '../../appliance/setup/answer-file.ts'

const ground: SetupGround = {
  ports: [
    { name: 'port1', link: 'no-carrier' },
    { name: 'port2', link: 'up' },
  ],
  hostname: 'diarch-0001',
  keys: { key: 'ab'.repeat(32), guardKey: 'cd'.repeat(32) },
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

test('time and keyboard of an answer file are those of the box, the first and the second', () => {
  const time = { zone: 'Europe/Berlin', servers: ['192.0.2.123'] }
  const own = { time, keyboard: 'de' }
  const first = read({ password: 'hunter2hunter2', ...own })
  const second = read({ box: 'second', ...own, pairing: { code: '4729-1836' } })
  for (const taken of [first, second]) {
    assert.ok(taken.kind !== 'refused', JSON.stringify(taken))
    const { node } = taken.document as { node: { time: unknown; console: unknown } }
    assert.deepEqual(node.time, time)
    assert.deepEqual(node.console, { keyboard: 'de' })
    assert.equal(parseDocument(taken.document).kind, 'document')
  }
})

test('a whole document is handed on as it is', () => {
  const document = { schemaVersion: 2, cluster: {} }
  assert.deepEqual(read({ document }), { kind: 'document', document, code: null })
})

test('a code in the file of the first box is shown for an hour, or as long as it says', () => {
  for (const [pairing, code] of [
    [{ code: '1234-5678' }, { code: '12345678', within: 3_600_000 }],
    [
      { code: '12345678', within: '15m' },
      { code: '12345678', within: 900_000 },
    ],
  ]) {
    const taken = read({ ...full, pairing })
    assert.ok(taken.kind === 'document', JSON.stringify(taken))
    assert.deepEqual(taken.code, code)
  }
})

test('a second box has an address of its own, a code, and all else from the first', () => {
  const second = { box: 'second', hostname: 'lb2', address: '192.0.2.12/24' }
  const taken = read({ ...second, pairing: { code: '1234-5678', peer: '192.0.2.11' } })
  assert.ok(taken.kind === 'join', JSON.stringify(taken))
  assert.deepEqual([taken.code, taken.peer], ['12345678', '192.0.2.11'])
  const interfaces = { port2: { addresses: ['192.0.2.12/24'] } }
  assert.deepEqual(taken.document, {
    schemaVersion: newestVersion,
    cluster: {},
    node: { hostname: 'lb2', network: { interfaces } },
  })
  assert.equal(parseDocument(taken.document).kind, 'document')
  const alone = read({ box: 'second', pairing: { code: '12345678' } })
  assert.ok(alone.kind === 'join')
  assert.equal(alone.peer, null)
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
  ['no such box', { ...full, box: 'third' }, /box is "third", expected "first" or "second" or "si/],
  ['a second box without a code', { box: 'second' }, /pairing is missing/],
  [
    'a password on the second box',
    { box: 'second', password: 'hunter2hunter2', pairing: { code: '12345678' } },
    /password: there is no such key/,
  ],
  [
    'a code of seven digits',
    { ...full, pairing: { code: '1234-567' } },
    /pairing\.code.*expected eight digits such as "4729-1836"/,
  ],
  [
    'a code of a single box',
    { ...full, box: 'single', pairing: { code: '12345678' } },
    /pairing .*a single box has no peer/,
  ],
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

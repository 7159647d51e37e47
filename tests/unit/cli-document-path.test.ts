import assert from 'node:assert/strict'
import { test } from 'node:test'
import { existingValue, parsePath, pointer } from '../../appliance/cli/document-path.ts'
import { besideImport } from '../../appliance/config/beside-import.ts'
import { pathText } from '../../appliance/config/path.ts'

test('document-path/what findings print is read back', () => {
  for (const path of [
    [],
    ['cluster', 'routers', 'VI_1', 'virtualAddresses', 0],
    ['cluster', 'services', 'web.1', 'servers', '10.0.0.1:80', 'weight'],
    ['cluster', 'checks', 'a"b', 'port'],
  ]) {
    assert.deepEqual(parsePath(pathText(path)), path)
  }
})

test('document-path/a shell may have taken the quotes away', () => {
  assert.deepEqual(parsePath('services[10.0.0.1:80].weight'), ['services', '10.0.0.1:80', 'weight'])
  assert.deepEqual(parsePath('a:b.c'), ['a:b', 'c'])
})

for (const text of ['a[', 'a..b', 'a.', 'a[]', 'a["b]', ']']) {
  test(`document-path/refused: ${text}`, () => {
    assert.throws(() => parsePath(text), /^Error: the path ".*" cannot be read at ".*": expected/)
  })
}

test('document-path/as a pointer of RFC 6901', () => {
  assert.equal(pointer(['a/b', 'm~n', 0]), '/a~1b/m~0n/0')
  assert.equal(pointer([]), '')
})

test('document-path/what is there, and what was meant where nothing is', () => {
  const document = { services: { 'web.1': { weight: null }, shop: {} }, list: [5] }
  assert.equal(existingValue(document, ['services', 'web.1', 'weight']), null)
  assert.equal(existingValue(document, []), document)
  for (const [path, words] of [
    [['services', 'shp'], /there is no services\.shp: did you mean services\.shop\?/],
    [['services', 'web', '1'], /there is no services\.web: did you mean services\["web\.1"\]\?/],
    [['services', 'mail'], /there is no services\.mail: services has web\.1, shop/],
    [['list', 1], /there is no list\[1\]: list has/],
    [['list', 0, 'x'], /there is no list\[0\]\.x: list\[0\] has nothing/],
    [['toString'], /there is no toString: the document has services, list/],
  ] as const) {
    assert.throws(() => existingValue(document, path), words)
  }
})

test('beside-import/users and the network stay, and what keepalived says is replaced', () => {
  const inForce = {
    schemaVersion: 2,
    cluster: { routers: { old: {} }, users: { ada: {} } },
    node: { routers: { old: {} }, network: { hostname: 'one' } },
  }
  const imported = { schemaVersion: 2, cluster: { routers: { VI_1: {} } } }
  assert.deepEqual(besideImport(inForce, imported).document, {
    schemaVersion: 2,
    cluster: { routers: { VI_1: {} }, users: { ada: {} } },
    node: { network: { hostname: 'one' } },
  })
  assert.deepEqual(besideImport(null, imported), { document: imported, kept: [] })
})

test('beside-import/a mail channel comes in beside those of the box and replaces none', () => {
  const mail = (to: string) => ({ kind: 'mail', server: '192.0.2.25', to: [to] })
  const having = (channels: object) => ({
    schemaVersion: 2,
    cluster: { alerts: { remind: null, channels } },
  })
  const imported = { schemaVersion: 2, cluster: { alerts: { channels: { mail: mail('them') } } } }
  const chat = { kind: 'webhook', url: 'https://chat.example.com/' }
  for (const [own, expected, kept] of [
    [{ chat }, { mail: mail('them'), chat }, []],
    [{ mail: mail('them') }, { mail: mail('them') }, []],
    [{ mail: mail('us') }, { mail: mail('us') }, ['mail']],
  ] as const) {
    assert.deepEqual(besideImport(having(own), imported), { document: having(expected), kept })
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { description } from '../../appliance/config/description.ts'
import { pathText as boxPathText } from '../../appliance/config/path.ts'
import { lineOf, offsetOf, pathAt, walkJson } from '../../web-ui/forms/json-places.ts'
import { parsePath, pathText, withValueAt } from '../../web-ui/forms/path.ts'
import { followed, namesOf } from '../../web-ui/forms/references.ts'
import { alternatives, type Described, nodeAt, type Schema } from '../../web-ui/forms/schema.ts'
import { pageOf, sectionsOf } from '../../web-ui/forms/sections.ts'
import { fits, shapeOf } from '../../web-ui/forms/shape.ts'
import { shorthandOf } from '../../web-ui/forms/shorthand.ts'

/** As the page gets it. */
const schema = JSON.parse(JSON.stringify(description())) as Schema

const paths = [
  ['cluster', 'services', 'shop', 'servers', '10.0.0.1:80', 'weight'],
  ['cluster', 'routers', 'VI_1', 'virtualAddresses', 0],
  ['node', 'network', 'interfaces', 'bond"0'],
  [],
] as const

test('a path is written as the box writes it, and read back', () => {
  for (const path of paths) {
    assert.equal(pathText(path), boxPathText(path))
    assert.deepEqual(parsePath(boxPathText(path)), path)
  }
})

test('each part of the schema has a shape that its default fits', () => {
  const seen = new Set<Described>()
  const visit = (node: Described, at: string): void => {
    const shape = shapeOf(schema, node)
    assert.ok(fits(shape, node.default), `${at}: ${JSON.stringify(node.default)} in ${shape.kind}`)
    if (shape.kind === 'union') {
      const labels = shape.options.map(({ label }) => label)
      assert.equal(new Set(labels).size, labels.length, `${at} has two of: ${labels}`)
    }
    for (const own of alternatives(schema, node)) {
      if (seen.has(own)) continue
      seen.add(own)
      for (const [key, each] of Object.entries(own.properties ?? {})) visit(each, `${at}.${key}`)
      if (own.additionalProperties) visit(own.additionalProperties, `${at}.NAME`)
      if (own.items) visit(own.items, `${at}[]`)
    }
  }
  visit(schema, 'document')
  assert.ok(seen.size > 300, String(seen.size))
})

test('every key of the document has a page, but for users and what is about the file', () => {
  const sections = sectionsOf(schema).map(({ part, key }) => `${part}.${key}`)
  for (const part of ['cluster', 'node']) {
    const [object] = alternatives(schema, schema.properties?.[part] as Described)
    for (const key of Object.keys(object?.properties ?? {})) {
      const page = pageOf(schema, [part, key, 'x'])
      const isElsewhere = ['users', 'tokens'].includes(key)
      assert.equal(page === null, isElsewhere, `${part}.${key}`)
      if (page !== null) assert.ok(sections.includes(page.slice(0, 2).join('.')), String(page))
    }
  }
  assert.deepEqual(pageOf(schema, ['cluster', 'services', 'shop', 'quorum']), [
    'cluster',
    'services',
    'shop',
  ])
  assert.deepEqual(pageOf(schema, ['node', 'hostname']), ['node', 'general'])
})

test('what is written in short is opened, and stays short as long as it can', () => {
  const rows = [
    ['Server', '10.0.0.1:80', { address: '10.0.0.1', port: 80 }],
    ['Server', '[2001:db8::1]:443', { address: '2001:db8::1', port: 443 }],
    ['Virtual endpoint', '192.0.2.1-9', { address: '192.0.2.1-9' }],
    ['Server', ':8080', { port: 8080 }],
    ['Virtual address', '192.0.2.1/24', { address: '192.0.2.1/24' }],
    ['Check of a server', 'tcp', { check: 'tcp' }],
    ['Persistence', '5m', { time: '5m' }],
  ] as const
  for (const [title, text, object] of rows) {
    const short = shorthandOf(title)
    assert.deepEqual(short?.open(text), object)
    assert.equal(short?.close(object), text)
  }
  assert.equal(shorthandOf('Server')?.close({ address: '10.0.0.1', weight: 2 }), null)
  assert.equal(shorthandOf('Virtual router'), null)
})

const document = {
  cluster: {
    checks: { port: { kind: 'tcp' }, page: { kind: 'http' } },
    routers: { VI_1: { interface: 'eth0', secondPaths: ['eth1'] } },
    services: {
      port: { virtual: ['192.0.2.1:80'], checks: ['port', { check: 'port', reverse: true }] },
    },
  },
  node: { checks: { port: { source: '192.0.2.7' } } },
}

test('a check with another name is followed, and nothing else of that name is', () => {
  const { cluster, node } = followed(schema, document, 'checks', 'port', 'alive') as typeof document
  assert.deepEqual(Object.keys(cluster.services), ['port'])
  assert.deepEqual(cluster.services.port.checks, ['alive', { check: 'alive', reverse: true }])
  assert.deepEqual(node.checks, { alive: { source: '192.0.2.7' } })
  assert.deepEqual(cluster.routers, document.cluster.routers)
})

test('a reference may be what the document has, and what the box has by itself', () => {
  assert.deepEqual(namesOf(schema, document, 'checks', []), ['port', 'page', 'tcp', 'ping'])
  assert.deepEqual(namesOf(schema, document, 'routers', []), ['VI_1'])
  assert.deepEqual(namesOf(schema, document, 'interfaces', ['lan1']), ['eth0', 'eth1', 'lan1'])
})

test('the schema speaks of the kind that stands at a place', () => {
  const at = (...path: string[]) => nodeAt(schema, document, path)?.description
  assert.equal(at('cluster', 'checks', 'page', 'path'), 'What is asked for.')
  assert.equal(at('cluster', 'checks', 'port', 'path'), undefined)
  assert.match(at('cluster', 'services', 'port', 'scheduler') ?? '', /^Who gets the next/)
})

test('a value is put where nothing was yet, and taken out again', () => {
  const path = ['cluster', 'services', 'mail']
  const put = withValueAt({ schemaVersion: 2 }, path, { virtual: [] })
  assert.deepEqual(put, { schemaVersion: 2, cluster: { services: { mail: { virtual: [] } } } })
  assert.deepEqual(withValueAt(put, path, undefined), {
    schemaVersion: 2,
    cluster: { services: {} },
  })
})

test('each place of a text of JSON is found, also before a mistake', () => {
  const text = '{\n  "a": { "b": [1, {"c": "x\\"}"}] },\n  "d": tru\n}'
  const here = (mark: string) => pathAt(text, text.indexOf(mark) + 1)
  assert.deepEqual(here('"b"'), ['a', 'b'])
  assert.deepEqual(here('1,'), ['a', 'b', 0])
  assert.deepEqual(here('"x'), ['a', 'b', 1, 'c'])
  assert.equal(walkJson(text, { visit: () => {} }), text.indexOf('tru'))
  assert.equal(lineOf(text, text.indexOf('tru')), 3)
  const whole = JSON.stringify(document, null, 2)
  assert.equal(walkJson(whole, { visit: () => {} }), null)
  const offset = offsetOf(whole, ['cluster', 'routers', 'VI_1', 'interface'])
  assert.ok(whole.slice(offset).startsWith('"interface": "eth0"'))
  // What is missing is said where it would be.
  const missing = offsetOf(whole, ['cluster', 'routers', 'VI_1', 'virtualRouterId'])
  assert.ok(whole.slice(missing).startsWith('"VI_1"'))
})

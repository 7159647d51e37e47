import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import * as z from 'zod'
import { type Described, description } from '../../appliance/config/description.ts'
import { editorSchema } from '../../appliance/config/editor-schema.ts'
import { generated } from './config/generated.ts'
import { pair, refusals } from './config/pair.ts'

const docs = resolve(import.meta.dirname, '../../docs')

for (const { path, text } of generated()) {
  test(`${path.slice(docs.length + 1)} is up to date`, () => {
    const advice = 'write it anew: node tests/unit/config/write-reference.ts'
    assert.equal(readFileSync(path, 'utf8'), text, advice)
  })
}

function objects(node: Described): readonly Described[] {
  const own = node.properties === undefined ? [] : [node]
  const tables = [node.properties ?? {}, node.$defs ?? {}].flatMap(table => Object.values(table))
  const inner = [...tables, ...(node.anyOf ?? []), ...(node.oneOf ?? []), node.items]
  const entries = node.additionalProperties || undefined
  return [...own, ...[...inner, entries].flatMap(each => (each ? objects(each) : []))]
}

test('every object refuses unknown keys, and every key is described', () => {
  const all = objects(description())
  assert.ok(all.length > 15)
  for (const { title = '', properties = {}, required = [], additionalProperties } of all) {
    assert.equal(additionalProperties, false, `${title} takes unknown keys`)
    for (const [key, node] of Object.entries(properties)) {
      assert.ok(node.description, `${title}.${key} has no description`)
      const said = required.includes(key) || 'default' in node || 'otherwise' in node
      assert.ok(said || title === 'Authentication', `${title}.${key} has no default`)
    }
  }
})

test('the schema for editors has no words that JSON Schema does not have', () => {
  const own = /"(expected|keepalived|otherwise)":/
  assert.doesNotMatch(editorSchema(), own)
  const schema = JSON.parse(editorSchema())
  assert.deepEqual(schema.required, ['schemaVersion', 'cluster'])
  assert.deepEqual(schema.$defs.hmacKey.required, ['id', 'secret'])
  assert.match(schema.$defs.router.properties.advertInterval.description, /keepalived: advert_int/)
})

const folder = resolve(docs, 'examples')
const examples = readdirSync(folder).filter(name => name.endsWith('.json'))

test('there are examples', () => assert.ok(examples.length >= 5))

for (const name of examples) {
  const text = readFileSync(resolve(folder, name), 'utf8')
  test(`the example ${name} is a good document`, () => assert.deepEqual(refusals(text), []))
  test(`the example ${name} is good to editors`, () => {
    assert.equal(
      z.fromJSONSchema(JSON.parse(editorSchema())).safeParse(JSON.parse(text)).error,
      undefined,
    )
  })
}

test('what is not good to editors', () => {
  const schema = z.fromJSONSchema(JSON.parse(editorSchema()))
  const refused = (document: unknown): boolean => !schema.safeParse(document).success
  assert.equal(refused(pair({})), false)
  assert.equal(refused(pair({ router: { virtualRouterId: 0 } })), true)
  assert.equal(refused(pair({ router: { advertInterval: '1' } })), true)
  assert.equal(refused(pair({ router: { unknown: 1 } })), true)
  assert.equal(refused(pair({ cluster: { unknown: 1 } })), true)
})

const keys = new Set(
  objects(description()).flatMap(({ properties }) => Object.keys(properties ?? {})),
)

/** A guide with a table of what keepalived calls it. */
const withTable = ['vrrp', 'services', 'health-checks']

for (const name of [...withTable, 'configuration', 'split-brain', 'fencing', 'alerts']) {
  const guide = readFileSync(resolve(docs, `guides/${name}.md`), 'utf8')
  const blocks = [...guide.matchAll(/```json\n([\s\S]*?)```/g)]
    .map(([, text]) => text ?? '')
    .filter(text => text.includes('"schemaVersion"'))

  test(`the guide ${name} has documents in it`, () =>
    assert.ok(blocks.length >= (withTable.includes(name) ? 3 : 1)))

  for (const [index, text] of blocks.entries()) {
    test(`document ${index + 1} of the guide ${name} is a good one`, () => {
      assert.deepEqual(refusals(text), [])
    })
  }

  if (!withTable.includes(name)) continue
  test(`every key that the guide ${name} names exists`, () => {
    const table = guide.slice(guide.indexOf('## keepalived to Diarch'))
    const named = [...table.matchAll(/^\| [^|]* \| ([^|]*) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([\w.]+)`/g)].map(([, path = '']) => path),
    )
    assert.ok(named.length > 20)
    for (const path of named) {
      for (const part of path.split('.')) {
        assert.ok(part === 'NAME' || keys.has(part), `${path}: ${part}`)
      }
    }
  })
}

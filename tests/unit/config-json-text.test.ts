import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readJson } from '../../appliance/config/json-text.ts'

/** As `1:8 expected ..., not ...; hint`. */
function refusal(text: string): string {
  const read = readJson(text)
  if (read.kind === 'value') return `read as ${JSON.stringify(read.value)}`
  const { place, expected, found, hint } = read
  const advice = hint === null ? '' : `; ${hint}`
  return `${place.line}:${place.column} ${expected}, not ${found}${advice}`
}

const refusals: readonly [text: string, refusal: string][] = [
  ['', '1:1 a value, not the end of the text'],
  ['{"a": 1,}', '1:9 another entry after ",", not "}"; the last entry has no comma behind it'],
  ['[1,]', '1:4 another entry after ",", not "]"; the last entry has no comma behind it'],
  ['{\n  a: 1 }', '2:3 a key in quotes, not "a"; write "a"'],
  ["{ 'a': 1 }", '1:3 a key in quotes, not "\'"; JSON has double quotes'],
  ["['a']", '1:2 a value of [0], not "\'"; JSON has double quotes'],
  ['{"a": yes}', '1:7 a value of a, not "yes"; write true'],
  ['{"a": False}', '1:7 a value of a, not "False"; write false'],
  ['{"a": eth0}', '1:7 a value of a, not "eth0"; text has quotes: "eth0"'],
  ['{"a": 01}', '1:7 a value of a, not "01"'],
  ['{"a": .5}', '1:7 a value of a, not ".5"'],
  ['{"a": 1e999}', '1:7 a smaller number, not "1e999"'],
  ['{"a": }', '1:7 a value of a, not "}"'],
  ['{"a" 1}', '1:6 ":" after the key "a", not "1"'],
  ['{"a": 1\n"b": 2}', '2:1 "," or "}" after a, not "\\""'],
  ['{"a": {"b": [1 2]}}', '1:16 "," or "]" after a.b[0], not "2"'],
  ['{"a": 1 // first\n}', '1:9 "," or "}" after a, not "/"; JSON has no comments'],
  ['# note\n{}', '1:1 a value, not "#"; JSON has no comments'],
  [
    '{"a": [1,\n2',
    '2:2 "," or "]" after a[1], not the end of the text; "[" in line 1, column 7 is still open',
  ],
  ['{"a": "x', '1:9 a closing \'"\' for "x...", not the end of the text'],
  ['{"a": "x\\', '1:10 a closing \'"\' for "x\\\\...", not the end of the text'],
  ['{"a": "x\ny"}', '1:9 a closing \'"\' for "x\\ny\\"}...", not "\\n"'],
  [
    '{"a": "\\x"}',
    '1:8 one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000 after a backslash, not "\\\\"',
  ],
  [
    '{"a": "\\u00e4 \\\\x \\u00g4"}',
    '1:19 one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000 after a backslash, not "\\\\"',
  ],
  ['{"a": 1} x', '1:10 nothing after the end of the document, not "x"'],
  ['{"a": 1, "b": 2,\n "a": 3}', '2:2 another key, not "a" a second time'],
  ['{"__proto__": {"a": 1}}', '1:2 another key, not "__proto__"'],
  ['['.repeat(65), '1:65 at most 64 levels, not "["'],
]

for (const [text, expected] of refusals) {
  test(`refused: ${JSON.stringify(text.slice(0, 30))}`, () => assert.equal(refusal(text), expected))
}

test('a byte order mark and Windows lines are read, and counted rightly', () => {
  assert.equal(refusal('\ufeff{"a":\r\n 1}'), 'read as {"a":1}')
  assert.equal(refusal('\ufeff{"a":\r\n x}'), '2:2 a value of a, not "x"; text has quotes: "x"')
  assert.equal(refusal('\ufeff{x'), '1:2 a key in quotes, not "x"; write "x"')
  assert.equal(refusal('\ufeffx'), '1:1 a value, not "x"; text has quotes: "x"')
})

test('every place is known', () => {
  const read = readJson('{\n  "a": [\n    1, { "b": null }\n  ],\n  "c": {}\n}')
  assert.equal(read.kind, 'value')
  if (read.kind !== 'value') return
  assert.deepEqual(read.placeOf([]), { line: 1, column: 1 })
  assert.deepEqual(read.placeOf(['a']), { line: 2, column: 3 })
  assert.deepEqual(read.placeOf(['a', 0]), { line: 3, column: 5 })
  assert.deepEqual(read.placeOf(['a', 1]), { line: 3, column: 8 })
  assert.deepEqual(read.placeOf(['a', 1, 'b']), { line: 3, column: 10 })
  assert.deepEqual(read.placeOf(['c', 'missing', 'deeper']), { line: 5, column: 3 })
})

test('all that JSON.parse reads is read as the same', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(0, 2, '\t'), (compact, indent) => {
      const value: unknown = JSON.parse(compact)
      // Refused on purpose: it is the one key that an object cannot simply be given.
      fc.pre(!compact.includes('__proto__'))
      const read = readJson(JSON.stringify(value, null, indent))
      assert.equal(read.kind === 'value' ? JSON.stringify(read.value) : read, JSON.stringify(value))
    }),
    { numRuns: 500 },
  )
})

test('text that is damaged is read as JSON.parse reads it, or refused with a place inside', () => {
  const good = '{"a": [1, -2.5e3, "x\\u00e4\\n", true, null], "b": {"c": {}}}'
  const damage = fc.tuple(fc.nat(good.length), fc.nat(3), fc.string({ maxLength: 3 }))
  fc.assert(
    fc.property(damage, ([at, gone, instead]) => {
      const text = good.slice(0, at) + instead + good.slice(at + gone)
      const read = readJson(text)
      if (read.kind === 'value') {
        assert.deepEqual(read.value, JSON.parse(text))
        assert.equal(read.placeOf([]).line, 1)
      } else assert.ok(read.place.line === 1 && read.place.column <= text.length + 1, text)
    }),
    { numRuns: 3000 },
  )
})

test('a key given twice is refused wherever it is, and however it is written', () => {
  const keys = fc.array(fc.constantFrom('a', '\\u0061', 'b', 'b:', '\\"', '\\\\', '__proto__'))
  const values = fc.constantFrom('1', '"a\\":"', '{"a": {"b": ":"}}', '[{"a": 1}, {"a": 1}]')
  fc.assert(
    fc.property(keys, values, fc.boolean(), (names, value, inside) => {
      const object = `{${names.map(name => `"${name}": ${value}`).join()}}`
      const meant = names.map(name => JSON.parse(`"${name}"`))
      const good = new Set(meant).size === names.length && !meant.includes('__proto__')
      const read = readJson(inside ? `[{"a": [${object}]}]` : object)
      assert.equal(read.kind, good ? 'value' : 'not-json')
    }),
    { numRuns: 2000 },
  )
})

test('a large text takes a moment, also when everything in it is refused', () => {
  const text = `[${'{"a": 1},\n'.repeat(50_000)}1]`
  const read = readJson(text)
  assert.equal(read.kind, 'value')
  if (read.kind !== 'value') return
  for (let index = 0; index < 50_000; index += 1) {
    assert.equal(read.placeOf([index, 'a']).line, index + 1)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseDocument } from '../../appliance/config/document.ts'
import { findingText } from '../../appliance/config/finding.ts'
import { pair, refusals } from './config/pair.ts'
import { rowsOf } from './config/rows.ts'

const noPair: readonly (readonly [what: string, document: unknown, ...lines: string[]])[] = [
  ['nothing', undefined, 'the document is missing: expected an object'],
  ['null', null, 'the document is null, expected an object'],
  ['a list', [1, 2], 'the document is (a list of 2), expected an object'],
  [
    'an empty object',
    {},
    'schemaVersion is missing: expected 2',
    'cluster is missing: expected an object',
  ],
  [
    'a version of the schema that there is not',
    { schemaVersion: 0, cluster: {} },
    'schemaVersion is 0, expected 2',
  ],
]

for (const [what, document, ...lines] of noPair) {
  test(`refused: ${what}`, () => assert.deepEqual(refusals(document), lines))
}

for (const { what, document, refused } of rowsOf('refusals.json')) {
  test(`refused: ${what}`, () => {
    assert.ok(refused.length > 0)
    assert.deepEqual(refusals(document), refused)
  })
}

test('a refusal of text has the place of the key, and they come in the order of the text', () => {
  const text = `{
  "cluster": {
    "routers": {
      "VI_1": {
        "priority": 300,
        "virtualAddresses": ["nowhere", "192.0.2.100/24", "nowhere"]
      }
    }
  },
  "schemaVersion": 2
}`
  const starts = refusals(text).map(line => /^line \d+, column \d+: \S+ is \S+/.exec(line)?.[0])
  assert.deepEqual(starts, [
    'line 4, column 7: cluster.routers.VI_1.virtualRouterId is missing:',
    'line 5, column 9: cluster.routers.VI_1.priority is 300,',
    'line 6, column 30: cluster.routers.VI_1.virtualAddresses[0] is "nowhere",',
    'line 6, column 59: cluster.routers.VI_1.virtualAddresses[2] is "nowhere",',
  ])
})

test('a refusal is data too', () => {
  const parsed = parseDocument(JSON.stringify(pair({ router: { priority: 300 } }), null, 2))
  assert.deepEqual(parsed, {
    kind: 'refused',
    findings: [
      {
        path: 'cluster.routers.VI_1.priority',
        place: { line: 11, column: 9 },
        reason: 'wrong-value',
        value: 300,
        expected: 'a whole number from 1 to 255',
        hint: null,
      },
    ],
  })
})

test('what is no JSON has one finding', () => {
  const parsed = parseDocument('{ "schemaVersion": 2, }')
  assert.deepEqual(parsed, {
    kind: 'refused',
    findings: [
      {
        path: '',
        place: { line: 1, column: 23 },
        reason: 'not-json',
        value: '"}"',
        expected: 'another entry after ","',
        hint: 'the last entry has no comma behind it',
      },
    ],
  })
  assert.deepEqual(refusals('{ "schemaVersion": 2, }'), [
    'line 1, column 23: expected another entry after ",", not "}"; ' +
      'the last entry has no comma behind it',
  ])
})

test('a secret is never repeated, wherever it was put', () => {
  const secret = 'correct horse'
  const places = [
    { authentication: secret },
    { authentication: { password: secret } },
    { authentication: { password: 24_091_813 } },
    { authentication: { pasword: secret } },
    { authentication: { hmac: { keys: [{ id: 1, secret }] } } },
    { authentication: { hmac: { keys: [secret] } } },
    { authentication: { hmac: { keys: secret } } },
    { authentication: { hmac: { keys: [{ id: secret, secret }] } } },
    { authentication: { hmac: { keys: [], mode: secret } } },
    { auth_pass: secret },
    { password: secret },
    { authentification: secret },
    { secretPaths: secret },
    { hmacKey: secret },
  ]
  for (const router of places) {
    const parsed = parseDocument(pair({ router }))
    assert.equal(parsed.kind, 'refused')
    if (parsed.kind !== 'refused') return
    const text = JSON.stringify(parsed) + parsed.findings.map(findingText).join()
    assert.ok(!text.includes(secret) && !text.includes('24091813'), text)
  }
})

test('no document makes the parser throw', () => {
  const good = JSON.stringify(
    pair({
      router: {
        authentication: { hmac: { keys: [{ id: 1, secret: 'x'.repeat(32) }] } },
        track: [{ tracker: 'it', weight: -10 }],
        virtualRoutes: [{ destination: 'default', gateway: '192.0.2.1' }],
      },
      cluster: {
        trackers: { it: { kind: 'script', command: ['/bin/true'] } },
        syncGroups: { G: { routers: ['VI_1', 'VI_2'] } },
      },
      node: { routers: { VI_1: { priority: 150 } } },
    }),
  )
  const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(-1, '', {}, [], null, '5s'))
  fc.assert(
    fc.property(fc.nat(good.length), fc.nat(40), value, (at, gone, instead) => {
      const text = good.slice(0, at) + JSON.stringify(instead) + good.slice(at + gone)
      assert.ok(['document', 'refused'].includes(parseDocument(text).kind))
    }),
    { numRuns: 1000 },
  )
  fc.assert(fc.property(fc.jsonValue(), json => parseDocument(json).kind === 'refused'))
  const mutated = fc.tuple(fc.nat(200), value).map(([at, instead]) => replaced(good, at, instead))
  fc.assert(
    fc.property(mutated, document => {
      assert.ok(['document', 'refused'].includes(parseDocument(document).kind))
    }),
    { numRuns: 1000 },
  )
})

/** The document with another value somewhere. */
function replaced(good: string, at: number, instead: unknown): unknown {
  let count = 0
  return JSON.parse(good, (_, value) => (count++ === at ? instead : value))
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusals } from './config/pair.ts'
import { contradictions, crowded } from './config/rows.ts'

for (const [about, rows] of contradictions()) {
  for (const { what, document, refused } of rows) {
    const verdict = refused.length === 0 ? 'taken' : 'refused'
    test(`${about}: ${what}: ${verdict}`, () => assert.deepEqual(refusals(document), refused))
  }
}

const inet = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `10.0.${index >> 8}.${index & 255}/16`)

const inet6 = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `fe80::${(index + 1).toString(16)}/64`)

const key = { id: 1, secret: '0123456789abcdef0123456789abcdef' }
const signed = { authentication: { hmac: { keys: [key] } } }

/** 1500 bytes hold 90 IPv6 addresses, 89 beside an HMAC; an advert counts to 255. */
const limits: readonly [what: string, most: number, document: (count: number) => unknown][] = [
  ['IPv4', 255, count => crowded(inet(count))],
  ['IPv4, signed', 255, count => crowded(inet(count), signed)],
  ['IPv6', 90, count => crowded(inet6(count))],
  ['IPv6, signed', 89, count => crowded(inet6(count), signed)],
]

for (const [what, most, document] of limits) {
  test(`addresses: an advert has room for ${most} of them: ${what}`, () => {
    assert.deepEqual(refusals(document(most)), [])
    assert.deepEqual(refusals(document(most + 1)), [
      `cluster.routers.VI_1.virtualAddresses is (a list of ${most + 1}), ` +
        `expected at most ${most} addresses in one advert; ` +
        'let others have "advertised": false, or make a second router',
    ])
  })
}

test('addresses: those that are not advertised need no room', () => {
  const quiet = { address: '192.0.2.100/24', advertised: false }
  assert.deepEqual(refusals(crowded([...inet(255), quiet])), [])
})

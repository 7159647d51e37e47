import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDocument } from '../../appliance/config/document.ts'
import { newestVersion } from '../../appliance/config/migrations.ts'
import { listed, nameHint, nearest } from '../../appliance/config/near.ts'

const names = ['virtualRouterId', 'virtualAddresses', 'priority', 'preempt', 'preemptDelay']

const cases: readonly [word: string, near: string | null][] = [
  ['virtualRouterID', 'virtualRouterId'],
  ['virtual_router_id', 'virtualRouterId'],
  ['priorty', 'priority'],
  ['prioritiy', 'priority'],
  ['rpiority', 'priority'],
  ['Preempt', 'preempt'],
  ['preempt-delay', 'preemptDelay'],
  ['virtualRouterIdxyz', 'virtualRouterId'],
  ['virtualRouterIdwxyz', null],
  ['colour', null],
  ['', null],
]

for (const [word, near] of cases) {
  test(`near "${word}" is ${near}`, () => assert.equal(nearest(word, names), near))
}

test('the nearer of two', () => assert.equal(nearest('VI_2', ['VJ_1', 'VI_1']), 'VI_1'))

test('one letter is near only to itself', () => {
  assert.equal(nearest('a', ['b', 'A']), 'A')
})

test('in a short word one mistake is enough', () => {
  for (const word of ['eht', 'teh', 'eh', 'etth', 'ath', 'xeth', 'et']) {
    assert.equal(nearest(word, ['eth']), 'eth', word)
  }
  for (const word of ['hte', 'hxe', 'ehx', 'xth0', 'tx', 'eXX']) {
    assert.equal(nearest(word, ['eth']), null, word)
  }
})

test('a reference that has nothing near gets all names, when they are few', () => {
  assert.equal(nameHint('nginx', []), 'there is none')
  assert.equal(nameHint('nginx', ['gateway', 'uplink']), 'there is gateway and uplink')
  assert.equal(nameHint('nginx', ['nginxx']), 'did you mean nginxx?')
  const eight = Array.from({ length: 8 }, (_, index) => `t${index}`)
  assert.equal(nameHint('nginx', eight), 'there is t0, t1, t2, t3, t4, t5, t6 and t7')
  const many = Array.from({ length: 9 }, (_, index) => `tracker-${index}`)
  assert.equal(nameHint('nginx', many), 'there are 9 of other names')
})

test('a list in words', () => {
  assert.equal(listed(['a', 'b', 'c']), 'a, b and c')
  assert.equal(listed(['a']), 'a')
  assert.equal(listed([]), '')
})

test('of very many wrong names the first are told, and fewer are searched for', () => {
  const names = Array.from({ length: 3000 }, (_, index) => `a-tracker-with-a-long-name-${index}`)
  const parsed = parseDocument({
    schemaVersion: newestVersion,
    cluster: {
      trackers: Object.fromEntries(
        names.map(name => [name, { kind: 'interface', interface: 'e' }]),
      ),
      routers: {
        VI_1: {
          interface: 'e',
          virtualRouterId: 51,
          virtualAddresses: ['192.0.2.100/24'],
          track: names.map(name => ({ tracker: name.replace('tracker', 'trakker') })),
        },
      },
    },
  })
  assert.ok(parsed.kind === 'refused')
  assert.equal(parsed.findings.length, 1000)
  const hints = parsed.findings.map(({ hint }) => hint)
  assert.equal(hints[0], `did you mean ${names[0]}?`)
  assert.ok(hints.filter(hint => hint !== null).length < 100)
})

test('so many wrong values that the schema gives up are refused in words', () => {
  const servers = Object.fromEntries(Array.from({ length: 150_000 }, (_, index) => [index, 'x']))
  const services = { web: { virtual: ['192.0.2.1:80'], servers } }
  const parsed = parseDocument({ schemaVersion: newestVersion, cluster: { services } })
  assert.ok(parsed.kind === 'refused')
  assert.ok(parsed.findings.length <= 1000)
})

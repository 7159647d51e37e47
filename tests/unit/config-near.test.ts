import assert from 'node:assert/strict'
import { test } from 'node:test'
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

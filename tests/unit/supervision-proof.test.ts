import assert from 'node:assert/strict'
import { test } from 'node:test'
import { undone } from '../../appliance/supervision/proof.ts'
import { instant, seconds } from '../../appliance/values/duration.ts'

const at = (n: number) => instant(seconds(n))

test('who has looked and is behind with no child, works', () => {
  assert.equal(undone({ looked: at(100), childDue: null }, at(114)), null)
  assert.equal(undone({ looked: at(100), childDue: at(104) }, at(113)), null)
  assert.equal(undone({ looked: at(100), childDue: at(200) }, at(101)), null)
})

test('who has not looked for long does not', () => {
  const words = 'the last look around was 15 s ago'
  assert.equal(undone({ looked: at(100), childDue: null }, at(115)), words)
})

test('who leaves a child waiting does not', () => {
  const words = 'a child has been due for 10 s'
  assert.equal(undone({ looked: at(110), childDue: at(104) }, at(114)), words)
})

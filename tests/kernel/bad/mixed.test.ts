/** Run inside a kernel by lab.test.ts, which knows what has to come back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

test('passes', () => {
  console.log('words of a test')
})

test('fails', () => {
  assert.equal(1, 2, 'one is not two')
})

test('is skipped', { skip: 'for a reason' }, () => {})

test('has subtests', async t => {
  await t.test('good', () => {})
  await t.test('bad', async t => {
    await t.test('deep', () => {
      throw new TypeError('from the depth')
    })
  })
})

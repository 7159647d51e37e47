import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planMarked } from '../../appliance/linux/marked-plan.ts'

type Item = { readonly name: string; readonly origin: number }
const ours = (name: string): Item => ({ name, origin: 112 })
const theirs = (name: string): Item => ({ name, origin: 4 })

const plan = (wanted: readonly Item[], actual: readonly Item[]): string[] =>
  planMarked(wanted, actual, 112, (wish, item) => wish.name === item.name).map(
    ({ kind, item }) => `${kind} ${item.name}`,
  )

test('what is missing is added, what is ours and not wanted goes, and goes first', () => {
  assert.deepEqual(plan([ours('a'), ours('b')], [ours('b'), ours('c')]), ['remove c', 'add a'])
  assert.deepEqual(plan([ours('a')], [ours('a')]), [])
  assert.deepEqual(plan([], []), [])
})

test('what others have is neither taken for ours nor removed', () => {
  assert.deepEqual(plan([ours('a')], [theirs('a'), theirs('b')]), ['add a'])
})

test('one that is there does not count for two that are wanted', () => {
  assert.deepEqual(plan([ours('a'), ours('a')], [ours('a')]), ['add a'])
  assert.deepEqual(plan([ours('a')], [ours('a'), ours('a')]), ['remove a'])
})

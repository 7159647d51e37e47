import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importsOf } from './imports.ts'
import { tokens } from './tokens.ts'

const words = (text: string) =>
  tokens(text)
    .filter(({ kind }) => kind === 'word')
    .map(({ text }) => text)

test('comments, strings, regular expressions and templates hide their inside', () => {
  assert.deepEqual(words('a // b\n/* c\nd */ e'), ['a', 'e'])
  assert.deepEqual(words(`f('it\\'s', "x", /y['"]/g)`), ['f'])
  assert.deepEqual(words('a / b / c'), ['a', 'b', 'c'])
  assert.deepEqual(words('`x @{a + `y @{{ b }} z`} w` + c'.replaceAll('@', '$')), ['a', 'b', 'c'])
})

test('a token knows its line', () => {
  const lines = tokens('a\n/*\n*/ b `\n@{c}\n` d'.replace('@', '$')).map(({ text, line }) => [
    text.trim(),
    line,
  ])
  assert.deepEqual(lines, [
    ['a', 1],
    ['b', 3],
    ['', 3],
    ['c', 4],
    ['', 4],
    ['d', 5],
  ])
})

test('every form of import is seen', () => {
  const text = [
    "import { type A, b } from './one.ts'",
    "import type { C } from '../two.ts'",
    "import 'three'",
    "export * as d from './four.ts'",
    "export type { E } from './five.ts'",
    "const six = await import('./six.ts')",
    'const seven = await import(name)',
    'const eight = { import: import.meta.dirname }',
    'export { six }',
    "// import 'nine'",
    "import type from './ten.ts'",
  ].join('\n')
  const found = importsOf({ path: 'appliance/x/y.ts', text })
  assert.deepEqual(
    found.map(({ from, target, typeOnly, line }) => [line, from, target, typeOnly]),
    [
      [1, './one.ts', 'appliance/x/one.ts', false],
      [2, '../two.ts', 'appliance/two.ts', true],
      [3, 'three', null, false],
      [4, './four.ts', 'appliance/x/four.ts', false],
      [5, './five.ts', 'appliance/x/five.ts', true],
      [6, './six.ts', 'appliance/x/six.ts', false],
      [7, 'import(…)', null, false],
      [11, './ten.ts', 'appliance/x/ten.ts', false],
    ],
  )
})

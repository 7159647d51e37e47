import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const root = new URL('../../', import.meta.url)
const ledgers = ['9568', '3768']

type Row = { readonly rfc: string; readonly id: string; readonly cells: readonly string[] }

const rowsOf = (rfc: string): Row[] =>
  readFileSync(new URL(`docs/rfc/${rfc}.md`, root), 'utf8')
    .split('\n')
    .filter(line => line.startsWith(`| ${rfc}-`))
    .map(line => line.split('|').map(cell => cell.trim()))
    .map(([, id = '', ...cells]) => ({ rfc, id, cells: cells.slice(0, -1) }))

const rows = ledgers.flatMap(rowsOf)

/** What follows `test(` or, in a table of tests, `name:`. */
const title = /(?:\btest\(|\bname:)\s*(['"`])((?:(?!\1).)*)\1/g

const titles = new Set(
  readdirSync(new URL('tests/', root), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => readFileSync(new URL(`tests/${path}`, root), 'utf8'))
    .flatMap(text => Array.from(text.matchAll(title), ([, , name = '']) => name)),
)

const named = (cell: string): string | undefined => /^`(.+)`$/.exec(cell)?.[1]
const isGap = (cell: string): boolean => /^gap: ..../.test(cell)

test('the ledgers have their rows, each id once', () => {
  for (const rfc of ledgers) {
    const count = rows.filter(row => row.rfc === rfc).length
    assert.ok(count > 40, `${rfc} has ${count} rows`)
  }
  const ids = rows.map(({ id }) => id)
  assert.deepEqual(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    [],
  )
  for (const { id } of rows) assert.match(id, /^\d{4}-\d(\.\d+)*-[a-z][a-z\d-]+$/)
})

test('every row of a ledger has two tests, or says what is missing', () => {
  for (const { id, cells } of rows) {
    assert.equal(cells.length, 4, `${id} has ${cells.length + 1} cells`)
    const [level = '', asked = '', does = '', refuses = ''] = cells
    assert.match(level, /^(MUST|MUST NOT|SHOULD|SHOULD NOT|MAY|none)$/, id)
    assert.ok(asked.length > 10, `${id} does not say what is asked`)
    const tested = named(does) !== undefined && named(refuses) !== undefined && does !== refuses
    assert.ok(tested || isGap(does) || isGap(refuses), `${id} has neither two tests nor a gap:`)
    for (const cell of [does, refuses].filter(text => text !== '')) {
      assert.ok(named(cell) !== undefined || isGap(cell), `${id}: "${cell}" is no test and no gap`)
    }
  }
})

test('every test that a ledger names exists', () => {
  const missing = rows.flatMap(({ id, cells }) =>
    cells.flatMap(cell => {
      const name = named(cell)
      return name === undefined || titles.has(name) ? [] : [`${id}: ${name}`]
    }),
  )
  assert.deepEqual(missing, [])
})

test('a gap that points at another row points at one that is there', () => {
  const ids = new Set(rows.map(({ id }) => id))
  for (const { id, cells } of rows) {
    for (const cell of cells) {
      const other = /^gap: as (\S+)/.exec(cell)?.[1]
      assert.ok(other === undefined || ids.has(other), `${id} points at ${other}`)
    }
  }
})

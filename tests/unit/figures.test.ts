import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { withFigures } from '../bench/figures.ts'
import { measuredIn } from '../bench/measured.ts'
import { compared, measured, notMeasured } from '../bench/report.ts'

const bar = (name: string) => ({ name, unit: 'ms', bar: 1 })
const bench = 'see `npm run bench:x -- --only y`'
const table = (...shownBy: string[]) =>
  ['| What fails | w | b | s | m |', '|---|---|---|---|---|']
    .concat(shownBy.map(cell => `| it | falls | soon | ${cell} |`))
    .concat('', '| x | y | z | end | of it |')
    .join('\n')
const cellOf = (shownBy: string) =>
  withFigures(table(shownBy), new Map([['x', cases]]))
    .split('\n')[2]!
    .split(' | ')
    .slice(4)
    .join(' | ')
const cases = [
  compared(bar('the box stops: until it serves'), [1, 2, 4], 'keepalived', [9]),
  measured(bar('the box stops: two owners'), [0]),
  measured(bar('attack A, signed'), [3]),
  notMeasured(bar('attack B, signed'), 'no Ethernet'),
]

test('the last cell of a row has the figures of the cases that it names', () => {
  const serves = 'until it serves: **2** (1–4) ms, keepalived 9'
  assert.equal(cellOf(`${bench} (the box stops)`), `${serves}<br>two owners: **0** ms |`)
  assert.equal(cellOf(`${bench} (signed)`), 'A: **3** ms<br>B: not measured |')
  assert.equal(cellOf(`${bench} (attack A, signed)`), '**3** ms |')
  assert.equal(
    cellOf(`${bench} (attack A, signed) and \`npm run bench:x\` (two owners)`),
    '*attack A, signed*<br>**3** ms<br>*two owners*<br>**0** ms |',
  )
  assert.equal(cellOf('`tests/x.test.ts`: "t"'), 'held by its tests |')
})

test('made twice it is the same, and what comes after the table stays', () => {
  const once = withFigures(table(`${bench} (two)`), new Map([['x', cases]]))
  assert.equal(withFigures(once, new Map([['x', cases]])), once)
  assert.match(once, /\| end \| of it \|$/)
})

test('a row that names no case is refused', () => {
  assert.throws(() => cellOf(`${bench} (typing mistake)`), /bench:x has no case with "typing/)
  const nothing = () => withFigures(table(`${bench} (signed)`), new Map())
  assert.throws(nothing, /docs\/measured\/x\.json is not there/)
})

test('docs/reliability.md says what docs/measured holds', () => {
  const docs = resolve(import.meta.dirname, '../../docs')
  const page = readFileSync(join(docs, 'reliability.md'), 'utf8')
  const wanted = withFigures(page, measuredIn(join(docs, 'measured')))
  assert.equal(page === wanted, true, 'run: npm run figures')
})

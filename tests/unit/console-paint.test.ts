import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { paintAll, paintChanges } from '../../appliance/terminal/paint.ts'
import type { ScreenLine, Tone } from '../../appliance/terminal/screen-line.ts'

/** A terminal of 20 by 4 that knows what we send, and nothing else. */
const showOn = (cells: string[][], sent: string): string[][] => {
  let [row, column, reverse] = [0, 0, false]
  const put = (r: number, c: number, cell: string) => {
    if (cells[r] && c < 20) cells[r][c] = cell
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal reads.
  for (const [, print, parameters, final] of sent.matchAll(/([\x20-\x7e])|\x1b\[([\d;?]*)(\w)/g)) {
    if (print !== undefined) put(row, column++, reverse && print !== ' ' ? `~${print}` : print)
    const numbers = (parameters ?? '').split(';').map(Number)
    if (final === 'H') [row, column] = [(numbers[0] || 1) - 1, (numbers[1] || 1) - 1]
    if (final === 'm') reverse = numbers[0] !== 0
    if (final === 'K' || final === 'J') for (let c = column; c < 20; c++) put(row, c, ' ')
    if (final === 'J') for (let r = row + 1; r < 4; r++) for (let c = 0; c < 20; c++) put(r, c, ' ')
  }
  return cells
}
const blank = () => Array.from({ length: 4 }, () => Array.from({ length: 20 }, () => ' '))
const garbage = () => Array.from({ length: 4 }, () => Array.from({ length: 20 }, () => '#'))

const tone = fc.constantFrom<Tone>('plain', 'title', 'good')
const text = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 20 })
const line: fc.Arbitrary<ScreenLine> = fc.record({ text, tone })
const lines = fc.array(line, { minLength: 4, maxLength: 4 })

// The two sequences that are no CSI are dropped: SI and the choice of the character set.
const csi = (sent: string): string => sent.replace('\x0f\x1b(B', '')

test('paint/the whole screen replaces whatever stood there', () => {
  fc.assert(
    fc.property(lines, frame => {
      const sent = csi(paintAll(frame))
      assert.deepEqual(showOn(garbage(), sent), showOn(blank(), sent))
    }),
  )
})

test('paint/the changes lead to the same picture as the whole screen', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const cells = showOn(blank(), csi(paintAll(before)))
      assert.deepEqual(
        showOn(cells, csi(paintChanges(before, after))),
        showOn(blank(), csi(paintAll(after))),
      )
    }),
    { numRuns: 2000 },
  )
})

test('paint/nothing changed, nothing sent; one cell changed, a few bytes', () => {
  const plain = (text: string): ScreenLine => ({ text, tone: 'plain' })
  const before = [plain('up 4 h 12 min'), plain('same')]
  assert.equal(paintChanges(before, before), '')
  const after = [plain('up 4 h 13 min'), plain('same')]
  assert.equal(paintChanges(before, after), '\x1b[1;9H3\x1b[H')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Dialog, stepDialog } from '../../appliance/console/dialog.ts'
import { dialogScreen } from '../../appliance/console/dialog-screen.ts'
import { drawScreen } from '../../appliance/console/screen.ts'
import type { SetupFacts } from '../../appliance/setup/questions.ts'
import type { Status } from '../../appliance/status/document.ts'
import { keysOf } from '../../appliance/terminal/keys.ts'
import { paintAll, paintChanges } from '../../appliance/terminal/paint.ts'
import type { ScreenLine, Tone } from '../../appliance/terminal/screen-line.ts'
import { instant } from '../../appliance/values/duration.ts'
import { examplePeer, exampleRouter, exampleStatus } from '../processes/example-status.ts'

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

/** A byte has a start bit and a stop bit beside its eight. */
const bytesPerSecond = 9600 / 10
const size = { columns: 80, rows: 24 }

const report = {
  health: { state: 'ok', why: '' },
  alarms: 0,
  maintenance: false,
  routers: [{ name: 'web', state: 'BACKUP', priority: 100, why: '' }],
} as const

/** Every part of the screen has something to say. */
const busy: Status = {
  ...exampleStatus,
  setup: { state: 'finished', since: '', why: '' },
  alarms: ['a', 'b', 'c'].map(reason => ({ reason, since: '', message: 'too long '.repeat(20) })),
  routers: ['web', 'mail', 'dns', 'vpn'].map(name => ({ ...exampleRouter, name })),
  pair: { ...exampleStatus.pair, state: 'in-sync', peer: { ...examplePeer, report } },
}

test('paint/at 9600 baud a whole screen takes two seconds at most', () => {
  for (const status of [exampleStatus, busy]) {
    const bytes = paintAll(drawScreen(status, size)).length
    assert.ok(bytes <= 2 * bytesPerSecond, `${bytes} bytes`)
  }
})

const example = exampleStatus.ports[0]
const facts: SetupFacts = {
  ports: ['port1', 'port2', 'port3'].flatMap(name => (example ? [{ ...example, name }] : [])),
  hostname: 'diarch-1',
  virtualRouterId: 51,
  heard: [],
  found: [],
}
const world = { facts, isSetUp: false, pair: null }
const down = '\x1b[B'
const wizard = [
  ...[`\r${down}\x1b[A\r`, `${down}${down}2b\r`, '192.0.2.11/24\r', '192.0.2.1\r', 'lb1x\b\r'],
  ...['Europe/Berlin\r', '192.0.2.123\r', 'hunter2hunter2\r', 'hunter2\r\x15hunter2hunter2\r'],
  ...['192.0.2.100/24\r', '\r', '80\r', `${down}\r`, '192.0.2.21 192.0.2.22'],
]

test('paint/at 9600 baud a key of the wizard takes 0.2 seconds, a question two at most', () => {
  let dialog: Dialog = { at: 'screen' }
  let shown: readonly ScreenLine[] = drawScreen(exampleStatus, size)
  for (const key of keysOf(wizard.join(''), true).keys) {
    dialog = stepDialog(dialog, { input: 'key', key }, world).dialog
    const next = dialogScreen(dialog, world, instant(0), size) ?? []
    const [bytes, whole] = [paintChanges(shown, next).length, paintAll(next).length]
    const limit = key.key === 'enter' ? 2 : 0.2
    assert.ok(bytes <= limit * bytesPerSecond, `${JSON.stringify(key)}: ${bytes} bytes`)
    assert.ok(whole <= 2 * bytesPerSecond, `${whole} bytes: ${next.map(({ text }) => text)}`)
    shown = next
  }
  assert.match(shown.map(({ text }) => text).join('\n'), /Which real servers[\s\S]*192\.0\.2\.22_/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Terminal, unfinishedEscape, withoutEscapes } from '../../image/run/terminal.ts'

const screenOf = (...pieces: string[]): string[] => {
  const terminal = new Terminal(10, 4)
  for (const piece of pieces) terminal.write(Buffer.from(piece, 'latin1'))
  return terminal.text().split('\n')
}

const cases: Record<string, { readonly sent: string[]; readonly shown: string[] }> = {
  'lines/carriage-return-and-line-feed': { sent: ['ab\r\nc\n d'], shown: ['ab', 'c', '  d', ''] },
  'lines/overwritten-after-carriage-return': { sent: ['abc\rX'], shown: ['Xbc', '', '', ''] },
  'lines/wrap-behind-the-last-column': {
    sent: ['0123456789A'],
    shown: ['0123456789', 'A', '', ''],
  },
  'lines/full-line-then-new-line': {
    sent: ['0123456789\r\nA'],
    shown: ['0123456789', 'A', '', ''],
  },
  'lines/scroll': { sent: ['1\r\n2\r\n3\r\n4\r\n5'], shown: ['2', '3', '4', '5'] },
  'lines/tab-and-backspace': { sent: ['a\tb\b\bc'], shown: ['a      cb', '', '', ''] },
  'cursor/address': { sent: ['\x1b[2;3Hx\x1b[Hy'], shown: ['y', '  x', '', ''] },
  'cursor/beyond-the-edge': { sent: ['\x1b[99;99Hx'], shown: ['', '', '', '         x'] },
  'cursor/relative': {
    sent: ['\x1b[3;3H\x1b[A\x1b[2Cx\x1b[B\x1b[3Dy'],
    shown: ['', '    x', '  y', ''],
  },
  'cursor/save-and-restore': { sent: ['ab\x1b7\x1b[4;1Hz\x1b8c'], shown: ['abc', '', '', 'z'] },
  'erase/screen': { sent: ['abc\x1b[2Jd'], shown: ['   d', '', '', ''] },
  'erase/to-end-of-screen': { sent: ['abc\r\nde\x1b[1;2H\x1b[J'], shown: ['a', '', '', ''] },
  'erase/to-start-of-screen': { sent: ['abc\r\ndef\x1b[2;2H\x1b[1J'], shown: ['', '  f', '', ''] },
  'erase/line': { sent: ['abcd\x1b[2D\x1b[K'], shown: ['ab', '', '', ''] },
  'erase/characters': { sent: ['abcdef\r\x1b[3X'], shown: ['   def', '', '', ''] },
  'insert/characters': { sent: ['abc\r\x1b[2@'], shown: ['  abc', '', '', ''] },
  'delete/characters': { sent: ['abcd\r\x1b[2P'], shown: ['cd', '', '', ''] },
  'insert/lines': { sent: ['1\r\n2\r\n3\x1b[2H\x1b[L'], shown: ['1', '', '2', '3'] },
  'delete/lines': { sent: ['1\r\n2\r\n3\x1b[H\x1b[M'], shown: ['2', '3', '', ''] },
  'scroll/region': { sent: ['1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[3H\n'], shown: ['1', '3', '', '4'] },
  'scroll/reverse-at-top': { sent: ['1\r\n2\x1b[H\x1bMx'], shown: ['x', '1', '2', ''] },
  'looks/dropped': { sent: ['\x1b[1;31mred\x1b[0m\x1b(B'], shown: ['red', '', '', ''] },
  'looks/title-dropped': { sent: ['\x1b]0;a title\x07x'], shown: ['x', '', '', ''] },
  'pieces/escape-cut-in-two': { sent: ['a\x1b', '[2;', '2Hb'], shown: ['a', ' b', '', ''] },
  'pieces/character-cut-in-two': { sent: ['\xc3', '\xa4'], shown: ['ä', '', '', ''] },
  'broken/escape-without-meaning': { sent: ['a\x1b\x01b'], shown: ['ab', '', '', ''] },
}

for (const [name, { sent, shown }] of Object.entries(cases)) {
  test(`the terminal shows ${name}`, () => assert.deepEqual(screenOf(...sent), shown))
}

test('the terminal answers when it is asked for the cursor', () => {
  const terminal = new Terminal(80, 24)
  const replies: string[] = []
  terminal.onReply = text => replies.push(text)
  terminal.write(Buffer.from('\x1b[99;99H\x1b[6n'))
  assert.deepEqual(replies, ['\x1b[24;80R'])
})

test('a log keeps the text alone', () => {
  assert.equal(withoutEscapes('\x1b[2J\x1b[1;1Hone\r\n\x1b]0;t\x07two\x1b(B'), 'one\ntwo')
  assert.equal(unfinishedEscape.exec('abc\x1b[3')?.index, 3)
  assert.equal(unfinishedEscape.exec('abc\x1b[3mdef'), null)
})

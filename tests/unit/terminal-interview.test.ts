import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Ask,
  answersOf,
  facing,
  type Interview,
  newInterview,
  type Question,
  stepInterview,
} from '../../appliance/terminal/interview.ts'
import { interviewScreen } from '../../appliance/terminal/interview-screen.ts'
import { type Key, keysOf } from '../../appliance/terminal/keys.ts'

const good = (): string | null => null
const plain = { help: [], options: [], secret: false, suggestion: '', check: good }

const kind: Question = {
  ...plain,
  id: 'kind',
  title: 'What is this box?',
  options: [
    { value: 'pair', label: 'the first of a pair' },
    { value: 'join', label: 'the second of a pair' },
  ],
  suggestion: 'pair',
}
const hostname: Question = {
  ...plain,
  id: 'hostname',
  title: 'What is its name?',
  suggestion: 'diarch',
  check: answer => (answer.includes(' ') ? `"${answer}" has a blank` : null),
}
const password: Question = { ...plain, id: 'password', title: 'Its password?', secret: true }
const code: Question = { ...plain, id: 'code', title: 'The code?' }

/** Which questions there are depends on the first answer. */
const ask: Ask = answers => {
  const asked = answers.kind === 'join' ? [kind, hostname, code] : [kind, hostname, password]
  return asked.find(({ id }) => !Object.hasOwn(answers, id)) ?? null
}

const pressed = (from: Interview, sent: string): Interview =>
  keysOf(sent, true).keys.reduce((at, key) => stepInterview(at, key, ask), from)

const start = facing(newInterview, ask)

test('Enter takes what is suggested, typing replaces it', () => {
  const done = pressed(start, '\r\rsecret\r')
  assert.deepEqual(answersOf(done), { kind: 'pair', hostname: 'diarch', password: 'secret' })
  assert.deepEqual(answersOf(pressed(start, '\rlb 1\b-1\b\b1\r')), { kind: 'pair' })
  assert.deepEqual(answersOf(pressed(start, '\rlb1\r')), { kind: 'pair', hostname: 'lb1' })
})

test('options by digit and by arrows, round and round', () => {
  assert.equal(answersOf(pressed(start, '2\r')).kind, 'join')
  assert.equal(answersOf(pressed(start, '9\r')).kind, 'pair')
  assert.equal(answersOf(pressed(start, '\x1b[B\r')).kind, 'join')
  assert.equal(answersOf(pressed(start, '\x1b[A\x1b[A\r')).kind, 'pair')
})

test('a refused answer says why, and stays to be mended', () => {
  const refused = pressed(start, '\rlb 1\r')
  assert.equal(refused.error, '"lb 1" has a blank')
  assert.equal(refused.typed, 'lb 1')
  assert.equal(answersOf(pressed(refused, '\x7f\x7f1\r')).hostname, 'lb1')
})

test('back keeps what was answered, but for what must not be shown', () => {
  const there = pressed(start, '\rlb1\r')
  const back = pressed(there, '\x1b')
  assert.equal(back.typed, 'lb1')
  assert.deepEqual(answersOf(pressed(back, '\r')), { kind: 'pair', hostname: 'lb1' })
  const twice = pressed(there, '\x1b\x1b2\r')
  assert.deepEqual([answersOf(twice).kind, twice.typed], ['join', 'lb1'])
  const all = pressed(there, 'secret\r')
  assert.equal(pressed(all, '\x1b').typed, '')
  assert.equal(pressed(start, '\x1b'), start)
})

test('keys that come in pieces are put together', () => {
  const first = keysOf('a\x1b[', false)
  assert.deepEqual(first, { keys: [{ key: 'text', text: 'a' }], rest: '\x1b[' })
  assert.deepEqual(keysOf(`${first.rest}Bb`, false).keys, [
    { key: 'down' },
    { key: 'text', text: 'b' },
  ])
  assert.deepEqual(keysOf('\x1b', false), { keys: [], rest: '\x1b' })
  assert.deepEqual(keysOf('\x1b', true), { keys: [{ key: 'escape' }], rest: '' })
  assert.deepEqual(keysOf('\x1b[7~\x1bOP\x1b[1;5C\x01', true), { keys: [], rest: '' })
})

test('a letter beyond ASCII is left out of an answer, and that is said', () => {
  const utf8 = (text: string): string => Buffer.from(text).toString('latin1')
  const begun = pressed(start, '\rlb1\r')
  const password = pressed(begun, utf8('grün'))
  assert.equal(password.typed, 'grn')
  const lines = (at: Interview) =>
    interviewScreen(at, ask, 'Setup', { columns: 80, rows: 24 }).map(({ text }) => text)
  const midway = pressed(begun, utf8('grü'))
  assert.match(lines(midway).join('\n'), /^ That key was left out: .* of ASCII are taken\.$/m)
  assert.doesNotMatch(lines(password).join('\n'), /left out/, 'until the next key')
  for (const sent of ['ü', '€', '😀']) {
    assert.deepEqual(keysOf(utf8(sent), false).keys, [{ key: 'foreign' }])
  }
})

test('F2 and the keys for pages, as terminals of all kinds send them', () => {
  for (const sent of ['\x1bOQ', '\x1b[12~', '\x1b[[B']) {
    assert.deepEqual(keysOf(`${sent}\r`, false).keys, [{ key: 'f2' }, { key: 'enter' }])
  }
  assert.deepEqual(keysOf('\x1b[[', false), { keys: [], rest: '\x1b[[' })
  assert.deepEqual(keysOf('\x1b[5~\x1b[6~', true).keys, [{ key: 'page-up' }, { key: 'page-down' }])
})

test('a screen is as large as the terminal, whatever was typed', () => {
  const keys: fc.Arbitrary<readonly Key[]> = fc.array(
    fc.oneof(
      fc.record({ key: fc.constant('text' as const), text: fc.string({ maxLength: 40 }) }),
      fc.record({
        key: fc.constantFrom('enter', 'escape', 'up', 'down', 'backspace', 'erase-line'),
      }),
    ),
    { maxLength: 30 },
  )
  const sizes = fc.record({ columns: fc.integer({ min: 20, max: 132 }), rows: fc.nat(50) })
  fc.assert(
    fc.property(keys, sizes, (all, size) => {
      const at = all.reduce((state, key) => stepInterview(state, key, ask), start)
      const lines = interviewScreen(at, ask, 'Diarch setup', size)
      if (ask(answersOf(at)) === null) return
      assert.equal(lines.length, Math.max(3, size.rows))
      for (const { text } of lines) {
        assert.ok(text.length <= size.columns && !/[^\x20-\x7e]/.test(text), text)
      }
    }),
  )
})

test('a secret is not on the screen', () => {
  const at = pressed(start, '\r\rsecret')
  const lines = interviewScreen(at, ask, 'Diarch setup', { columns: 80, rows: 24 })
  const shown = lines.map(({ text }) => text).join('\n')
  assert.match(shown, / > \*{6}_/)
  assert.doesNotMatch(shown, /secret/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  flag,
  json,
  length,
  number,
  numberOrNone,
  readCommandLine,
  some,
} from '../lab/command-line.ts'

const script = {
  name: 'bench:tea',
  about: 'How long tea takes.',
  options: {
    json,
    teas: some(['green', 'black'], 'these alone'),
    rounds: number(1, 3, 'how often'),
    minutes: length(5, 'how long it draws'),
    seed: numberOrNone(0, 'which leaves'),
    log: flag('everything'),
  },
}
const read = (typed: string) => readCommandLine(typed === '' ? [] : typed.split(' '), script)

test('options of an npm script: read, with what is usual where nothing is said', () => {
  const usual = { json: null, teas: ['green', 'black'], rounds: 3, minutes: 5 }
  assert.deepEqual(read(''), { kind: 'values', values: { ...usual, seed: null, log: false } })
  assert.deepEqual(read('--json t.json --teas black --rounds 1 --minutes=0.5 --seed 0 --log'), {
    kind: 'values',
    values: { json: 't.json', teas: ['black'], rounds: 1, minutes: 0.5, seed: 0, log: true },
  })
})

test('what an npm script does not know it refuses in one line', () => {
  for (const [typed, why] of [
    ['--fats', 'there is no option "--fats"'],
    ['-x', 'there is no option "-x"'],
    ['soon', '"soon" is no option'],
    ['--', '"--" is no option'],
    ['--json', '--json needs a value: FILE'],
    ['--json --log', '--json needs a value: FILE'],
    ['--log=yes', '--log takes no value'],
    ['--rounds 0', '--rounds 0: it has to be a whole number from 1 on'],
    ['--rounds 2.5', '--rounds 2.5: it has to be a whole number from 1 on'],
    ['--minutes 0', '--minutes 0: it has to be a number above 0'],
    ['--teas red', '--teas red: there is no "red"; there are green, black'],
  ] as const) {
    assert.deepEqual(read(typed), { kind: 'misused', why }, typed)
  }
})

test('an npm script explains itself, whatever stands beside --help', () => {
  const shown = read('--fats --help')
  assert.equal(shown.kind, 'help')
  assert.equal(
    'text' in shown && shown.text,
    `Usage: npm run bench:tea -- [OPTIONS]

How long tea takes.

  --json FILE      the figures also as JSON
  --teas NAME,...  these alone: green, black
  --rounds N       how often (3)
  --minutes N      how long it draws (5)
  --seed N         which leaves
  --log            everything
  -h, --help       this text
`,
  )
})

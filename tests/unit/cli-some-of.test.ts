import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moment, type SomeOptions, someOf } from '../../appliance/cli/some-of.ts'

const at = (minute: string): string => `2026-11-22T13:${minute}:00.000Z`
const now = Date.parse(at('30'))

const events = [
  { at: at('00'), about: 'VI_1' },
  { at: at('10'), about: 'web' },
  { at: at('20'), about: 'VI_1' },
  { at: at('25'), about: 'director' },
]

const minutes = (options: SomeOptions): string =>
  someOf(
    events,
    options,
    { at: each => each.at, isAbout: ({ about }, name) => about === name },
    now,
  )
    .map(each => each.at.slice(14, 16))
    .join(' ')

test('of what happened: about one thing, since a moment, the last ones', () => {
  assert.equal(minutes({}), '00 10 20 25')
  assert.equal(minutes({ about: 'VI_1' }), '00 20')
  assert.equal(minutes({ since: moment('10m') }), '20 25')
  assert.equal(minutes({ since: moment('2026-11-22 13:10') }), '10 20 25')
  assert.equal(minutes({ since: moment('2026-11-22T13:10:01Z') }), '20 25')
  assert.equal(minutes({ since: moment('2026-11-22') }), '00 10 20 25')
  assert.equal(minutes({ last: 2 }), '20 25')
  assert.equal(minutes({ last: 9 }), '00 10 20 25')
  assert.equal(minutes({ about: 'VI_1', last: 1, since: moment('1h') }), '20')
})

test('what is no moment is refused in words', () => {
  for (const text of ['', 'yesterday', '10', '2026-13-45', '13:00', '2026-11-22 25:00']) {
    assert.throws(() => moment(text), /Expected a time such as 10m/, text)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  longestUse,
  newOwnKey,
  type OwnKey,
  type OwnKeyEffect,
  type OwnKeyInput,
  type OwnKeys,
  stepOwnKey,
} from '../../appliance/pairing/own-key.ts'
import { unixTime } from '../../appliance/values/unix-time.ts'

const made = unixTime(1_000_000)
const keys = (fingerprint: string, next: string | null): OwnKeys => ({
  fingerprint,
  since: made,
  next,
})
const found = (fingerprint: string, next: string | null, trouble: string | null = null) =>
  ({ input: 'keys', keys: keys(fingerprint, next), trouble }) as const
const ready = { input: 'ready', isReady: true } as const
const away = { input: 'ready', isReady: false } as const
const renew = { input: 'renew' } as const
const known = (fingerprint: string) => ({ input: 'known', fingerprint }) as const
const at = (ms: number) => ({ input: 'time', now: unixTime(ms) }) as const

/** What the last of the inputs does, as words. */
function last(...inputs: readonly OwnKeyInput[]): { state: OwnKey; effects: readonly string[] } {
  let [state, effects]: [OwnKey, readonly OwnKeyEffect[]] = [newOwnKey, []]
  for (const input of inputs) ({ state, effects } = stepOwnKey(state, input))
  return { state, effects: effects.map(each => Object.values(each).join(' ')) }
}

const rows: readonly (readonly [string, readonly OwnKeyInput[], readonly string[]])[] = [
  ['nobody wants a new one', [found('A', null), ready], []],
  ['wanted, and nobody has looked yet', [ready, renew], []],
  ['wanted while the peer is away: it waits', [found('A', null), renew], []],
  ['wanted before, and the peer is back', [found('A', null), renew, ready], ['make']],
  ['wanted', [found('A', null), ready, renew], ['make']],
  ['wanted twice', [found('A', null), ready, renew, renew], []],
  ['made', [found('A', null), ready, renew, found('A', 'B')], ['tell B']],
  ['made before this start', [found('A', 'B'), ready], ['tell B']],
  ['made before, and the peer is away', [found('A', 'B'), away], []],
  ['known there', [found('A', 'B'), ready, known('B')], ['use B']],
  ['known there twice', [found('A', 'B'), ready, known('B'), known('B')], []],
  ['another one is known there', [found('A', 'B'), ready, known('C')], []],
  ['known, and the peer has gone meanwhile', [found('A', 'B'), ready, away, known('B')], []],
  ['the peer is back', [found('A', 'B'), ready, away, ready], ['tell B']],
  ['in use', [found('A', 'B'), ready, known('B'), found('B', null)], ['changed B']],
  [
    'wanted once is done once',
    [found('A', null), ready, renew, found('A', 'B'), known('B'), found('B', null), away, ready],
    [],
  ],
  [
    'the disk refuses: not again at once',
    [found('A', null), ready, renew, found('A', null, 'it is full')],
    ['trouble it is full'],
  ],
  [
    'the disk has refused the use: an hour later it is told again',
    [found('A', 'B'), ready, known('B'), found('A', 'B', 'it is full'), at(made)],
    ['tell B'],
  ],
  ['no answer for an hour', [found('A', 'B'), ready, at(made)], ['tell B']],
  ['young enough', [found('A', null), ready, at(made + longestUse - 1)], []],
  ['too old', [found('A', null), ready, at(made + longestUse)], ['make']],
  ['too old while the peer is away', [found('A', null), at(made + longestUse)], []],
  ['the clock was a little ahead', [found('A', null), ready, at(made - 3_600_000)], []],
  [
    'made by a clock that was far ahead',
    [found('A', null), ready, at(made - 90_000_000)],
    ['make'],
  ],
]

for (const [name, inputs, effects] of rows) {
  test(`own key: ${name}`, () => assert.deepEqual(last(...inputs).effects, effects))
}

import assert from 'node:assert/strict'
import {
  appendFileSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStore } from '../../appliance/store/store.ts'
import { momentAfter, thisMoment, trialLeft } from '../../appliance/store/trial.ts'
import { minutes, seconds } from '../../appliance/values/duration.ts'
import { changeNumber } from './store-change.ts'
import { assertSound, committed, filesIn, newFolder } from './store-words.ts'

const by = { author: 'bob', time: new Date(0) }

test('a store that was never written to', () => {
  const store = openStore(newFolder())
  assert.equal(store.newest, null)
  assert.deepEqual([store.damage, store.history()], [[], { heads: [], damage: [] }])
  assert.deepEqual(store.at(1), { kind: 'absent' })
  assert.deepEqual(store.confirm(by), { kind: 'nothing-on-trial' })
})

test('what is committed is there when it is opened again', () => {
  const folder = newFolder()
  const first = committed(openStore(folder), changeNumber(1))
  const second = committed(openStore(folder), { ...changeNumber(2), reason: 'x'.repeat(5000) })
  const store = openStore(folder)
  assert.deepEqual(store.newest, second)
  assert.deepEqual(store.newest?.document, changeNumber(2).document)
  assert.deepEqual([second.number, second.parent, second.parentHash], [2, 1, first.hash])
  assert.deepEqual(store.at(1), { kind: 'revision', revision: first })
  assert.deepEqual(
    store
      .history()
      .heads.map(({ number, author, reason, time }) => [number, author, reason.length, time]),
    [
      [2, 'anna', 1000, '2027-01-15T08:00:02.000Z'],
      [1, 'anna', 8, '2027-01-15T08:00:01.000Z'],
    ],
  )
  assertSound(store)
})

test('secrets lie apart, for root alone, shared by revisions that have the same', () => {
  const folder = newFolder()
  const store = openStore(folder)
  for (const n of [0, 1, 2, 3]) committed(store, changeNumber(n))
  const files = filesIn(folder, 'secrets')
  assert.equal(files.length, 2)
  for (const file of files) {
    assert.equal(statSync(join(folder, 'secrets', file)).mode & 0o777, 0o600)
  }
  for (const file of filesIn(folder, 'revisions')) {
    assert.ok(!readFileSync(join(folder, 'revisions', file), 'utf8').includes('geheim'))
  }
  assert.ok(!JSON.stringify(store.newest?.shown).includes('geheim'))
})

test('the newest are kept, and only the secrets that they need', () => {
  const folder = newFolder()
  const store = openStore(folder, 4)
  for (let n = 0; n < 10; n++) committed(store, changeNumber(n))
  assert.deepEqual(
    filesIn(folder, 'revisions'),
    [7, 8, 9, 10].map(n => `0000000${n}.json`.slice(-13)),
  )
  assert.equal(filesIn(folder, 'secrets').length, 2)
  assertSound(openStore(folder, 4))
})

test('on top of an old revision nothing is written, and the newest is shown', () => {
  const folder = newFolder()
  const [one, other] = [openStore(folder), openStore(folder)]
  committed(one, changeNumber(1))
  const stale = other.commit(0, changeNumber(2, 'carla'))
  assert.equal(stale.kind, 'stale')
  assert.equal(stale.kind === 'stale' && stale.newest?.author, 'anna')
  assert.equal(other.commit(1, changeNumber(2, 'carla')).kind, 'committed')
  assert.equal(one.commit(1, changeNumber(3)).kind, 'stale')
  assert.equal(one.newest?.author, 'carla')
  assertSound(one)
})

test('what a writer left that ended in the middle disturbs nobody, and goes', () => {
  const folder = newFolder()
  committed(openStore(folder), changeNumber(1))
  const draft = join(folder, 'revisions/00000002.json.0123456789ab.new')
  writeFileSync(draft, '{"number":2')
  const store = openStore(folder)
  assert.deepEqual([store.newest?.number, store.damage], [1, []])
  assert.equal(filesIn(folder, 'revisions').length, 2)
  store.tidy()
  assert.deepEqual(filesIn(folder, 'revisions'), ['00000001.json'])
})

const damages: readonly (readonly [how: string, why: RegExp, damage: (path: string) => void])[] = [
  ['is empty', /is empty/, path => truncateSync(path)],
  ['is cut off', /not whole JSON/, path => truncateSync(path, 5000)],
  ['has a byte more', /not whole JSON/, path => appendFileSync(path, '}')],
  [
    'has one changed digit',
    /checksum/,
    path => writeFileSync(path, readFileSync(path, 'utf8').replace('10.0.3.7:', '10.0.4.7:')),
  ],
  [
    'has another number',
    /it says that it is revision 2/,
    path => writeFileSync(path, readFileSync(path.replace('3.json', '2.json'))),
  ],
  ['is something else', /no revision/, path => writeFileSync(path, '{"a":1}')],
  ['is JSON of nothing', /no revision/, path => writeFileSync(path, 'null')],
]

for (const [how, why, damage] of damages) {
  test(`the newest file ${how}: the one before it is loaded, and it is told`, () => {
    const folder = newFolder()
    const first = openStore(folder)
    for (const n of [1, 2, 3]) committed(first, changeNumber(n))
    const path = join(folder, 'revisions/00000003.json')
    damage(path)
    const store = openStore(folder)
    assert.equal(store.newest?.number, 2)
    assert.deepEqual(
      store.damage.map(each => each.file),
      [path],
    )
    assert.match(store.damage[0]!.why, why)
    // The bad number is not used again: whoever looks for it finds what is left of it.
    const next = committed(store, changeNumber(4))
    assert.deepEqual([next.number, next.parent, store.damage.length], [4, 2, 0])
    assert.equal(openStore(folder).newest?.number, 4)
    assert.equal(store.at(3).kind, 'damaged')
  })
}

test('secrets that are damaged or missing make their revision a damaged one', () => {
  const folder = newFolder()
  const first = openStore(folder)
  for (const n of [2, 3]) committed(first, changeNumber(n))
  const [, newest] = filesIn(folder, 'secrets')
  const path = join(folder, 'secrets', newest!)
  writeFileSync(path, readFileSync(path, 'utf8').replace('geheim', 'gehein'))
  assert.match(openStore(folder).damage[0]!.why, /its secrets, .*, do not match their checksum/)
  rmSync(path)
  assert.match(openStore(folder).damage[0]!.why, /its secrets are missing/)
  assert.equal(openStore(folder).newest?.number, 1)
})

const trialChange = (n: number) => ({
  ...changeNumber(n),
  trialUntil: momentAfter(thisMoment(), minutes(2)),
})

test('a trial survives, and nothing else is written before it has ended', () => {
  const folder = newFolder()
  committed(openStore(folder), changeNumber(1))
  committed(openStore(folder), trialChange(2))
  const store = openStore(folder)
  assert.equal(store.trial?.fallBackTo, 1)
  assert.equal(store.commit(2, changeNumber(3)).kind, 'on-trial')
  const back = store.fallBack(by, 'nobody has kept it')
  assert.equal(back.kind, 'committed')
  const again = openStore(folder)
  assert.deepEqual(again.newest?.document, changeNumber(1).document)
  assert.equal(again.newest?.reason, 'back to revision 1: nobody has kept it')
  assert.deepEqual([again.newest?.number, again.trial], [3, null])
  assert.equal(again.fallBack(by, '').kind, 'nothing-on-trial')
  assertSound(again)
})

test('a trial that is kept', () => {
  const folder = newFolder()
  const store = openStore(folder)
  assert.equal(store.commit(0, trialChange(1)).kind, 'nothing-before')
  committed(store, changeNumber(1))
  committed(store, trialChange(2))
  assert.equal(store.confirm(by).kind, 'committed')
  const again = openStore(folder)
  assert.deepEqual(again.newest?.document, changeNumber(2).document)
  assert.deepEqual([again.newest?.reason, again.trial], ['revision 2 is kept', null])
})

test('the way back of a trial is damaged', () => {
  const folder = newFolder()
  const store = openStore(folder)
  committed(store, changeNumber(1))
  committed(store, trialChange(2))
  const file = join(folder, 'revisions/00000001.json')
  truncateSync(file)
  assert.deepEqual(store.fallBack(by, ''), {
    kind: 'damaged',
    damage: { file, why: 'it is empty' },
  })
  assert.equal(store.newest?.number, 2)
})

test('the time of a trial: by the monotonic clock, and over after a reboot', () => {
  const start = { boot: 'a', milliseconds: 1000 }
  const trial = { fallBackTo: 1, until: momentAfter(start, seconds(60)) }
  assert.equal(trialLeft(trial, start), 60_000)
  assert.equal(trialLeft(trial, { boot: 'a', milliseconds: 50_000 }), 11_000)
  assert.equal(trialLeft(trial, { boot: 'a', milliseconds: 99_000 }), 0)
  assert.equal(trialLeft(trial, { boot: 'b', milliseconds: 1000 }), 0)
  const [here, later] = [thisMoment(), thisMoment()]
  assert.equal(here.boot, later.boot)
  assert.ok(later.milliseconds >= here.milliseconds)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ProcessInput,
  step,
  waitingProcess,
  wakeAt,
} from '../../appliance/supervision/process-machine.ts'
import { comingRows } from './supervision-process-table.ts'
import { leavingRows } from './supervision-process-table-leaving.ts'
import {
  asked,
  backingOff,
  type Kind,
  killed,
  running,
  runningAfterFailures,
  s,
  speaking,
  starting,
  stopped,
  terminated,
} from './supervision-process-words.ts'

const rows = [...comingRows, ...leavingRows]

for (const { name, from, on, at = 101, spec = speaking, to, effects = [] } of rows) {
  test(name, () => {
    const next = step(from, { ...on, now: s(at) } as ProcessInput, spec)
    assert.deepEqual(next.effects, effects)
    if (to === undefined) assert.deepEqual(next.state, from)
    else assert.partialDeepStrictEqual(next.state, to)
  })
}

test('the table has a row for every state and input', () => {
  const kinds = {
    waiting: true,
    starting: true,
    running: true,
    stopping: true,
    'backing-off': true,
    stopped: true,
  } satisfies Record<Kind, true>
  const inputs = {
    StartRequested: true,
    Spawned: true,
    SpawnFailed: true,
    Ready: true,
    Alive: true,
    Exited: true,
    StopRequested: true,
    RestartRequested: true,
    TimerDue: true,
    TimeLost: true,
  } satisfies Record<ProcessInput['input'], true>
  const present = new Set(rows.map(row => `${row.from.kind}/${row.on.input}`))
  const wanted = Object.keys(kinds).flatMap(kind => Object.keys(inputs).map(i => `${kind}/${i}`))
  assert.deepEqual(
    wanted.filter(pair => !present.has(pair)),
    [],
  )
})

test('each state says when it wants the timer', () => {
  assert.equal(wakeAt(waitingProcess(s(1))), null)
  assert.equal(wakeAt(starting), s(110))
  assert.equal(wakeAt(running), s(105))
  assert.equal(wakeAt(runningAfterFailures), s(160))
  assert.equal(wakeAt(asked), s(102))
  assert.equal(wakeAt(terminated), s(104))
  assert.equal(wakeAt(killed), null)
  assert.equal(wakeAt(backingOff), s(105))
  assert.equal(wakeAt(stopped), null)
})

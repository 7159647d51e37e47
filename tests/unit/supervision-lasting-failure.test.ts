import assert from 'node:assert/strict'
import { test } from 'node:test'
import { absentSince, lastingFailure } from '../../appliance/supervision/lasting-failure.ts'
import {
  type ProcessInput,
  type ProcessMachine,
  step,
} from '../../appliance/supervision/process-machine.ts'
import type { Instant } from '../../appliance/values/duration.ts'
import {
  Due,
  Exited,
  Ready,
  Restart,
  runningAfterFailures,
  Spawned,
  s,
  speaking,
} from './supervision-process-words.ts'

type Input = ProcessInput extends infer I ? (I extends unknown ? Omit<I, 'now'> : never) : never

/** What is said of a child after each input, and then at each of the moments. */
function story(state: ProcessMachine, inputs: readonly (readonly [number, Input])[]) {
  let absent: Instant | null = null
  const at = (second: number): string | null => {
    absent = absentSince(absent, state, s(second))
    return lastingFailure(state, absent, s(second))
  }
  for (const [second, input] of inputs) {
    state = step(state, { ...input, now: s(second) } as ProcessInput, speaking).state
    at(second)
  }
  return at
}

const fresh: ProcessMachine = {
  kind: 'running',
  pid: 7,
  since: s(0),
  why: 'ready',
  record: { restarts: 0, failures: 0, failingSince: null, lastFailure: null },
  hearBy: null,
  stuck: null,
  forgetAt: null,
}

test('one that ends once and comes back is waited for', () => {
  const at = story(fresh, [
    [10, Exited],
    [11, Due],
    [12, Spawned],
    [39, Ready],
  ])
  assert.equal(at(39), null)
  assert.equal(at(80), null)
})

test('one that has failed and hangs at its start is given up after half a minute', () => {
  const at = story(fresh, [
    [10, Exited],
    [11, Due],
    [12, Spawned],
  ])
  assert.equal(at(39), null)
  assert.equal(at(40), 'has not come back for 30 s: it exited with code 1')
})

test('a short absence each time is no long one', () => {
  const at = story(fresh, [
    [10, Exited],
    [11, Due],
    [12, Spawned],
    [13, Ready],
    [40, Exited],
  ])
  assert.equal(at(41), null)
})

test('one that is started again by order has not failed', () => {
  const at = story(fresh, [[10, Restart]])
  assert.equal(at(100), null)
})

test('three failures in a row are enough, also while it runs in between', () => {
  assert.equal(runningAfterFailures.record.failures, 2)
  const at = story(runningAfterFailures, [[101, Exited]])
  assert.equal(at(101), 'cannot be kept running: it exited with code 1')
  const again = story(runningAfterFailures, [
    [101, Exited],
    [120, Due],
    [121, Spawned],
    [122, Ready],
  ])
  assert.equal(again(122), 'cannot be kept running: it exited with code 1')
})

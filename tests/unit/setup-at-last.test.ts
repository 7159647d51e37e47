import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChangeAnswer, ChangeRefusal } from '../../appliance/api/configuration.ts'
import { changedAtLast } from '../../appliance/supervisor/setup-by-file.ts'

const slow: ChangeRefusal = { kind: 'not-taken', whys: ['director has not answered within 60 s'] }
const invalid: ChangeRefusal = { kind: 'invalid', findings: [] }
const done = {} as ChangeAnswer

/** What comes of these answers, how many were asked for, and what was told. */
async function after(...answers: readonly (ChangeAnswer | ChangeRefusal)[]) {
  const told: string[] = []
  const left = [...answers]
  const refusal = await changedAtLast({
    change: async () => left.shift() ?? slow,
    pause: async () => told.push('a pause'),
    tell: whys => told.push(...whys),
  })
  return { refusal, asked: answers.length - left.length, told }
}

test('processes that were too slow for once are asked again', async () => {
  const { refusal, asked, told } = await after(slow, slow, done)
  assert.deepEqual([refusal, asked], [null, 3])
  assert.deepEqual(told, [...slow.whys, 'a pause', ...slow.whys, 'a pause'])
})

test('answers that are wrong are refused at once, and slow processes not for ever', async () => {
  assert.deepEqual(await after(invalid, done), { refusal: invalid, asked: 1, told: [] })
  const { refusal, asked } = await after(slow, slow, slow, slow, slow, done)
  assert.deepEqual([refusal, asked], [slow, 5])
})

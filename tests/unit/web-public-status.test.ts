import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  publicStatus,
  type PublicStatus as Told,
  tellsSomethingNew,
} from '../../appliance/web/public-status.ts'
import type { PublicStatus as Shown } from '../../web-ui/public-status.ts'
import { statusOf } from '../processes/web-process.ts'

const told = publicStatus(statusOf())

test('the page shows what the process tells, by type in both directions', () => {
  const shown: Shown = told
  const back: Told = shown
  assert.deepEqual(Object.keys(back).length, 7)
})

test('what is news: everything but a clock that goes on', () => {
  const rows: [Partial<Told>, boolean][] = [
    [{}, false],
    [{ uptimeSeconds: told.uptimeSeconds + 5 }, false],
    [{ uptimeSeconds: 0 }, true],
    [{ version: '9' }, true],
    [{ hostname: 'x' }, true],
    [{ slot: null }, true],
    [{ health: 'degraded' }, true],
    [{ alarms: 1 }, true],
  ]
  for (const [change, expected] of rows) {
    assert.equal(tellsSomethingNew(told, { ...told, ...change }), expected, JSON.stringify(change))
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type PublicStatus,
  publicStatus,
  tellsSomethingNew,
} from '../../appliance/status/public-status.ts'
import { statusOf } from '../processes/web-process.ts'

const told = publicStatus(statusOf())

test('nobody is told more than these seven facts', () => {
  assert.deepEqual(Object.keys(told).sort(), [
    'alarms',
    'health',
    'hostname',
    'product',
    'slot',
    'uptimeSeconds',
    'version',
  ])
})

test('what is news: everything but a clock that goes on', () => {
  const rows: [Partial<PublicStatus>, boolean][] = [
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

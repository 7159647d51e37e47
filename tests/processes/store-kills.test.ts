import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killWriters } from './store-kills.ts'

test('kill -9 at random moments: what was acknowledged is there, and nothing half', async () => {
  const { acknowledged, cut } = await killWriters(24)
  assert.ok(acknowledged >= 12, `${acknowledged} revisions are too few to say anything`)
  assert.ok(cut > 0, 'no kill has hit a commit')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutWriters } from './configuration-cuts.ts'

test('power cuts while the configuration is written: what was acknowledged is there', async t => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
  t.diagnostic(`SEED=${seed}`)
  const options = { cuts: 8, boots: 1, revisions: 20, seed }
  const { hit, sectors } = await cutWriters(t, { ...options, say: line => t.diagnostic(line) })
  assert.ok(hit > 0 && sectors.lost > 0, 'no cut has hit a write')
})

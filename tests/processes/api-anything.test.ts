import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { tree } from './supervisor-lab.ts'

test('5,000 odd requests to the control API: none is answered with 5xx, or late', t => {
  const program = join(tree, 'tests/fuzz/config.ts')
  const args = ['--inputs', '0', '--requests', '5000', '--seed', '20261121']
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    timeout: 300_000,
  })
  assert.equal(status, 0, `${stdout}${stderr}`.slice(-5000))
  t.diagnostic(stdout.trim().split('\n').at(-1) ?? '')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runArgument } from '../../appliance/cli/folders.ts'

test('runArgument/what a shell needs, and nothing where the folder is found anyway', () => {
  const env = { XDG_RUNTIME_DIR: '/run/user/7' }
  assert.equal(runArgument('/run/user/7/diarch', env), '')
  assert.equal(runArgument('/tmp/a-b/run', env), ' --run /tmp/a-b/run')
  assert.equal(runArgument('/tmp/my box', env), " --run '/tmp/my box'")
  assert.equal(runArgument("/tmp/it's", env), " --run '/tmp/it'\\''s'")
  assert.equal(runArgument('/elsewhere', { DIARCH_RUN: '/elsewhere' }), '')
})

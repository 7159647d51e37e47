import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runArgument, runFolder } from '../../appliance/cli/folders.ts'

test('runArgument/what a shell needs, and nothing where the folder is found anyway', () => {
  const env = { XDG_RUNTIME_DIR: '/run/user/7' }
  assert.equal(runArgument('/run/user/7/diarch', env), '')
  assert.equal(runArgument('/tmp/a-b/run', env), ' --run /tmp/a-b/run')
  assert.equal(runArgument('/tmp/my box', env), " --run '/tmp/my box'")
  assert.equal(runArgument("/tmp/it's", env), " --run '/tmp/it'\\''s'")
  assert.equal(runArgument('/elsewhere', { DIARCH_RUN: '/elsewhere' }), '')
})

test('runFolder/nobody else has made the folder in /tmp', t => {
  const scratch = mkdtempSync(join(tmpdir(), 'diarch-folders-'))
  const [before, path] = [process.env.TMPDIR, join(scratch, `diarch-${process.getuid?.()}`)]
  process.env.TMPDIR = scratch
  t.after(() => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    rmSync(scratch, { recursive: true })
  })
  assert.equal(runFolder(undefined, {}), path)
  mkdirSync(path, { mode: 0o755 })
  assert.equal(runFolder(undefined, {}), path)
  chmodSync(path, 0o777)
  assert.throws(() => runFolder(undefined, {}), /is not yours alone/)
  rmSync(path, { recursive: true })
  symlinkSync('/', path)
  assert.throws(() => runFolder(undefined, {}), /is not yours alone/)
})

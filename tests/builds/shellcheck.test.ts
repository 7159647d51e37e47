import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { test } from 'node:test'
import { project, runWords } from './tree.ts'

test('shellcheck finds nothing in the scripts that build and test', async () => {
  const folders = '{image,rootfs,tests,appliance}/**/*.sh'
  const scripts = globSync(['build.sh', '.ci/run', folders], { cwd: project })
  assert.ok(scripts.includes('rootfs/tree.sh'), scripts.join())
  const { code, said } = await runWords(['shellcheck', ...scripts], { cwd: project })
  assert.equal(code, 0, said)
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { closeToOthers } from '../../appliance/supervisor/state-folder.ts'

test('closeToOthers/what somebody has put there for everybody, and nothing at all', t => {
  const folder = mkdtempSync(join(tmpdir(), 'diarch-state-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'diarch.json')
  closeToOthers(path)
  writeFileSync(path, '{}', { mode: 0o644 })
  closeToOthers(path)
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

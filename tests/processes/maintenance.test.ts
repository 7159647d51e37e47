import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { MaintenanceSwitch } from '../../appliance/supervisor/maintenance.ts'
import { Overrides } from '../../appliance/supervisor/overrides.ts'
import { temporaryFolder } from './supervisor-lab.ts'

test('on a full disk maintenance holds, says that it is not kept, and is kept later', () => {
  const folder = join(temporaryFolder(), 'disk')
  mkdirSync(folder)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k,mode=0700', 'none', folder])
  // A later hook would come after that of the folder around it.
  try {
    onDisk(folder)
  } finally {
    execFileSync('umount', [folder])
  }
})

function onDisk(folder: string): void {
  const filler = join(folder, 'filler')
  assert.throws(() => writeFileSync(filler, Buffer.alloc(64 * 1024)), { code: 'ENOSPC' })

  const box = new MaintenanceSwitch(folder)
  box.set(true, 'ada (on the box)')
  assert.equal(box.state?.why, 'by ada (on the box)')
  const [alarm] = box.alarms
  assert.equal(alarm?.reason, 'maintenance-not-kept')
  assert.equal(
    alarm?.message,
    `write maintenance.json on ${folder}: no space left on device. Maintenance is on, and a ` +
      'restart would forget it. Remove files there. Then say "diarch maintenance on" again',
  )
  assert.throws(
    () =>
      new Overrides(folder, assert.fail).set({
        server: 'shop/web1',
        state: 'drain',
        weight: null,
        since: '2026-11-21T18:00:00.000Z',
        by: 'operator',
      }),
    {
      message:
        `write overrides.json on ${folder}: no space left on device. ` +
        'The servers are as they were. Remove files there.',
    },
  )
  assert.deepEqual(readdirSync(folder), ['filler'], 'no drafts are left')

  rmSync(filler)
  box.set(true, 'grace (on the box)')
  assert.deepEqual(box.alarms, [])
  assert.deepEqual(new MaintenanceSwitch(folder).state, box.state)
}

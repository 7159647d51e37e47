import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { bundlePage } from '../../rootfs/bundle.ts'
import { compileNative, temporaryFolder, tree, until } from './supervisor-lab.ts'
import { startRun, statusOf } from './supervisor-run.ts'

before(async () => {
  compileNative()
  await bundlePage(join(tree, 'build/lib'))
})

test('until the first look at the box is done, it is starting and not well', async t => {
  const folder = temporaryFolder()
  const alarms = join(folder, 'run/alarms')
  const alarm = join(alarms, 'slot-fallback')
  mkdirSync(alarms, { recursive: true })
  // The look waits for what is not written yet.
  execFileSync('mkfifo', [alarm])
  const run = startRun(t, folder)
  const seen = new Set<string>()
  const look = async () => {
    const status = await statusOf(run.runDir)
    if (status !== null) seen.add(status.health.state)
    return status
  }
  const starting = await until(
    'web runs',
    look,
    status => status?.processes[0]?.state === 'running',
  )
  const { state, why } = starting?.health ?? {}
  assert.deepEqual([state, why], ['starting', 'looking at ports, slot and storage'])

  const writer = openSync(alarm, 'w')
  rmSync(alarm)
  writeFileSync(alarm, 'Slot B did not start.')
  writeSync(writer, 'Slot B did not start.')
  closeSync(writer)
  await until('the alarm', look, status => status?.health.state === 'degraded')
  assert.deepEqual([...seen], ['starting', 'degraded'])
})

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { rememberTime } from '../../appliance/linux/clock.ts'
import { readRelease } from '../../appliance/linux/release.ts'
import { readStorage } from '../../appliance/linux/storage.ts'

const folder = mkdtempSync(join(tmpdir(), 'diarch-state-'))
after(() => rmSync(folder, { recursive: true }))
let number = 0
const newFolder = (): string => {
  const path = join(folder, `${number++}`)
  mkdirSync(path)
  return path
}

/** A state folder of 10 MiB of its own. */
const withState = async (
  options: string,
  work: (stateDir: string) => Promise<void>,
): Promise<void> => {
  const stateDir = newFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=10m,${options}`, 'none', stateDir])
  try {
    await work(stateDir)
  } finally {
    execFileSync('umount', [stateDir])
  }
}

/** As early boot leaves it: its word on the storage, and its alarms. */
const earlyBoot = (word: string, ...alarms: string[]): string => {
  const run = newFolder()
  for (const name of ['boot', 'alarms']) mkdirSync(join(run, name))
  writeFileSync(join(run, 'boot/storage'), `${word}\n`)
  for (const alarm of alarms) writeFileSync(join(run, 'alarms', alarm), 'text\n')
  return join(run, 'boot')
}
const reasons = (alarms: readonly { reason: string }[]) => alarms.map(alarm => alarm.reason)

test('readStorage/a disk with room', async () => {
  await withState('rw', async stateDir => {
    const { storage, alarms } = await readStorage(stateDir, earlyBoot('disk'))
    assert.deepEqual([storage.state, storage.totalMiB, storage.freeMiB], ['disk', 10, 10])
    assert.deepEqual(alarms, [])
    const inTree = await readStorage(stateDir, '/nonexistent/boot')
    assert.equal(inTree.storage.state, 'disk')
  })
})

test('readStorage/less than 5 % free', async () => {
  await withState('rw', async stateDir => {
    writeFileSync(join(stateDir, 'file'), Buffer.alloc(9.4 * 2 ** 20))
    assert.deepEqual((await readStorage(stateDir, earlyBoot('disk'))).alarms, [])
    writeFileSync(join(stateDir, 'more'), Buffer.alloc(0.3 * 2 ** 20))
    const { alarms } = await readStorage(stateDir, earlyBoot('disk'))
    assert.deepEqual(reasons(alarms), ['storage-full'])
    assert.match(alarms[0]!.message, /Only 0 of 10 MiB are free/)
  })
})

test('readStorage/made read-only by the kernel while the box runs', async () => {
  await withState('ro', async stateDir => {
    const { storage, alarms } = await readStorage(stateDir, earlyBoot('disk'))
    assert.equal(storage.state, 'read-only')
    assert.deepEqual(reasons(alarms), ['storage-read-only'])
  })
})

test('readStorage/memory: an alarm, unless early boot has said more exactly why', async () => {
  const stateDir = newFolder()
  const unexplained = await readStorage(stateDir, earlyBoot('memory', 'two-disks'))
  assert.equal(unexplained.storage.state, 'memory')
  assert.deepEqual(reasons(unexplained.alarms), ['storage-memory'])
  const explained = await readStorage(stateDir, earlyBoot('memory', 'state-corrupt'))
  assert.equal(explained.storage.state, 'memory')
  assert.deepEqual(explained.alarms, [])
})

test('rememberTime/the file says when the box was last seen, old or new', async () => {
  const stateDir = newFolder()
  const path = join(stateDir, 'clock')
  for (let i = 0; i < 2; i++) {
    assert.equal(await rememberTime(stateDir), null)
    assert.ok(Math.abs(statSync(path).mtimeMs - Date.now()) < 10_000)
    utimesSync(path, 0, 0)
  }
})

test('rememberTime/says what hinders it', async () => {
  await withState('ro', async stateDir => {
    assert.match((await rememberTime(stateDir)) ?? '', /cannot keep the time in .*clock: EROFS/)
  })
})

test('readRelease/the file of the image, and the package without it', () => {
  const file = join(newFolder(), 'release')
  writeFileSync(file, 'VERSION=1.2.3\nCOMMIT=9d6e8a0\nBUILT=1760000000\n')
  const expected = { version: '1.2.3', commit: '9d6e8a0', built: new Date(1_760_000_000_000) }
  assert.deepEqual(readRelease(file), expected)
  writeFileSync(file, 'VERSION="1.2.3"\nCOMMIT=\'9d6e8a0\'\nBUILT=1760000000\n')
  assert.deepEqual(readRelease(file), expected)
  const inTree = readRelease('/nonexistent/release')
  assert.match(inTree.version, /^\d+\.\d+\.\d+/)
  assert.deepEqual([inTree.commit, inTree.built], ['development', null])
})

test('readRelease/a file without a line is the fault of the build', () => {
  const file = join(newFolder(), 'release')
  writeFileSync(file, 'VERSION=1.2.3\nBUILT=1760000000\n')
  assert.throws(() => readRelease(file), /has no line COMMIT=VALUE: the image was built wrongly/)
  writeFileSync(file, 'VERSION=1\nCOMMIT=2\nBUILT=never\n')
  assert.throws(() => readRelease(file), /BUILT=never is not a number/)
})

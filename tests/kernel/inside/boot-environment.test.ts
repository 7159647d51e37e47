import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { encodeEnvironment } from '../../../appliance/boot/environment.ts'
import { choose, defaultEnvironment, installed } from '../../../appliance/boot/slots.ts'
import {
  confirmRunningSlot,
  readSlotAlarms,
  readSlotStatus,
  repairEnvironments,
} from '../../../appliance/linux/boot-environment.ts'
import type { BootSite } from '../../../appliance/linux/esp.ts'

/** A real ESP, in a FAT file system of its own. */

const run = (program: string, ...words: string[]): string =>
  execFileSync(program, words, { encoding: 'utf8', stdio: 'pipe' })
const tryRun = (program: string, ...words: string[]): void => {
  try {
    run(program, ...words)
  } catch {}
}

const folder = mkdtempSync(join(tmpdir(), 'diarch-boot-'))
const seed = join(folder, 'seed')
const image = join(folder, 'esp.img')
tryRun('modprobe', 'vfat')
tryRun('modprobe', 'loop')
tryRun('modprobe', 'nls_cp437')

const site: BootSite = {
  bootDir: join(folder, 'boot'),
  espDir: join(folder, 'esp'),
  commandLineFile: join(folder, 'cmdline'),
  filesystem: 'vfat',
  busybox: ['/bin/busybox'],
}
let device = ''

/** A new ESP with these two files; null leaves one out. */
const makeEsp = (env1: Uint8Array | null, env2: Uint8Array | null): void => {
  if (device) run('losetup', '-d', device)
  rmSync(seed, { recursive: true, force: true })
  mkdirSync(join(seed, 'grub'), { recursive: true })
  if (env1) writeFileSync(join(seed, 'grub/env1'), env1)
  if (env2) writeFileSync(join(seed, 'grub/env2'), env2)
  rmSync(image, { force: true })
  run('mkfs.vfat', '-C', '-F', '32', image, '40960')
  run('mcopy', '-s', '-i', image, join(seed, 'grub'), '::')
  device = run('losetup', '--show', '-f', image).trim()
  rmSync(site.bootDir, { recursive: true, force: true })
  mkdirSync(site.bootDir)
  writeFileSync(join(site.bootDir, 'esp'), `${device}\n`)
}

/** What is on the disk, seen by other eyes than ours. */
const onDisk = (name: 'env1' | 'env2'): Buffer => {
  const copy = join(folder, 'copy')
  run('mount', '-t', site.filesystem, '-o', 'ro', device, site.espDir)
  try {
    writeFileSync(copy, readFileSync(join(site.espDir, 'grub', name)))
  } finally {
    run('umount', site.espDir)
  }
  return readFileSync(copy)
}
const bootedAs = (line: string): void => writeFileSync(site.commandLineFile, `${line}\n`)
const mounts = (): string => readFileSync('/proc/self/mounts', 'utf8')
const reasons = (alarms: readonly { reason: string }[]): string[] => alarms.map(a => a.reason)

const trial = choose(installed(defaultEnvironment, 'b')).next
const onTrial = 'quiet diarch.slot=b diarch.try=1 diarch.why=trial'

before(() => mkdirSync(site.espDir))
beforeEach(() => bootedAs(onTrial))
after(() => {
  tryRun('umount', site.espDir)
  if (device) run('losetup', '-d', device)
  rmSync(folder, { recursive: true })
})

test('both copies whole: nothing to repair, nothing mounted', async () => {
  makeEsp(encodeEnvironment(trial), encodeEnvironment(trial))
  const bytes = readFileSync(image)
  assert.deepEqual(await repairEnvironments(site), [])
  assert.ok(!mounts().includes(site.espDir))
  assert.deepEqual(readFileSync(image), bytes, 'looking must not write')
  assert.equal(readSlotStatus(site)?.state, 'trial')
})

test('a slot on trial is confirmed in both copies, and GRUB can read them', async () => {
  makeEsp(encodeEnvironment(trial), encodeEnvironment(trial))
  await repairEnvironments(site)
  assert.deepEqual(await confirmRunningSlot(site), [])
  for (const name of ['env1', 'env2'] as const) {
    writeFileSync(join(folder, name), onDisk(name))
    const listed = run('grub-editenv', join(folder, name), 'list')
    assert.equal(listed, 'magic=diarch1\norder=ba\na=ok\nb=ok\nlast=b\n')
  }
  assert.equal(readSlotStatus(site)?.state, 'confirmed')
  assert.ok(!mounts().includes(site.espDir))
  // A second time there is nothing to do, and the disk is not needed for that.
  rmSync(join(site.bootDir, 'esp'))
  assert.deepEqual(await confirmRunningSlot(site), [])
})

const whole = encodeEnvironment(trial)
const garbage = new Uint8Array(1024).fill(0xa5)
const damages: readonly [string, Uint8Array | null, Uint8Array | null][] = [
  ['garbage first', garbage, whole],
  ['garbage second', whole, garbage],
  ['absent first', null, whole],
  ['absent second', whole, null],
  ['short', whole.subarray(0, 100), whole],
  ['long', whole, new Uint8Array(4096).fill(0x23)],
]
for (const [name, env1, env2] of damages) {
  test(`one copy damaged (${name}): written from the other, with an alarm`, async () => {
    makeEsp(env1, env2)
    assert.deepEqual(reasons(await repairEnvironments(site)), ['boot-environment-repaired'])
    assert.deepEqual(onDisk('env1'), Buffer.from(whole))
    assert.deepEqual(onDisk('env2'), Buffer.from(whole))
    assert.deepEqual(await repairEnvironments(site), [])
  })
}

test('both damaged: written from what runs, with an alarm', async () => {
  makeEsp(garbage, null)
  bootedAs('diarch.slot=a diarch.try=0 diarch.why=defaults')
  const [alarm] = await repairEnvironments(site)
  assert.match(alarm!.message, /env1: signature, env2: absent.*both were damaged/)
  assert.deepEqual(onDisk('env1'), Buffer.from(encodeEnvironment(defaultEnvironment)))
  assert.deepEqual(onDisk('env2'), Buffer.from(encodeEnvironment(defaultEnvironment)))
})

test('a power cut between the two copies: made equal without an alarm', async () => {
  makeEsp(whole, encodeEnvironment(defaultEnvironment))
  assert.deepEqual(await repairEnvironments(site), [])
  assert.deepEqual(onDisk('env2'), Buffer.from(whole))
})

test('a fallback is an alarm as long as the box runs like this', async () => {
  const used = { order: 'ba', a: 'ok', b: '0', last: 'a' } as const
  makeEsp(encodeEnvironment(used), encodeEnvironment(used))
  bootedAs('diarch.slot=a diarch.try=0 diarch.why=fallback')
  await repairEnvironments(site)
  await confirmRunningSlot(site)
  assert.deepEqual(reasons(readSlotAlarms('1.2.3', site)), ['slot-fallback'])
})

test('an ESP that a killed supervisor left mounted is no obstacle', async () => {
  makeEsp(whole, garbage)
  run('mount', '-t', site.filesystem, device, site.espDir)
  assert.deepEqual(reasons(await repairEnvironments(site)), ['boot-environment-repaired'])
  assert.ok(!mounts().includes(site.espDir))
})

test('a disk that cannot be mounted or written is an alarm; nothing stays mounted', async () => {
  makeEsp(whole, garbage)
  run('losetup', '-d', device)
  device = run('losetup', '--show', '-r', '-f', image).trim()
  writeFileSync(join(site.bootDir, 'esp'), `${device}\n`)
  assert.deepEqual(reasons(await repairEnvironments(site)), ['boot-environment-unusable'])
  assert.deepEqual(reasons(await confirmRunningSlot(site)), ['slot-unconfirmed'])
  assert.ok(!mounts().includes(site.espDir))
  writeFileSync(join(site.bootDir, 'esp'), '/dev/does-not-exist\n')
  const [alarm] = await repairEnvironments(site)
  assert.match(alarm!.message, /does-not-exist/)
})

test('without the image there is no slot', async () => {
  bootedAs('root=/dev/sda1 quiet')
  assert.equal(readSlotStatus(site), null)
  assert.deepEqual(await repairEnvironments(site), [])
  assert.deepEqual(await confirmRunningSlot(site), [])
  assert.deepEqual(readSlotAlarms('1.2.3', site), [])
})

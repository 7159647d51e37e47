import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import {
  decodeEnvironment,
  type Environment,
  encodeEnvironment,
} from '../../appliance/boot/environment.ts'
import { newestImage } from '../../image/run/newest-image.ts'
import type { WebAnswer } from '../../image/run/web.ts'
import { copyDisk, type VmDisk } from '../lab/vm/disk.ts'
import type { TestContext } from '../lab/vm/scratch.ts'
import type { Vm } from '../lab/vm/vm.ts'

/** A copy of the image under test: the newest in dist, or the one that DIARCH_IMAGE names. */
export const newDisk = (t: TestContext): VmDisk =>
  copyDisk(t, process.env.DIARCH_IMAGE ?? newestImage())

export type UpBox = { readonly screen: string; readonly web: WebAnswer }

/** Waits until the page answers and the screen on the serial line shows that it does. */
export const untilUp = async (vm: Vm): Promise<UpBox> => {
  const web = await vm.untilWeb('/health')
  await vm.serial.untilScreen(/https:\/\/[\d.]+\//)
  await vm.serial.untilScreen(/^ (OK|DEGRADED) /m)
  return { screen: vm.serial.screen(), web }
}

/** The screen breaks the fingerprint in two. */
export const fingerprintOn = (screen: string): string => {
  const [, first, second] = /Certificate +([0-9A-F:]+:)\n +([0-9A-F:]+)/.exec(screen) ?? []
  return `${first}${second}`
}

export const readEnvironment = (disk: VmDisk, copy: 1 | 2): Environment => {
  const decoded = decodeEnvironment(disk.readEspFile(`grub/env${copy}`))
  assert.ok(decoded.ok, `env${copy} can be read`)
  return decoded.environment
}

export const writeEnvironments = (disk: VmDisk, environment: Environment): void => {
  for (const copy of [1, 2]) disk.writeEspFile(`grub/env${copy}`, encodeEnvironment(environment))
}

export const trialOfB: Environment = { order: 'ba', a: 'ok', b: '3', last: 'a' }

/** A disk with the same system in both slots, and slot B on trial as after an upgrade. */
export const upgradedDisk = (t: TestContext): VmDisk => {
  const disk = newDisk(t)
  disk.copyPartition('diarch-a', 'diarch-b')
  writeEnvironments(disk, trialOfB)
  return disk
}

/** Both copies of the boot environment. */
export const assertEnvironments = (disk: VmDisk, expected: Environment): void => {
  assert.deepEqual([readEnvironment(disk, 1), readEnvironment(disk, 2)], [expected, expected])
}

/** A screen without alarms. */
export const assertWell = (screen: string): void => {
  assert.match(screen, /^ OK /m, `the box is well:\n${screen}`)
}

/** Waits until the box has written both copies; it may be writing while they are read. */
export const untilEnvironments = async (disk: VmDisk, expected: Environment): Promise<void> => {
  const isThere = () => {
    try {
      assertEnvironments(disk, expected)
      return true
    } catch {
      return false
    }
  }
  for (const end = performance.now() + 30_000; !isThere() && performance.now() < end; ) {
    await wait(300)
  }
  assertEnvironments(disk, expected)
}

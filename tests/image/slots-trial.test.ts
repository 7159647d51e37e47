import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Environment } from '../../appliance/boot/environment.ts'
import { startVm } from '../lab/vm/vm.ts'
import {
  assertEnvironments,
  assertWell,
  newDisk,
  trialOfB,
  untilEnvironments,
  untilUp,
  upgradedDisk,
} from './box.ts'

test('a slot on trial confirms itself, and power cuts then cost it nothing', async t => {
  const disk = upgradedDisk(t)
  const vm = await startVm(t, { disk })
  const { screen } = await untilUp(vm)
  assert.match(screen, /slot B/)
  await vm.serial.untilScreen(/slot B(?! on trial)/)
  const confirmed: Environment = { order: 'ba', a: 'ok', b: 'ok', last: 'b' }
  assertEnvironments(disk, confirmed)
  for (const moment of [4000, 9000, 14_000]) {
    await vm.powerCut()
    await vm.powerOn()
    await wait(moment)
    assertEnvironments(disk, confirmed)
  }
  const after = await untilUp(vm)
  assert.match(after.screen, /slot B *$/m)
  assertWell(after.screen)
})

test('a slot on trial whose power is cut is tried again, and counted', async t => {
  const disk = upgradedDisk(t)
  const vm = await startVm(t, { disk })
  await vm.serial.until(/Starting \.\.\./)
  await vm.powerCut()
  assertEnvironments(disk, { ...trialOfB, b: '2' })
  await vm.powerOn()
  await vm.serial.untilScreen(/slot B on trial/)
  assertEnvironments(disk, { ...trialOfB, b: '1' })
})

for (const [name, garbage] of Object.entries({
  'random bytes': Buffer.from(Array.from({ length: 1024 }, (_, n) => (n * 167 + 13) % 256)),
  nothing: Buffer.alloc(0),
  zeros: Buffer.alloc(1024),
})) {
  test(`both boot environments hold ${name}: the box boots and repairs them`, async t => {
    const disk = newDisk(t)
    for (const file of ['grub/env1', 'grub/env2']) disk.writeEspFile(file, garbage)
    const vm = await startVm(t, { disk })
    const { screen } = await untilUp(vm)
    assert.match(screen, /slot A *$/m)
    await untilEnvironments(disk, { order: 'ab', a: 'ok', b: 'empty', last: 'a' })
  })
}

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Environment } from '../../appliance/boot/environment.ts'
import { seconds } from '../../appliance/values/duration.ts'
import { RootShell } from '../lab/vm/root-shell.ts'
import { scratchFolder } from '../lab/vm/scratch.ts'
import { addRootShell, rewriteSlot } from '../lab/vm/slot.ts'
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
import { deliveredSlot } from './delivered-slot.ts'

/** Whatever else the machine has to do. */
const within = seconds(300)

test('an upgrade is written, restarted into and tried; what cannot run gives way', async t => {
  const disk = newDisk(t)
  const volume = join(scratchFolder(t), 'stick')
  rewriteSlot(t, disk, { from: 'diarch-a', to: 'diarch-a' }, root => {
    addRootShell(root)
    writeFileSync(volume, deliveredSlot(t, root))
  })
  const vm = await startVm(t, { disk, volume, serialLines: 2 })
  const shell = await RootShell.open(vm.serialLine(1), within)
  await vm.serial.untilScreen(/slot A *$/m, within)
  const refused = await shell.run('diarch upgrade /dev/vdb', within)
  assert.match(refused.output, /no key to check signatures with.*--unsigned takes it/s)
  const said = await shell.must('diarch upgrade /dev/vdb --unsigned', within)
  assert.match(said, /version 0\.2\.0: slot B is whole; the next start tries it\./)
  assertEnvironments(disk, trialOfB)
  await shell.must('diarch power restart --yes')
  await vm.serial.until(/slot b cannot be started: its file system .*it is marked bad/s, within)
  assertEnvironments(disk, { ...trialOfB, b: 'bad' })
})

test('a slot on trial counts power cuts until it confirms itself; then they are free', async t => {
  const disk = upgradedDisk(t)
  const vm = await startVm(t, { disk })
  await vm.serial.until(/Starting \.\.\./)
  await vm.powerCut()
  assertEnvironments(disk, { ...trialOfB, b: '2' })
  await vm.powerOn()
  await vm.serial.untilScreen(/slot B on trial/)
  assertEnvironments(disk, { ...trialOfB, b: '1' })
  await untilUp(vm)
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

test('one boot environment holds garbage, one nothing: it boots and repairs them', async t => {
  const disk = newDisk(t)
  const garbage = Buffer.from(Array.from({ length: 1024 }, (_, n) => (n * 167 + 13) % 256))
  disk.writeEspFile('grub/env1', garbage)
  disk.writeEspFile('grub/env2', Buffer.alloc(0))
  const vm = await startVm(t, { disk })
  const { screen } = await untilUp(vm)
  assert.match(screen, /slot A *$/m)
  await untilEnvironments(disk, { order: 'ab', a: 'ok', b: 'empty', last: 'a' })
})

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { minutes } from '../../appliance/values/duration.ts'
import { rewriteSlot } from '../lab/vm/slot.ts'
import { startVm } from '../lab/vm/vm.ts'
import { newDisk, untilUp, writeEnvironments } from './box.ts'

/** A supervisor that cannot start, as after a bad change. */
const breakSupervisor = (root: string): void =>
  writeFileSync(join(root, 'usr/lib/diarch/supervisor.js'), "throw new Error('out of cheese')\n")

test('a crash loop in a confirmed slot ends in the rescue console, which says why', async t => {
  const disk = newDisk(t)
  rewriteSlot(t, disk, { from: 'diarch-a', to: 'diarch-b' }, () => {})
  rewriteSlot(t, disk, { from: 'diarch-a', to: 'diarch-a' }, breakSupervisor)
  writeEnvironments(disk, { order: 'ab', a: 'ok', b: 'ok', last: 'a' })
  const vm = await startVm(t, { disk })
  await vm.serial.untilScreen(/RESCUE CONSOLE/, minutes(4))
  await vm.serial.untilScreen(/Number, then Enter:/)
  assert.match(vm.serial.screen(), /Error: out of cheese/)

  vm.serial.type('9\r')
  await vm.serial.untilScreen(/There is no item "9": type a number from 1 to 6\./)
  vm.serial.type('\r')
  await vm.serial.untilScreen(/Number, then Enter: *$/m)
  vm.serial.type('3\r')
  await vm.serial.until(/Slot a is marked bad\. Rebooting into slot b\./)
  await vm.serial.untilScreen(/! slot-fallback: /)
  const { screen } = await untilUp(vm)
  assert.match(screen, /slot B *$/m)
})

test('a crash loop in a slot on trial goes back to the confirmed one by itself', async t => {
  const disk = newDisk(t)
  rewriteSlot(t, disk, { from: 'diarch-a', to: 'diarch-b' }, breakSupervisor)
  writeEnvironments(disk, { order: 'ba', a: 'ok', b: '1', last: 'a' })
  const vm = await startVm(t, { disk })
  await vm.serial.untilScreen(/! slot-fallback: /, minutes(4))
  const { screen } = await untilUp(vm)
  assert.match(screen, /slot A *$/m)
})

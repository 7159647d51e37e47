import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { minutes } from '../../appliance/values/duration.ts'
import { replaceInit, rewriteSlot } from '../lab/vm/slot.ts'
import { startVm } from '../lab/vm/vm.ts'
import { newDisk, untilUp, writeEnvironments } from './box.ts'

const screenshots = resolve(import.meta.dirname, '../../build/screenshots')
mkdirSync(screenshots, { recursive: true })

/** They wait for minutes and work for seconds: both at once. */
void describe('boxes that stand still', { concurrency: 2 }, () => {
  test('a slot on trial that hangs is reset by the watchdog and given up', async t => {
    const disk = newDisk(t)
    rewriteSlot(t, disk, { from: 'diarch-a', to: 'diarch-b' }, root =>
      replaceInit(root, 'echo the hang begins >/dev/console\nwhile :; do sleep 1000; done'),
    )
    // The last of its tries: how they are counted is shown elsewhere, and each hang takes minutes.
    writeEnvironments(disk, { order: 'ba', a: 'ok', b: '1', last: 'a' })
    const vm = await startVm(t, { disk })
    await vm.serial.until(/the hang begins/)
    await vm.untilEvent('WATCHDOG', minutes(4))
    await vm.serial.untilScreen(/! slot-fallback: /)
    const { screen } = await untilUp(vm)
    assert.match(screen, /slot A *$/m)
  })

  test('a machine with 192 MB says that it has too little memory, and stays', async t => {
    const vm = await startVm(t, { disk: newDisk(t), memoryMiB: 192 })
    await vm.serial.until(/too little memory: \d+ MB are usable/)
    await vm.serial.until(/at least 256 MB/)
    await vm.screenshot(join(screenshots, 'tty1-192-mb.png'))
    await wait(30_000)
    assert.deepEqual(
      vm.events.filter(({ event }) => /RESET|SHUTDOWN|WATCHDOG/.test(event)),
      [],
    )
  })
})

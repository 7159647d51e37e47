import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { startVm } from '../lab/vm/vm.ts'
import { newDisk, untilUp } from './box.ts'

const screenshots = resolve(import.meta.dirname, '../../build/screenshots')
mkdirSync(screenshots, { recursive: true })

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

test('a clock that shows 1970 is not believed', async t => {
  const disk = newDisk(t)
  const vm = await startVm(t, { disk, clock: '1970-01-01T00:00:00' })
  const { web } = await untilUp(vm)
  const now = Date.parse(web.headers.date ?? '')
  const built = disk.read('diarch-a', 8, 4).readUInt32LE(0) * 1000
  assert.ok(now >= built, `the box says ${web.headers.date}, it was built ${new Date(built)}`)
})

test('ports keep their names when the cards change places', async t => {
  const [one, two] = ['52:54:00:d1:a0:11', '52:54:00:d1:a0:22']
  const nic = (mac: string) => ({ mac, forwards: [443] })
  const vm = await startVm(t, { disk: newDisk(t), nics: [nic(one), nic(two)] })
  const names = (screen: string) =>
    [one, two].map(mac => new RegExp(`^ *(\\S+) +${mac}`, 'm').exec(screen)?.[1])
  const before = names((await untilUp(vm)).screen)
  assert.equal(new Set(before).size, 2)
  assert.ok(before.every(Boolean), `both are on the screen: ${before}`)
  await vm.powerButton()
  await vm.untilEvent('SHUTDOWN')
  await vm.powerCut()
  await vm.powerOn({ nics: [nic(two), nic(one)] })
  const { screen } = await untilUp(vm)
  assert.deepEqual(names(screen), before, screen)
})

test('the watchdog of an Intel chipset is preferred to one in software', async t => {
  // QEMU's machine has such a chipset; the card that the other tests rely on is left out.
  const vm = await startVm(t, { disk: newDisk(t), watchdog: false })
  const { screen } = await untilUp(vm)
  assert.match(screen, /Watchdog +iTCO_wdt, hardware/)
})

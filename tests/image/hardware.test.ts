import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { VmDisk } from '../lab/vm/disk.ts'
import { startVm } from '../lab/vm/vm.ts'
import { newDisk, untilEnvironments, untilUp } from './box.ts'

const mebibyte = 1024 * 1024

const builtAt = (disk: VmDisk): number => disk.read('diarch-a', 8, 4).readUInt32LE(0) * 1000

test('from one start to the next: clock, watchdog, disk, cards and environments', async t => {
  const disk = newDisk(t)
  const size = disk.partition('diarch-state').size
  disk.grow(3072)
  const [one, two] = ['52:54:00:d1:a0:11', '52:54:00:d1:a0:22']
  const nic = (mac: string) => ({ mac, forwards: [443] })
  const names = (screen: string) =>
    [one, two].map(mac => new RegExp(`^ *(\\S+) +${mac}`, 'm').exec(screen)?.[1])
  const vm = await startVm(t, {
    disk,
    nics: [nic(one), nic(two)],
    clock: '1970-01-01T00:00:00',
    // QEMU's machine has an Intel chipset; the card that the other tests rely on is left out.
    watchdog: false,
  })

  const first = await untilUp(vm)
  const { date } = first.web.headers
  const built = builtAt(disk)
  assert.ok(Date.parse(date ?? '') >= built, `the box says ${date}, built ${new Date(built)}`)
  assert.match(first.screen, /Watchdog +iTCO_wdt, hardware/, 'it is preferred to one in software')
  const total = /Storage +\d+ of (\d+) MiB free$/m.exec(first.screen)?.[1]
  assert.ok(Number(total) > 1500, `the screen shows the new size:\n${first.screen}`)
  const before = names(first.screen)
  assert.equal(new Set(before).size, 2)
  assert.ok(before.every(Boolean), `both are on the screen: ${before}`)

  await vm.powerButton()
  await vm.untilEvent('SHUTDOWN')
  await vm.powerCut()
  assert.ok(disk.partition('diarch-state').size > size + 1024 * mebibyte)
  assert.equal(disk.checkState(), '')
  for (const file of ['grub/env1', 'grub/env2']) disk.writeEspFile(file, Buffer.alloc(1024))

  // Its clock begins in 1970 again, and it has run until two days after it was built.
  const lastRan = built + 48 * 3_600_000
  disk.debugfs('w', `set_inode_field clock mtime @${lastRan / 1000}`)
  await vm.powerOn({ nics: [nic(two), nic(one)], bmc: true })
  const { screen, web } = await untilUp(vm)
  const then = web.headers.date
  assert.ok(
    Date.parse(then ?? '') >= lastRan,
    `the box says ${then}, last ran ${new Date(lastRan)}`,
  )
  assert.deepEqual(names(screen), before, `the ports have kept their names:\n${screen}`)
  assert.equal(web.fingerprint, first.web.fingerprint, 'the certificate was kept')
  assert.match(screen, /slot A *$/m)
  // Of the management controller: this machine has no other.
  await vm.serial.untilScreen(/Watchdog +IPMI, hardware/)
  // Zeros in both: the box has started all the same.
  await untilEnvironments(disk, { order: 'ab', a: 'ok', b: 'empty', last: 'a' })
})

import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { startVm } from '../lab/vm/vm.ts'
import { assertEnvironments, assertWell, fingerprintOn, newDisk, untilUp } from './box.ts'

const screenshots = resolve(import.meta.dirname, '../../build/screenshots')
mkdirSync(screenshots, { recursive: true })

/** Each of both once at least; `npm run bench:image` starts all six. */
const machines = [
  ['bios', 'virtio'],
  ['bios', 'nvme'],
  ['uefi', 'virtio'],
  ['uefi', 'sata'],
] as const

for (const [firmware, bus] of machines) {
  test(`the image boots with ${firmware} from ${bus} in 256 MB`, async t => {
    const disk = newDisk(t)
    const vm = await startVm(t, { disk, firmware, bus, memoryMiB: 256 })
    const { screen, web } = await untilUp(vm)
    t.diagnostic(`\n${screen}`)
    assert.match(screen, /^ Diarch \d+\.\d+\.\d+.* slot A *$/m)
    assertWell(screen)
    assert.equal(web.body, 'ok')
    assert.equal(fingerprintOn(screen), web.fingerprint)
    await vm.screenshot(join(screenshots, `tty1-${firmware}-${bus}.png`))

    await vm.powerButton()
    const { data } = await vm.untilEvent('SHUTDOWN')
    assert.equal(data.reason, 'guest-shutdown')
    await vm.powerCut()
    assert.equal(disk.checkState(), '', 'an orderly shutdown leaves a clean file system')
    assertEnvironments(disk, { order: 'ab', a: 'ok', b: 'empty', last: 'a' })
  })
}

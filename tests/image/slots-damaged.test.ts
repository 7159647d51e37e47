import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Environment } from '../../appliance/boot/environment.ts'
import { minutes } from '../../appliance/values/duration.ts'
import type { VmDisk } from '../lab/vm/disk.ts'
import type { TestContext } from '../lab/vm/scratch.ts'
import { replaceInit, rewriteSlot } from '../lab/vm/slot.ts'
import { startVm } from '../lab/vm/vm.ts'
import { newDisk, trialOfB, untilUp, upgradedDisk, writeEnvironments } from './box.ts'

/** The superblock of squashfs: the tables begin behind the data, the last is that of the ids. */
const tables = (disk: VmDisk, slot: 'diarch-a' | 'diarch-b') => {
  const superblock = disk.read(slot, 0, 96)
  assert.equal(superblock.toString('latin1', 0, 4), 'hsqs')
  const field = (at: number) => Number(superblock.readBigUInt64LE(at))
  return { end: field(40), ids: field(48), inodes: field(64) }
}

type Damage = {
  readonly damage: (t: TestContext, disk: VmDisk) => void
  /** What the environment says of slot B when the box runs from A again. */
  readonly leaves: Environment['b'] | RegExp
}

const damages: Record<string, Damage> = {
  'whose superblock is destroyed': {
    damage: (_t, disk) => disk.fill('diarch-b', 0xff, 0, 4096),
    leaves: /[0-3]|bad/,
  },
  'whose tables are destroyed': {
    damage: (_t, disk) => {
      const { inodes, end } = tables(disk, 'diarch-b')
      disk.fill('diarch-b', 0xa5, inodes, end - inodes)
    },
    leaves: /[0-3]|bad/,
  },
  // GRUB does not read the table of the ids and starts the kernel, which then refuses the root.
  'that GRUB can read and the kernel cannot': {
    damage: (_t, disk) => {
      const { ids, end } = tables(disk, 'diarch-b')
      disk.fill('diarch-b', 0xa5, ids, end - ids)
    },
    leaves: 'bad',
  },
  'that panics': {
    damage: (t, disk) => {
      rewriteSlot(t, disk, { from: 'diarch-a', to: 'diarch-b' }, root =>
        replaceInit(root, 'exit 1'),
      )
      // The last of its tries: how they are counted is shown elsewhere.
      writeEnvironments(disk, { ...trialOfB, b: '1' })
    },
    leaves: '0',
  },
}

for (const [name, { damage, leaves }] of Object.entries(damages)) {
  test(`a slot on trial ${name} is given up for the other one`, async t => {
    const disk = upgradedDisk(t)
    damage(t, disk)
    const vm = await startVm(t, { disk })
    await vm.untilWeb('/health', minutes(5))
    await vm.serial.untilScreen(/! slot-fallback: /)
    const { screen } = await untilUp(vm)
    t.diagnostic(`\n${screen}`)
    assert.match(screen, /slot A *$/m)
    await vm.powerCut()
    const word = disk.readEspFile('grub/env1').toString('latin1')
    const found = /^b=(.*)$/m.exec(word)?.[1] ?? ''
    if (leaves instanceof RegExp) assert.match(found, leaves)
    else assert.equal(found, leaves)
  })
}

test('a confirmed slot that is damaged gives way to the other confirmed one', async t => {
  const disk = newDisk(t)
  disk.copyPartition('diarch-a', 'diarch-b')
  writeEnvironments(disk, { order: 'ab', a: 'ok', b: 'ok', last: 'a' })
  disk.fill('diarch-a', 0, 0, 4096)
  const vm = await startVm(t, { disk })
  await vm.serial.untilScreen(/! slot-fallback: /)
  const { screen } = await untilUp(vm)
  t.diagnostic(`\n${screen}`)
  assert.match(screen, /slot B *$/m)
})

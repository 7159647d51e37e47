import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { VmDisk } from '../lab/vm/disk.ts'
import { scratchFolder, type TestContext } from '../lab/vm/scratch.ts'
import { startVm } from '../lab/vm/vm.ts'
import { newDisk, untilUp } from './box.ts'

const mebibyte = 1024 * 1024
const garbage = (length: number): Buffer => randomFillSync(Buffer.alloc(length))

/** A file larger than what is free: debugfs stops when nothing is left. */
const fillUp = (t: TestContext, disk: VmDisk): void => {
  const file = join(scratchFolder(t), 'filler')
  writeFileSync(file, garbage(disk.partition('diarch-state').size))
  disk.debugfs('w', `write ${file} filler`)
  assert.match(disk.debugfs('r', 'stats'), /Free blocks: +\d{1,3}$/m)
}

type Trouble = {
  readonly make: (t: TestContext, disk: VmDisk) => void
  readonly alarm: string
  readonly storage: RegExp
}

const troubles: Record<string, Trouble> = {
  full: { make: fillUp, alarm: 'storage-full', storage: /Storage +\d of \d+ MiB free$/m },
  // Marked as in use, as after a power cut. A cautious check leaves this to a bolder one.
  'without its top folder': {
    make: (_t, disk) => disk.debugfs('w', 'clri <2>', 'set_super_value state 0'),
    alarm: 'state-repaired',
    storage: /Storage +\d+ of \d+ MiB free$/m,
  },
  'without its top folder, but called clean': {
    make: (_t, disk) => disk.debugfs('w', 'clri <2>'),
    alarm: 'state-repaired',
    storage: /Storage +\d+ of \d+ MiB free$/m,
  },
  'garbage where its superblock was': {
    make: (_t, disk) => disk.write('diarch-state', 0, garbage(mebibyte)),
    alarm: 'state-repaired',
    storage: /Storage +\d+ of \d+ MiB free$/m,
  },
  // A feature of ext4: the kernel mounts it for reading alone, as from a disk that takes no writes.
  'read-only': {
    make: (_t, disk) => disk.debugfs('w', 'feature read-only'),
    alarm: 'state-read-only',
    storage: /Storage +\d+ of \d+ MiB free, read-only$/m,
  },
  'nothing but zeros': {
    make: (_t, disk) => disk.fill('diarch-state', 0),
    alarm: 'state-corrupt',
    storage: /in memory only/,
  },
  'random garbage': {
    make: (_t, disk) => disk.write('diarch-state', 0, garbage(disk.partition('diarch-state').size)),
    alarm: 'state-corrupt',
    storage: /in memory only/,
  },
  'not there at all': {
    make: (_t, disk) => disk.sfdisk('--delete', '5'),
    alarm: 'state-missing',
    storage: /in memory only/,
  },
}

for (const [name, { make, alarm, storage }] of Object.entries(troubles)) {
  test(`the state partition is ${name}: the box comes up and says so`, async t => {
    const disk = newDisk(t)
    make(t, disk)
    const vm = await startVm(t, { disk })
    await vm.serial.untilScreen(new RegExp(`! ${alarm}: `))
    const { screen } = await untilUp(vm)
    t.diagnostic(`\n${screen}`)
    assert.match(screen, storage)
  })
}

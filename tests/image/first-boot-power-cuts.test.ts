import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { startVm } from '../lab/vm/vm.ts'
import { assertEnvironments, assertWell, newDisk, untilUp } from './box.ts'

const cuts = 10

/** mulberry32: random enough for moments, and the same again for the same seed. */
const randomFrom = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

test(`after ${cuts} power cuts during the first boot the next one is whole`, async t => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
  t.diagnostic(`SEED=${seed}`)
  const random = randomFrom(seed)
  const disk = newDisk(t)
  // Larger than the image, so that the state partition is growing meanwhile.
  disk.grow(3072)
  const vm = await startVm(t, { disk })
  // A boot takes from 12 to 30 seconds and begins to write after 6. The cuts come later and later:
  // each finds the first boot a little further, until it has been completed.
  const moments = Array.from({ length: cuts }, () => 4000 + random() * 16_000)
  for (const moment of moments.toSorted((a, b) => a - b)) {
    await wait(moment)
    await vm.powerCut()
    t.diagnostic(`power cut after ${(moment / 1000).toFixed(1)} s`)
    await vm.powerOn()
  }
  const { screen, web } = await untilUp(vm)
  t.diagnostic(`\n${screen}`)
  assertWell(screen)
  assert.match(screen, /slot A *$/m)
  const total = /Storage +\d+ of (\d+) MiB free$/m.exec(screen)?.[1]
  assert.ok(Number(total) > 1500, 'the state is on the disk, grown to its end')

  await vm.powerButton()
  await vm.untilEvent('SHUTDOWN')
  await vm.powerCut()
  assert.equal(disk.checkState(), '')
  assertEnvironments(disk, { order: 'ab', a: 'ok', b: 'empty', last: 'a' })
  await vm.powerOn()
  assert.equal((await untilUp(vm)).web.fingerprint, web.fingerprint)
})

/** Runs inside of the kernel as a test, and prints its samples. */
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { seconds } from '../../../appliance/values/duration.ts'
import { until } from '../../net/vrrp-network.ts'
import { keepalivedChecker } from './checker.ts'
import type { Farm } from './farm.ts'
import { destinationsOn, farmAddresses, farmLab } from './farm-lab.ts'
import { type Shared, tellSamples } from './samples.ts'
import { shippedBox } from './shipped-box.ts'
import { clusterOf, type Wanted } from './wanted.ts'

const wanted: Wanted = {
  services: Array.from({ length: 10 }, (_, n) => `192.0.2.${100 + n}`),
  servers: farmAddresses(200),
  check: { intervalMs: 1000, timeoutMs: 1000 },
}
const entries = wanted.services.length * wanted.servers.length
const windows = 5
const windowMs = 6000
const settleMs = 5000

/** Whole ones: a window has no whole number of intervals, to a few milliseconds. */
async function probesEach(farm: Farm): Promise<readonly number[]> {
  const found: number[] = []
  for (let n = 0; n < windows; n++) {
    const [before, began] = [farm.connections(), performance.now()]
    await wait(windowMs)
    const intervals = (performance.now() - began) / wanted.check.intervalMs
    found.push(Math.round((farm.connections() - before) / intervals))
  }
  return found
}

test('samples', async t => {
  execFileSync('modprobe', ['-a', 'ip_vs', 'ip_vs_rr'])
  const { diarch, keepalived, farm } = await farmLab(t)

  const box = await shippedBox(diarch, clusterOf(wanted))
  await until('all are up', async () => destinationsOn(diarch) === entries, seconds(60))
  await wait(settleMs)
  const own = await probesEach(farm)
  await box.stop()

  const checker = await keepalivedChecker(keepalived, wanted)
  await until('all are up', async () => destinationsOn(keepalived) === entries, seconds(60))
  await wait(settleMs)
  const samples: Shared = { diarch: own, keepalived: await probesEach(farm) }
  await checker.stop()
  tellSamples(samples)
})

/** Runs inside of the kernel as a test, and prints its samples. */
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { seconds } from '../../../appliance/values/duration.ts'
import { until } from '../../net/vrrp-network.ts'
import { checkerOf, keepalivedChecker } from './checker.ts'
import type { Farm } from './farm.ts'
import { destinationsOn, farmAddresses, farmLab } from './farm-lab.ts'
import { cpuMilliseconds, mostMemory } from './process-figures.ts'
import { type Load, tellSamples } from './samples.ts'
import { directorOf, shippedBox } from './shipped-box.ts'
import { clusterOf, type Wanted } from './wanted.ts'

const wanted: Wanted = {
  services: ['192.0.2.100'],
  servers: farmAddresses(2000),
  check: { intervalMs: 1000, timeoutMs: 1000 },
}
const windows = 7
const windowMs = 6000
/** Until everything is up and warm. */
const settleMs = 12_000

type Window = { readonly cpu: number; readonly memory: number; readonly probes: number }

async function measure(pid: number, farm: Farm): Promise<Window> {
  const [began, cpu, probes] = [performance.now(), cpuMilliseconds(pid), farm.connections()]
  await wait(windowMs)
  const took = (performance.now() - began) / 1000
  const [cpuAfter, probesAfter] = [cpuMilliseconds(pid), farm.connections()]
  return {
    cpu: (cpuAfter - cpu) / took,
    memory: mostMemory(pid),
    probes: (probesAfter - probes) / took,
  }
}

test('samples', async t => {
  execFileSync('modprobe', ['-a', 'ip_vs', 'ip_vs_rr'])
  const { diarch, keepalived, farm } = await farmLab(t)

  const box = await shippedBox(diarch, clusterOf(wanted))
  const count = wanted.servers.length
  await until(
    () => `${destinationsOn(diarch)} are up: ${box.supervisor.output.slice(-800)}`,
    async () => destinationsOn(diarch) === count,
    seconds(60),
  )
  await wait(settleMs)
  const [own, late]: [Window[], number[]] = [[], []]
  for (let n = 0; n < windows; n++) {
    own.push(await measure(directorOf(box) ?? 0, farm))
    const { body } = await box.ask('GET', '/api/v1/checks')
    late.push((body as { readonly lateMs: { readonly p99: number } }).lateMs.p99)
  }
  await box.stop()

  const checker = await keepalivedChecker(keepalived, wanted)
  await until('all are up', async () => destinationsOn(keepalived) === count, seconds(60))
  await wait(settleMs)
  const theirs: Window[] = []
  for (let n = 0; n < windows; n++) theirs.push(await measure(checkerOf(checker), farm))
  await checker.stop()

  const of = (figure: keyof Window) => ({
    diarch: own.map(each => each[figure]),
    keepalived: theirs.map(each => each[figure]),
  })
  const samples: Load = { cpu: of('cpu'), memory: of('memory'), probes: of('probes'), late }
  tellSamples(samples)
})

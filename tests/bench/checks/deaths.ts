/** Runs inside of the kernel as a test, and prints its samples. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Host } from '../../lab/namespaces/host.ts'
import { openLab, type TestContext } from '../../lab/namespaces/lab.ts'
import { until } from '../../net/vrrp-network.ts'
import { keepalivedChecker } from './checker.ts'
import { Farm } from './farm.ts'
import { type Deaths, tellSamples } from './samples.ts'
import { shippedBox } from './shipped-box.ts'
import { clusterOf, type Wanted } from './wanted.ts'

const rounds = 5
/** The server that stays is the same; the one that dies has an address for each product. */
const staying = '192.0.2.20'
const dying = { diarch: '192.0.2.11', keepalived: '192.0.2.12' }

const wantedOf = (server: string): Wanted => ({
  services: ['192.0.2.100'],
  servers: [server, staying],
  check: { intervalMs: 1000, timeoutMs: 1000 },
})

async function network(t: TestContext) {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const plug = async (name: string, ...addresses: readonly string[]) => {
    const host = await lab.host(name)
    const address = addresses.map(each => `${each}/24`)
    return { host, link: await host.plug(lan, { name: 'eth0', address }) }
  }
  const mortal = await plug('mortal', dying.diarch, dying.keepalived)
  const other = await plug('other', staying)
  const [farm, stayer] = [new Farm(mortal.host, 80), new Farm(other.host, 80)]
  await farm.start()
  await stayer.start()
  const boxes = {
    diarch: (await plug('diarch', '192.0.2.1')).host,
    keepalived: (await plug('keepalived', '192.0.2.2')).host,
  }
  return { boxes, farm, link: mortal.link }
}

function isInTable(host: Host, address: string): boolean {
  const parts = address.split('.').map(part => Number(part).toString(16).padStart(2, '0'))
  const table = readFileSync(`/proc/${host.pid}/net/ip_vs`, 'utf8')
  return table.includes(`-> ${parts.join('').toUpperCase()}:0050`)
}

const lastBits = (address: string): number => {
  const [, , third = 0, last = 0] = address.split('.').map(Number)
  return 256 * third + last
}

test('samples', async t => {
  execFileSync('modprobe', ['-a', 'ip_vs', 'ip_vs_rr'])
  const { boxes, farm, link } = await network(t)
  await shippedBox(boxes.diarch, clusterOf(wantedOf(dying.diarch)))
  await keepalivedChecker(boxes.keepalived, wantedOf(dying.keepalived))
  const products = ['diarch', 'keepalived'] as const
  const allAreIn = async () => products.every(each => isInTable(boxes[each], dying[each]))

  /** Strikes right after a probe, which is the worst moment, and counts from before the blow. */
  const death = async (product: (typeof products)[number], blow: () => unknown) => {
    await until('the server is back', allAreIn)
    const bits = lastBits(dying[product])
    // One probe may have been under way while the server was down.
    for (let n = 0; n < 2; n++) {
      const before = farm.connections(bits)
      while (farm.connections(bits) === before) await wait(2)
    }
    const struck = performance.now()
    await blow()
    while (isInTable(boxes[product], dying[product])) {
      if (performance.now() > struck + 20_000) throw new Error(`${product} keeps a dead server`)
      await wait(2)
    }
    return performance.now() - struck
  }

  const samples = {
    blackHole: { diarch: [] as number[], keepalived: [] as number[] },
    refused: { diarch: [] as number[], keepalived: [] as number[] },
  } satisfies Deaths
  for (let round = 0; round < rounds; round++) {
    for (const product of products) {
      samples.blackHole[product].push(await death(product, () => link.cut()))
      await link.heal()
      samples.refused[product].push(await death(product, () => farm.kill()))
      await farm.start()
    }
  }
  tellSamples(samples)
})

import { readFileSync } from 'node:fs'
import type { Host } from '../../lab/namespaces/host.ts'
import { openLab, type TestContext } from '../../lab/namespaces/lab.ts'
import { Farm } from './farm.ts'

/** A director for each product, and one host that has all addresses of 10.99.0.0/16. */
export async function farmLab(t: TestContext) {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const host = async (name: string, n: number): Promise<Host> => {
    const one = await lab.host(name)
    await one.plug(lan, { name: 'eth0', address: `192.0.2.${n}/24` })
    return one
  }
  const [diarch, keepalived] = [await host('diarch', 1), await host('keepalived', 2)]
  for (const one of [diarch, keepalived]) {
    await one.must('ip', ['route', 'add', '10.99.0.0/16', 'via', '192.0.2.9'])
  }
  const servers = await host('servers', 9)
  await servers.must('ip', ['route', 'add', 'local', '10.99.0.0/16', 'dev', 'lo'])
  const farm = new Farm(servers, 80)
  await farm.start()
  return { diarch, keepalived, farm }
}

export const farmAddresses = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `10.99.${1 + (n >> 7)}.${1 + (n & 127)}`)

/** How many destinations the kernel's table has. */
export function destinationsOn(host: Host): number {
  const table = readFileSync(`/proc/${host.pid}/net/ip_vs`, 'utf8')
  return [...table.matchAll(/^ {2}-> [0-9A-F]/gm)].length
}

import { setTimeout as sleep } from 'node:timers/promises'
import { milliseconds } from '../../../appliance/values/duration.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import type { Lab } from '../../lab/namespaces/lab.ts'
import type { Link } from '../../lab/namespaces/link.ts'
import { type Prober, probe } from '../../lab/namespaces/prober.ts'
import type { Switch } from '../../lab/namespaces/switch.ts'
import type { Box, Product, Recorded, Settings } from './box.ts'
import { DiarchBox } from './diarch-box.ts'
import { KeepalivedBox } from './keepalived-box.ts'

export const virtualAddress = '192.0.2.100'
export const oneAddress = [`${virtualAddress}/24`]
export const sources = { first: '192.0.2.1', second: '192.0.2.2', client: '192.0.2.9' } as const

/** By then what a change of state brings with it at once is over. */
const settledAfter = 500

/** With one every 2 ms two products that differ by half a millisecond change places by chance. */
const probeEvery = milliseconds(0.5)

/** Shorter than this is not an outage but a late probe. */
export const resolution = milliseconds(3)

/** Two boxes with one product, and a client, on a switch of their own. */
export type Pair<B extends Box = Box> = {
  readonly product: Product
  readonly ground: Host
  readonly lan: Switch
  readonly client: Host
  /** Priority 150. */
  readonly first: B
  readonly firstLink: Link
  /** Priority 100. */
  readonly second: B
}

export const diarchPair = (
  lab: Lab,
  folder: string,
  settings: Settings,
): Promise<Pair<DiarchBox>> =>
  plug(lab, 'diarch', settings, (host, priority) => {
    return new DiarchBox(host, folder, settings, priority)
  })

export const keepalivedPair = (lab: Lab, settings: Settings): Promise<Pair<KeepalivedBox>> =>
  plug(lab, 'keepalived', settings, (host, priority) => {
    return new KeepalivedBox(host, settings, priority)
  })

async function plug<B extends Box>(
  lab: Lab,
  product: Product,
  { secondPath }: Settings,
  boxOn: (host: Host, priority: number) => B,
): Promise<Pair<B>> {
  const lan = await lab.switch(`lan-${product}`)
  const path = secondPath === undefined ? null : await lab.switch(`path-${product}`)
  const plugged = async (name: string, address: string) => {
    const host = await lab.host(name)
    return { host, link: await host.plug(lan, { name: 'eth0', address: `${address}/24` }) }
  }
  const one = await plugged('box1', sources.first)
  const two = await plugged('box2', sources.second)
  const { host: client } = await plugged('client', sources.client)
  if (path !== null && secondPath !== undefined) {
    await one.host.plug(path, { name: secondPath, address: '198.51.100.1/24' })
    await two.host.plug(path, { name: secondPath, address: '198.51.100.2/24' })
  }
  const [first, second] = [boxOn(one.host, 150), boxOn(two.host, 100)]
  return { product, ground: lab.ground, lan, client, first, firstLink: one.link, second }
}

export async function start({ first, second }: Pair): Promise<void> {
  await Promise.all([first.start(), second.start()])
}

/**
 * New boxes on healed cables. In life a backup has led nothing yet when its day comes: what it does
 * then for the first time may take longer than the second time.
 */
export async function renew(pair: Pair): Promise<void> {
  await Promise.all([pair.first, pair.second].map(forget))
  await pair.firstLink.heal()
  await start(pair)
}

async function forget(box: Box): Promise<void> {
  await box.stop()
  // A box that lost its power has forgotten what it held; the lab's kernel has not.
  await box.host.run('ip', ['address', 'del', oneAddress[0]!, 'dev', 'eth0'])
}

/** The first box leads, the second one follows, and both have been at rest for a while. */
export async function ready({ first, second }: Pair): Promise<void> {
  await first.until('MASTER')
  await second.until('BACKUP')
  await sleep(settledAfter)
}

/** Marks this moment; the function that it returns tells what both boxes have recorded since. */
export function watched({ first, second }: Pair): () => Promise<Recorded> {
  const marks = [first, second].map(box => [box, box.mark()] as const)
  return async () => {
    const records = await Promise.all(marks.map(([box, mark]) => box.since(mark)))
    const sum = (of: (record: Recorded) => number) => records.reduce((all, one) => all + of(one), 0)
    return { changes: sum(one => one.changes), lines: sum(one => one.lines) }
  }
}

export const probed = ({ client }: Pair): Promise<Prober> =>
  probe(client, virtualAddress, { every: probeEvery, gap: resolution })

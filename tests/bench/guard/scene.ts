import { milliseconds, seconds } from '../../../appliance/values/duration.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import type { Lab } from '../../lab/namespaces/lab.ts'
import type { Link } from '../../lab/namespaces/link.ts'
import { type Gap, type Prober, probe } from '../../lab/namespaces/prober.ts'
import type { Box, Product, Settings } from '../failover/box.ts'
import { DiarchBox } from '../failover/diarch-box.ts'
import { KeepalivedBox } from '../failover/keepalived-box.ts'
import { endOf } from '../failover/missed.ts'
import { oneAddress, type Pair, sources, virtualAddress } from '../failover/pair.ts'
import { interval } from './interval.ts'

/** What a pair is told beside its router. */
export type More = NonNullable<Settings['more']>

/** Two boxes with two paths between them, a client, and somebody who means them no good. */
export type Scene<B extends Box = Box> = Pair<B> & {
  readonly second: B
  readonly secondLink: Link
  /** Of the second path, of either box. */
  readonly beside: readonly [Link, Link]
  readonly stranger: Host
}

const secret = 'hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
export const stranger = '192.0.2.66'

/** What a wizard writes for two boxes that were joined. */
export const signedAdverts = {
  router: { authentication: { hmac: { keys: [{ id: 1, secret }] } } },
}

/** Heartbeats over the second path. */
export const guarded = (box: 1 | 2, guard: object = {}): More => ({
  cluster: { guard: { secret, ...guard } },
  node: {
    heartbeats: { beside: { interface: 'eth1', peer: `198.51.100.${3 - box}`, direct: true } },
  },
})

const ownSettings = (more: More): Settings => ({
  version: 3,
  intervalMs: interval,
  virtualAddresses: oneAddress,
  more,
})

export const diarchScene = (
  lab: Lab,
  folder: string,
  more: (box: 1 | 2) => More,
  title = 'diarch',
): Promise<Scene<DiarchBox>> =>
  plug(lab, 'diarch', title, (host, box, priority) => {
    return new DiarchBox(host, folder, ownSettings(more(box)), priority)
  })

export const keepalivedScene = (lab: Lab, more: More = {}): Promise<Scene<KeepalivedBox>> =>
  plug(lab, 'keepalived', 'keepalived', (host, _box, priority) => {
    return new KeepalivedBox(host, ownSettings(more), priority)
  })

async function plug<B extends Box>(
  lab: Lab,
  product: Product,
  title: string,
  boxOn: (host: Host, box: 1 | 2, priority: number) => B,
): Promise<Scene<B>> {
  const [lan, path] = [await lab.switch(`lan-${title}`), await lab.switch(`path-${title}`)]
  const plugged = async (name: string, address: string) => {
    const host = await lab.host(name)
    return { host, link: await host.plug(lan, { name: 'eth0', address: `${address}/24` }) }
  }
  const one = await plugged('box1', sources.first)
  const two = await plugged('box2', sources.second)
  const { host: client } = await plugged('client', sources.client)
  const { host: bad } = await plugged('stranger', stranger)
  const beside = [
    await one.host.plug(path, { name: 'eth1', address: '198.51.100.1/24' }),
    await two.host.plug(path, { name: 'eth1', address: '198.51.100.2/24' }),
  ] as const
  return {
    ...{ product, ground: lab.ground, lan, client, stranger: bad, beside },
    ...{ first: boxOn(one.host, 1, 150), firstLink: one.link },
    ...{ second: boxOn(two.host, 2, 100), secondLink: two.link },
  }
}

export async function heal({ firstLink, secondLink, beside }: Scene): Promise<void> {
  for (const link of [firstLink, secondLink, ...beside]) await link.heal()
}

/** Less is the machine's own unrest as often as it is an outage. */
const unrestMs = 50

export const watchedClient = ({ client }: Scene): Promise<Prober> =>
  probe(client, virtualAddress, { every: milliseconds(5), gap: milliseconds(unrestMs) })

/** All that the client has missed since then, but for what only the prober has missed. */
export function missedSince(prober: Prober, since: number): number {
  const held = prober.held()
  return prober
    .gaps()
    .filter(gap => endOf(gap) > since)
    .map(gap => gap.length - held.reduce((sum, hold) => sum + shared(gap, hold), 0))
    .filter(missed => missed >= unrestMs)
    .reduce((sum, missed) => sum + missed, 0)
}

const shared = (one: Gap, other: Gap): number =>
  Math.max(0, Math.min(endOf(one), endOf(other)) - Math.max(one.start, other.start))

/** Until the client is answered again; a gap is told when it is over. */
export async function answered({ client }: Scene, within = seconds(200)): Promise<void> {
  const end = performance.now() + within
  while (!(await client.pings(virtualAddress))) {
    if (performance.now() > end) throw new Error(`${virtualAddress} did not come back`)
  }
  await new Promise(resolve => setTimeout(resolve, 300))
}

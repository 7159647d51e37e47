import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { type Diarch, diarch } from '../lab/namespaces/diarch.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { network, router, takeover } from './vrrp-network.ts'

const secret = 'hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'

/** Two boxes on the clients' switch, and joined beside it by a switch of their own. */
export const guardedPair = async (
  t: TestContext,
  guard: object = {},
  more: object = {},
  prepare: (host: Host) => Promise<void> = async () => undefined,
) => {
  const scene = await network(t)
  const { lab, one, two } = scene
  const backbone = await lab.switch('backbone')
  const beside = [
    await one.plug(backbone, { name: 'eth1', address: '198.51.100.1/24' }),
    await two.plug(backbone, { name: 'eth1', address: '198.51.100.2/24' }),
  ] as const
  const own = (box: 1 | 2): object => ({
    schemaVersion: 2,
    cluster: {
      routers: { V1: router(box === 1 ? 150 : 100) },
      guard: { secret, ...guard },
      ...more,
    },
    node: {
      hostname: box === 1 ? 'one' : 'two',
      heartbeats: {
        beside: { interface: 'eth1', peer: `198.51.100.${3 - box}`, direct: true },
      },
    },
  })
  for (const host of [one, two]) await prepare(host)
  const first = await diarch(one, own(1))
  const second = await diarch(two, own(2))
  await first.untilRouter('V1', 'MASTER')
  await second.untilRouter('V1', r => r.state === 'BACKUP' && r.master !== null)
  for (const box of [first, second]) await untilPath(box, 'up')
  return { ...scene, beside, backbone, own, first, second }
}

/** Looks until the path beside VRRP is in the state. */
export const untilPath = async (box: Diarch, state: string): Promise<void> => {
  const end = performance.now() + 20_000
  for (;;) {
    const { guard } = await box.status()
    if (guard?.paths[0]?.state === state) return
    if (performance.now() > end)
      throw new Error(`the path is not ${state}: ${JSON.stringify([guard, await box.events()])}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

type Pair = Awaited<ReturnType<typeof network>> & {
  readonly first: Diarch
  readonly second: Diarch
}

const [we, they] = ['192.0.2.1', '192.0.2.2']

/** The other one hears of it over another path, and does not wait for what it would miss. */
export const carrierGoes = async ({ links, seen }: Pair, due: number): Promise<void> => {
  const cut = Date.now()
  await links[0].cut()
  const { wait } = await takeover(seen, { from: we, to: they, since: cut })
  assert.ok(wait < due * 0.6, `${wait} ms after its last word, where ${due} ms are lost`)
  await links[0].heal()
}

/** Nobody on the clients' switch can hear of it: the supervisor says it over another path. */
export const killedInSilence = async (
  { links, seen, first, second }: Pair,
  due: number,
): Promise<void> => {
  await links[0].silence('out')
  await second.untilEvent(e => e.event === 'adverts-missing')
  const killed = Date.now()
  first.signalVrrpd('SIGKILL')
  const { time } = await seen.untilAdvert(a => a.source === they && a.time > killed)
  assert.ok(time - killed < due * 0.6, `${time - killed} ms, where ${due} ms are lost`)
  await links[0].heal()
}

import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { RouterStatus } from '../../appliance/status/router-status.ts'
import { type Diarch, diarch } from '../lab/namespaces/diarch.ts'
import { fire, forge } from '../lab/namespaces/forge.ts'
import { config, network, router, until } from './vrrp-network.ts'

export const secret = 'a secret of the pair, 32 bytes long'

/** One router of each kind; box one leads them all. */
const routers = (priority: number, own: string, peer: string): Record<string, object> => ({
  V4: router(priority, { virtualRouterId: 51 }),
  V6: router(priority, { virtualRouterId: 52, virtualAddresses: ['2001:db8::100/64'] }),
  UNICAST: router(priority, {
    virtualRouterId: 53,
    virtualAddresses: ['192.0.2.103/24'],
    source: own,
    unicast: { peers: [peer] },
  }),
  PASS: router(priority, {
    virtualRouterId: 54,
    version: 2,
    virtualAddresses: ['192.0.2.104/24'],
    authentication: { password: 'secret' },
  }),
  V2: router(priority, { virtualRouterId: 55, version: 2, virtualAddresses: ['192.0.2.105/24'] }),
  HMAC: router(priority, {
    virtualRouterId: 56,
    virtualAddresses: ['192.0.2.106/24'],
    authentication: { hmac: { keys: [{ id: 1, secret }] } },
  }),
})

export type RouterName = (typeof everyKind)[number]

export type BoxName = 'one' | 'two'

/** What must be the same before and after somebody has sent something. */
type Footing = { readonly states: readonly string[]; readonly events: number }

const everyKind = ['V4', 'V6', 'UNICAST', 'PASS', 'V2', 'HMAC'] as const

/** A pair with routers of these kinds, and a stranger on their network. */
export const besieged = async (t: TestContext, kinds: readonly RouterName[] = everyKind) => {
  const { one, two, client, seen } = await network(t)
  const some = (all: Record<string, object>) =>
    config(Object.fromEntries(kinds.map(name => [name, all[name]!])))
  const configs = {
    one: some(routers(150, '192.0.2.1', '192.0.2.2')),
    two: some(routers(100, '192.0.2.2', '192.0.2.1')),
  }
  const boxes: Record<BoxName, Diarch> = {
    one: await diarch(one, configs.one),
    two: await diarch(two, configs.two),
  }
  for (const name of kinds) {
    await boxes.one.untilRouter(name, 'MASTER')
    await boxes.two.untilRouter(name, router => router.master?.priority === 150)
  }

  const footing = async (box: Diarch): Promise<Footing> => {
    const states = (await box.status()).routers.map(r => `${r.name} ${r.state} since ${r.since}`)
    return { states, events: (await box.events()).length }
  }

  const look = async (box: BoxName, name: RouterName) => {
    const { routers } = await boxes[box].status()
    const talk = routers.reduce((sum, { counters: { sent, received } }) => sum + sent + received, 0)
    return { router: routers.find(router => router.name === name)!, talk }
  }

  /** Counters are told every few seconds, and after a reload, which changes nothing. */
  const freshly = async (
    box: BoxName,
    name: RouterName,
    wanted: (router: RouterStatus) => boolean = () => true,
  ): Promise<RouterStatus> => {
    const before = await look(box, name)
    let seen = before
    const words = () => `${name} on box ${box}: ${wanted}; ${JSON.stringify(seen.router.counters)}`
    await until(words, async () => {
      await boxes[box].reload(configs[box])
      seen = await look(box, name)
      return seen.talk > before.talk && wanted(seen.router)
    })
    return seen.router
  }

  const count = ({ counters }: RouterStatus, reason: string) => counters.rejected[reason] ?? 0

  /** How often a router has refused something for that reason, once it is so often. */
  const rejected = async (box: BoxName, name: RouterName, reason: string, least: number) =>
    count(await freshly(box, name, router => count(router, reason) >= least), reason)

  return {
    boxes,
    hosts: { one, two },
    stranger: client,
    seen,
    freshly,
    rejected,

    /** Waits until all that the stranger has sent has come: what it sends now is always counted. */
    async arrived(): Promise<void> {
      const before = {
        one: await rejected('one', 'V4', 'type', 0),
        two: await rejected('two', 'V4', 'type', 0),
      }
      await fire(client, { frames: [forge({ type: 7 })] })
      for (const box of ['one', 'two'] as const) {
        await rejected(box, 'V4', 'type', before[box] + 1)
      }
    },

    /** Fails unless all routers are what they were before, and few events tell of it. */
    async unmoved(work: () => Promise<void>, mostEvents: number): Promise<void> {
      const before = { one: await footing(boxes.one), two: await footing(boxes.two) }
      await work()
      for (const name of ['one', 'two'] as const) {
        const after = await footing(boxes[name])
        assert.deepEqual(after.states, before[name].states, `box ${name}`)
        const events = after.events - before[name].events
        assert.ok(events <= mostEvents, `${events} events on box ${name}`)
      }
    },
  }
}

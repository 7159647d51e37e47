import type { TestContext } from 'node:test'
import { type Duration, milliseconds, seconds } from '../../appliance/values/duration.ts'
import { type Capture, capture } from '../lab/namespaces/capture.ts'
import { diarch } from '../lab/namespaces/diarch.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { openLab } from '../lab/namespaces/lab.ts'

/** What VRRP and the neighbours' tables are about; not the prober's echoes. */
const ofInterest = 'ip proto 112 or ip6 proto 112 or arp or icmp6'

/** Two hosts for boxes, and a client that sees what goes to all, on one switch. */
export const network = async (t: TestContext) => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const plug = (host: Host, n: number) =>
    host.plug(lan, { name: 'eth0', address: [`192.0.2.${n}/24`, `2001:db8::${n}/64`] })
  const [one, two] = [await lab.host('one'), await lab.host('two')]
  const client = await lab.host('client')
  const links = [await plug(one, 1), await plug(two, 2)] as const
  await plug(client, 9)
  return {
    lab,
    lan,
    plug,
    one,
    two,
    client,
    links,
    seen: await capture(client, 'eth0', ofInterest),
  }
}

/** The configuration of a box. */
export const config = (routers: Record<string, object>, more: object = {}): object => ({
  schemaVersion: 2,
  cluster: { routers, ...more },
})

/** A router with the usual values: VRRPv3, IPv4, multicast, ten adverts a second. */
export const router = (priority: number, more: object = {}): object => ({
  interface: 'eth0',
  virtualRouterId: 51,
  priority,
  virtualAddresses: [`${virtual}/24`],
  ...more,
})

/** For a keepalived with ten adverts a second: if it waited for the processor, it'd seem dead. */
export const realTime = `
  global_defs {
    vrrp_rt_priority 50
    vrrp_rlimit_rttime 1000000
  }`

/** For both boxes, or for each its own. */
type More = object | ((box: 1 | 2) => object)

/** Box one leads with priority 150, box two follows with 100. */
export const pair = async (t: TestContext, more: More = {}) => {
  const scene = await network(t)
  const boxes = await startPair(scene, more)
  return { ...scene, ...boxes }
}

export const startPair = async (
  { one, two }: { readonly one: Host; readonly two: Host },
  more: More = {},
) => {
  const own = (box: 1 | 2) => (typeof more === 'function' ? more(box) : more)
  const first = await diarch(one, config({ V1: router(150, own(1)) }))
  const second = await diarch(two, config({ V1: router(100, own(2)) }))
  await first.untilRouter('V1', 'MASTER')
  await second.untilRouter('V1', r => r.state === 'BACKUP' && r.master !== null)
  return { first, second }
}

/**
 * Chapters of a test with one pair: each begins where the one before has to end, with box one in
 * the lead. After one that fails there is nothing to build upon.
 */
export const chapters = (
  t: TestContext,
  { one, two, first, second }: Awaited<ReturnType<typeof pair>>,
) => {
  let failed: string | null = null
  return (title: string, work: () => Promise<void>): Promise<void> =>
    t.test(title, async () => {
      if (failed !== null) throw new Error(`not tried: "${failed}" has failed`)
      failed = title
      await first.untilRouter('V1', 'MASTER')
      await second.untilRouter('V1', r => r.state === 'BACKUP' && r.master?.priority === 150)
      await until('box one alone has the address', async () => {
        return (await holdsVirtual(one)) && !(await holdsVirtual(two))
      })
      await work()
      failed = null
    })
}

/** The address of `router`. */
export const virtual = '192.0.2.100'

export const holdsVirtual = async (host: Host, device = 'eth0'): Promise<boolean> =>
  (await host.addresses(device)).includes(`${virtual}/24`)

/** Whose hardware address a host has for an address of its neighbours. */
export const neighbour = async (host: Host, address: string): Promise<string> =>
  /lladdr (\S+)/.exec(await host.must('ip', ['neighbour', 'show', address]))?.[1] ?? 'nobody'

/** Looks until it is so. */
export const until = async (
  what: string | (() => string),
  holds: () => Promise<boolean>,
  within = seconds(20),
): Promise<void> => {
  const end = performance.now() + within
  while (!(await holds())) {
    if (performance.now() > end) {
      const words = typeof what === 'string' ? what : what()
      throw new Error(`not within ${within / 1000} s: ${words}`)
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** RFC 9568 6.1: how long a backup with this priority waits: three intervals and a skew. */
export const downInterval = (priority: number, interval: number, version = 3): Duration =>
  milliseconds(3 * interval + ((256 - priority) * (version === 2 ? 1000 : interval)) / 256)

/** How a router changed hands on the wire: the last word of the one, the first of the other. */
export const takeover = async (
  seen: Capture,
  { vrid = 51, from, to, since = 0 }: { vrid?: number; from: string; to: string; since?: number },
): Promise<{ wait: number; lastPriority: number }> => {
  const first = await seen.untilAdvert(
    a => a.vrid === vrid && a.source === to && a.time > since && a.priority > 0,
  )
  const before = seen.adverts().filter(a => a.vrid === vrid && a.source === from)
  const last = before.filter(a => a.time < first.time).at(-1)
  if (!last) throw new Error(`${from} was never heard for ${vrid}`)
  return { wait: first.time - last.time, lastPriority: last.priority }
}

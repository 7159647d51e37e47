import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { diarch } from '../../lab/namespaces/diarch.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import { openLab, type TestContext } from '../../lab/namespaces/lab.ts'
import { becomeRealServer } from './director-real-server.ts'
import { answers, WebServer } from './director-walk.ts'

/** A way has a virtual address of its own: 192.0.2.101, 2001:db8::101 and so on. */
const ways = { nat: 101, direct: 102, tunnel: 103 } as const
type Way = keyof typeof ways
const names = Object.keys(ways) as Way[]
const families = ['inet', 'inet6'] as const
type Family = (typeof families)[number]

const virtual = (way: Way, family: Family): string =>
  family === 'inet' ? `192.0.2.${ways[way]}` : `2001:db8::${ways[way]}`
const endpoint = (way: Way, family: Family): string =>
  family === 'inet' ? `${virtual(way, family)}:80` : `[${virtual(way, family)}]:80`
const url = (way: Way, family: Family): string => `http://${endpoint(way, family)}/`

const servers: Record<Way, Record<Family, string>> = {
  nat: { inet: '198.51.100.11:80', inet6: '[2001:db8:b::11]:80' },
  direct: { inet: '192.0.2.12:80', inet6: '[2001:db8::12]:80' },
  tunnel: { inet: '198.51.100.13:80', inet6: '[2001:db8:b::13]:80' },
}

const check = { interval: '500ms', timeout: '400ms', retryInterval: '100ms', fall: 2 }

const service = (way: Way, family: Family): [string, object] => [
  `${way}-${family}`,
  {
    virtual: [endpoint(way, family)],
    scheduler: 'rr',
    forwarding: way,
    checks: [way === 'direct' ? { check: 'quick', throughServer: true } : 'quick'],
    servers: { [way]: servers[way][family] },
  },
]

/** The virtual routers hold the addresses of all services; there is no other box. */
const config = {
  schemaVersion: 2,
  cluster: {
    routers: {
      V4: {
        interface: 'eth0',
        virtualRouterId: 51,
        virtualAddresses: names.map(way => `${virtual(way, 'inet')}/24`),
      },
      V6: {
        interface: 'eth0',
        virtualRouterId: 51,
        virtualAddresses: ['fe80::100/64', ...names.map(way => `${virtual(way, 'inet6')}/64`)],
      },
    },
    checks: { quick: { kind: 'tcp', ...check } },
    services: Object.fromEntries(
      names.flatMap(way => families.map(family => service(way, family))),
    ),
  },
}

/**
 * The server of NAT lies behind the director. That of the tunnel does so too, and answers on an
 * interface of its own, past the director.
 */
const network = async (t: TestContext) => {
  const lab = await openLab(t)
  const [front, back] = [await lab.switch('front'), await lab.switch('back')]
  const host = async (name: string, n: number, places: { front?: string; back?: string }) => {
    const one = await lab.host(name)
    const [inet, inet6] = [`192.0.2.${n}/24`, `2001:db8::${n}/64`]
    if (places.front) await one.plug(front, { name: places.front, address: [inet, inet6] })
    const far = [`198.51.100.${n}/24`, `2001:db8:b::${n}/64`]
    if (places.back) await one.plug(back, { name: places.back, address: far })
    return one
  }
  const client = await host('client', 9, { front: 'eth0' })
  const director = await host('director', 1, { front: 'eth0', back: 'eth1' })
  const hosts: Record<Way, Host> = {
    nat: await host('nat', 11, { back: 'eth0' }),
    direct: await host('direct', 12, { front: 'eth0' }),
    tunnel: await host('tunnel', 13, { back: 'eth0', front: 'eth1' }),
  }
  for (const gateway of ['198.51.100.1', '2001:db8:b::1']) {
    await hosts.nat.must('ip', ['route', 'add', 'default', 'via', gateway])
  }
  for (const way of names) await new WebServer(hosts[way]).start()
  return { client, director, hosts }
}

/** Packets of answers that passed the director, by virtual address and port. */
const packetsBack = async (director: Host): Promise<Map<string, number>> => {
  const table = await director.must('ipvsadm', ['-Ln', '--stats', '--exact'])
  const lines = table.matchAll(/^TCP +(\S+) +\d+ +\d+ +(\d+)/gm)
  return new Map([...lines].map(([, at = '', packets]) => [at, Number(packets)]))
}

test('NAT, direct routing and tunnels, IPv4 and IPv6, in one document', async t => {
  const { client, director, hosts } = await network(t)
  // A host of the lab has no modprobe that finds them.
  for (const module of ['ipip', 'ip6_tunnel']) execFileSync('modprobe', [module])
  const box = await diarch(director, config)
  await box.untilRouter('V4', 'MASTER')
  await box.untilRouter('V6', 'MASTER')

  await t.test(
    'NAT: a server that has the director as its gateway needs nothing else',
    async () => {
      for (const family of families) {
        await box.untilServer(`nat-${family}/nat`, 'up')
        assert.deepEqual(await answers(client, 3, url('nat', family)), { nat: 3 }, family)
      }
    },
  )

  await t.test('direct: a server that lacks the address is found by the check', async () => {
    for (const family of families) {
      const { why, weight } = await box.untilServer(`direct-${family}/direct`, 'down')
      assert.match(why, /no answer/)
      assert.equal(weight, null)
    }
  })

  for (const way of ['direct', 'tunnel'] as const) {
    await t.test(`${way}: what diarch realserver-script prints makes it a server`, async () => {
      const both = families.map(family => virtual(way, family))
      await becomeRealServer(hosts[way], way, both)
      for (const family of families) {
        await box.untilServer(`${way}-${family}/${way}`, 'up')
        assert.deepEqual(await answers(client, 3, url(way, family)), { [way]: 3 }, family)
      }
    })
  }

  await t.test('only the answers of NAT pass the director', async () => {
    const back = await packetsBack(director)
    for (const family of families) {
      const at = (way: Way) => back.get(endpoint(way, family))
      assert.ok(at('nat')! >= 3 * 4, `${at('nat')} packets`)
      assert.deepEqual([at('direct'), at('tunnel')], [0, 0])
    }
  })

  await t.test('nobody but the director is asked for the virtual addresses', async () => {
    const { stdout } = await client.run('ip', ['neighbour', 'show', 'nud', 'all'])
    const mac = await director.mac('eth0')
    for (const way of names) {
      const seen = stdout.split('\n').filter(line => line.startsWith(`${virtual(way, 'inet')} `))
      assert.match(seen.join(), new RegExp(`lladdr ${mac}`))
    }
  })
})

/** Runs inside of the kernel as a test, and prints its samples. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { seconds } from '../../../appliance/values/duration.ts'
import type { Diarch } from '../../lab/namespaces/diarch.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import { openLab } from '../../lab/namespaces/lab.ts'
import type { Program } from '../../lab/namespaces/program.ts'
import { until } from '../../net/vrrp-network.ts'
import { Scope } from '../scope.ts'
import { Farm } from './farm.ts'
import { type Failovers, type Lost, tellSamples } from './samples.ts'
import { command, shippedBox } from './shipped-box.ts'

const rounds = 5
/** Of each kind. */
const count = 120
const port = 7000
const vips = { direct: '192.0.2.100', nat: '192.0.2.101' }
const gateway = '198.51.100.254'

const service = (forwarding: 'direct' | 'nat', network: string): object => ({
  virtual: [`${vips[forwarding]}:${port}`],
  scheduler: 'rr',
  forwarding,
  servers: { s11: `${network}.11:${port}`, s12: `${network}.12:${port}` },
})

const clusterOf = (priority: number): object => ({
  routers: {
    V1: {
      interface: 'eth0',
      virtualRouterId: 51,
      priority,
      advertInterval: '100ms',
      virtualAddresses: [
        `${vips.direct}/24`,
        `${vips.nat}/24`,
        { address: `${gateway}/24`, interface: 'eth1' },
      ],
    },
  },
  director: { sync: { interface: 'eth0', id: 7 } },
  services: { direct: service('direct', '192.0.2'), nat: service('nat', '198.51.100') },
})

/** The servers have both networks: NAT goes over the back, with the boxes as the way out of it. */
async function network(scope: Scope) {
  const lab = await openLab(scope)
  const [front, back] = [await lab.switch('front'), await lab.switch('back')]
  const plug = async (name: string, n: number) => {
    const host = await lab.host(name)
    const links = [
      await host.plug(front, { name: 'eth0', address: `192.0.2.${n}/24` }),
      await host.plug(back, { name: 'eth1', address: `198.51.100.${n}/24` }),
    ]
    return { host, links }
  }
  const [one, two] = [await plug('one', 1), await plug('two', 2)]
  const client = await lab.host('client')
  await client.plug(front, { name: 'eth0', address: '192.0.2.9/24' })
  for (const n of [11, 12]) {
    const { host } = await plug(`s${n}`, n)
    const commands = [
      'sysctl -q net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2',
      `ip address add ${vips.direct}/32 dev lo`,
      'ip route add 198.51.100.0/24 dev eth1 table 7',
      `ip route add default via ${gateway} table 7`,
      'ip rule add from 198.51.100.0/24 table 7',
    ]
    await host.must('sh', ['-ec', commands.join('\n')])
    await new Farm(host, port).start()
  }
  return { client, one, two }
}

/** Of the clients' ports those that the box has an established connection of. */
function known(host: Host, ports: ReadonlySet<number>): number {
  const table = readFileSync(`/proc/${host.pid}/net/ip_vs_conn`, 'utf8')
  const lines = table.matchAll(/^TCP [0-9A-F]+ ([0-9A-F]+) .* ESTABLISHED /gm)
  return [...lines].filter(([, port = '']) => ports.has(Number.parseInt(port, 16))).length
}

const leads = async (box: Diarch): Promise<void> => {
  await box.untilRouter('V1', 'MASTER', seconds(40))
}

/** Opens connections of both kinds, and waits until the other box has heard of them. */
async function open(client: Host, backup: Host): Promise<Program> {
  const places = Object.entries(vips).map(([kind, address]) => ({ kind, address, port }))
  const program = join(import.meta.dirname, 'holder.ts')
  const holder = await client.start(process.execPath, [program, JSON.stringify({ places, count })])
  const [line] = await holder.until(/^\{.*\}$/m, { within: seconds(40) })
  const { direct, nat, ports } = JSON.parse(line) as Lost & { readonly ports: readonly number[] }
  if (direct + nat > 0) throw new Error(`could not be opened: ${direct} direct, ${nat} NAT`)
  const all = new Set(ports)
  await until(
    () => `the backup knows ${known(backup, all)} of ${all.size} connections`,
    async () => known(backup, all) === all.size,
  )
  return holder
}

async function lost(holder: Program): Promise<Lost> {
  const from = holder.output.length
  holder.signal('SIGUSR2')
  const [line] = await holder.until(/^\{.*\}$/m, { from, within: seconds(40) })
  return JSON.parse(line)
}

/** New boxes each time: after a power loss a kernel knows nothing. */
const round = (): Promise<{ readonly planned: Lost; readonly powerLoss: Lost }> =>
  Scope.with(async scope => {
    const { client, one, two } = await network(scope)
    const first = await shippedBox(one.host, clusterOf(150))
    await leads(first)
    const second = await shippedBox(two.host, clusterOf(100))
    await second.untilRouter('V1', router => router.state === 'BACKUP', seconds(40))
    for (const box of [first, second]) {
      for (const name of ['direct/s11', 'direct/s12', 'nat/s11', 'nat/s12']) {
        await box.untilServer(name, 'up', seconds(40))
      }
    }
    const holder = await open(client, two.host)
    await command(first, 'failover')
    await leads(second)
    const planned = await lost(holder)
    await holder.stop()

    const next = await open(client, one.host)
    for (const link of two.links) await link.cut()
    await second.crash()
    await leads(first)
    return { planned, powerLoss: await lost(next) }
  })

test('samples', async () => {
  execFileSync('modprobe', ['-a', 'ip_vs', 'ip_vs_rr'])
  const [planned, powerLoss]: [Lost[], Lost[]] = [[], []]
  for (let n = 0; n < rounds; n++) {
    const seen = await round()
    planned.push(seen.planned)
    powerLoss.push(seen.powerLoss)
  }
  const samples: Failovers = { planned, powerLoss }
  tellSamples(samples)
})

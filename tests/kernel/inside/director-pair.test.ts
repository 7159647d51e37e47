import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Diarch, storedDiarch } from '../../lab/namespaces/diarch.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import { openLab, type TestContext } from '../../lab/namespaces/lab.ts'
import type { Program } from '../../lab/namespaces/program.ts'
import { until } from '../../net/vrrp-network.ts'
import { becomeRealServer } from './director-real-server.ts'

const port = 7000
const places = { direct: `192.0.2.100:${port}`, nat: `192.0.2.101:${port}` }
const gateway = '198.51.100.254'
/** For each place. */
const connections = 10

const service = (forwarding: 'direct' | 'nat', network: string): object => ({
  virtual: [places[forwarding]],
  scheduler: 'rr',
  forwarding,
  servers: Object.fromEntries([11, 12].map(n => [`s${n}`, `${network}.${n}:${port}`])),
})

const config = (priority: number): object => ({
  schemaVersion: 2,
  cluster: {
    routers: {
      V1: {
        interface: 'eth0',
        virtualRouterId: 51,
        priority,
        advertInterval: '100ms',
        virtualAddresses: [
          '192.0.2.100/24',
          '192.0.2.101/24',
          { address: `${gateway}/24`, interface: 'eth1' },
        ],
      },
    },
    director: { sync: { interface: 'eth0', id: 7 } },
    services: { direct: service('direct', '192.0.2'), nat: service('nat', '198.51.100') },
  },
})

/**
 * Client, boxes and servers on the front; boxes and servers on the back too, where NAT goes. A
 * server answers from an address of the back by way of the boxes.
 */
const network = async (t: TestContext) => {
  const lab = await openLab(t)
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
    const { host } = await plug(`server${n}`, n)
    await host.must('sh', [
      '-ec',
      `ip route add 198.51.100.0/24 dev eth1 table 7
       ip route add default via ${gateway} table 7
       ip rule add from 198.51.100.0/24 table 7`,
    ])
    await becomeRealServer(host, 'direct', ['192.0.2.100'])
    await (await own(host, 'director-echo.ts', { port })).until(/listening/)
  }
  return { lab, client, one, two }
}

const own = (host: Host, file: string, args: object): Promise<Program> =>
  host.start(process.execPath, [join(import.meta.dirname, file), JSON.stringify(args)])

/** From outside, which costs the host no process. */
const kernelFile = (host: Host, name: string): string =>
  readFileSync(`/proc/${host.pid}/net/${name}`, 'utf8')

const countOf = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length

/** Looks at the tables of both boxes all the time. */
class TableWatch {
  readonly wrong: string[] = []
  looks = 0
  readonly #timer: NodeJS.Timeout

  constructor(...hosts: readonly Host[]) {
    this.#timer = setInterval(() => {
      this.looks += 1
      for (const host of hosts) {
        const table = kernelFile(host, 'ip_vs')
        const found = [countOf(table, /^TCP /gm), countOf(table, /^ {2}-> .*:1B58 /gm)]
        if (found.join() !== '2,4') this.wrong.push(`${host.name}: ${table}`)
      }
    }, 50)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

const daemonsOf = async (host: Host): Promise<string> =>
  (await host.must('ipvsadm', ['-Ln', '--daemon'])).trim()

const established = (host: Host): number =>
  countOf(kernelFile(host, 'ip_vs_conn'), /^TCP .* ESTABLISHED /gm)

type Figures = { readonly of: number; readonly lost: readonly string[] }

/** Everybody says something: who is answered? */
const survivors = async (talk: Program, mark: number): Promise<Figures> => {
  talk.signal('SIGUSR2')
  const [, figures] = await talk.until(new RegExp(`^mark${mark}: (.*)$`, 'm'))
  return JSON.parse(figures!)
}

const masterIs = async (master: Diarch, backup: Diarch): Promise<void> => {
  await master.untilRouter('V1', 'MASTER')
  await backup.untilRouter('V1', 'BACKUP')
  await until('the daemons follow', async () => {
    const [leads, follows] = [await daemonsOf(master.host), await daemonsOf(backup.host)]
    return /^master sync daemon/.test(leads) && /^backup sync daemon/.test(follows)
  })
}

test('two boxes: table, sync and connections over failovers', async t => {
  const { client, one, two } = await network(t)
  const [first, second] = await Promise.all([storedDiarch(one.host), storedDiarch(two.host)])
  await first.change({ document: config(150) })
  await second.join('192.0.2.1', await first.pairingCode(), 'V1=eth0')
  const lower = { op: 'add', path: '/node', value: { routers: { V1: { priority: 100 } } } }
  await second.change({ patch: [lower] })
  const all = ['direct/s11', 'direct/s12', 'nat/s11', 'nat/s12']
  for (const box of [first, second]) for (const name of all) await box.untilServer(name, 'up')
  await t.test('both have the services; the daemons are master and backup', async () => {
    await masterIs(first, second)
    for (const box of [first, second]) {
      const daemon = await daemonsOf(box.host)
      assert.match(daemon, /^\w+ sync daemon \(mcast=eth0, syncid=7[,)]/)
      assert.doesNotMatch(daemon, /\n/, 'one role at a time')
      const shown = (await box.cli('services')).stdout
      assert.match(shown, /direct {2}tcp 192\.0\.2\.100:7000 {2}rr {2}UP, its servers serve/)
      assert.match(shown, /nat {2}tcp 192\.0\.2\.101:7000 {2}rr {2}UP, its servers serve/)
    }
    assert.equal((await first.status()).director?.sync?.role, 'master')
    assert.equal((await second.status()).director?.sync?.role, 'backup')
  })

  const watch = new TableWatch(one.host, two.host)
  t.after(() => watch.stop())
  const total = 2 * connections
  const talking = async (): Promise<Program> => {
    const args = { places: Object.values(places), count: connections }
    const talk = await own(client, 'director-talk.ts', args)
    await talk.until(new RegExp(`open: ${total}`))
    return talk
  }
  const talk = await talking()

  await t.test('diarch failover: every connection goes on', async () => {
    await until(
      () => `box two knows the connections: ${established(two.host)}`,
      async () => established(two.host) >= total,
    )
    const { code, stdout } = await first.cli('failover')
    console.log(stdout.trim())
    assert.equal(code, 0)
    assert.match(stdout, new RegExp(`V1 is with two: .* ${total} of ${total} connections kept`))
    await masterIs(second, first)
    const { of, lost } = await survivors(talk, 1)
    console.log(`planned failover: ${of - lost.length} of ${of} connections go on`)
    assert.deepEqual([of, lost], [total, []])
  })

  await t.test('a crash: those that began with the dead box go on too', async () => {
    const later = await talking()
    await until(
      () => `box one knows the connections: ${established(one.host)}`,
      async () => established(one.host) >= 2 * total,
    )
    for (const link of two.links) await link.cut()
    await second.crash()
    await first.untilRouter('V1', 'MASTER')
    const all = await Promise.all([survivors(talk, 2), survivors(later, 1)])
    const [of, lost] = [2 * total, all.flatMap(each => each.lost)]
    console.log(`crash: ${of - lost.length} of ${of} connections go on`)
    assert.ok(lost.length <= of / 100, lost.join('\n'))
    assert.match(await daemonsOf(one.host), /^master sync daemon/)
  })

  await t.test('all that time the services were in the tables of both', () => {
    watch.stop()
    console.log(`${watch.looks} looks at both tables`)
    assert.ok(watch.looks > 20)
    assert.deepEqual(watch.wrong, [])
  })
})

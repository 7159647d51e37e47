import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ipv6, mac } from '../lab/namespaces/addresses.ts'
import type { Capture } from '../lab/namespaces/capture.ts'
import { diarch } from '../lab/namespaces/diarch.ts'
import type { Frame } from '../lab/namespaces/frames.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { config, neighbour, network, router, until } from './vrrp-network.ts'

/** A router of each kind, with its addresses and the MAC address that is its own. */
const routers = {
  V4: { virtualRouterId: 51, mac: '00:00:5e:00:01:33', has: ['192.0.2.100', '192.0.2.101'] },
  V2: { virtualRouterId: 52, mac: '00:00:5e:00:01:34', has: ['192.0.2.102'], version: 2 },
  V6: { virtualRouterId: 53, mac: '00:00:5e:00:02:35', has: ['fe80::100', '2001:db8::100'] },
}
const names = Object.keys(routers)
/** Of 00:00:5e:00:01:xx; a veth's own address is drawn, and may have 5e in its middle. */
const ofVirtualMac = /200:5eff:fe00:/
const virtual = Object.values(routers).flatMap(({ has }) => has)
const inet = virtual.filter(address => !address.includes(':'))

const macOf = (address: string): string =>
  Object.values(routers).find(({ has }) => has.includes(address))!.mac

const linkLocal = async (host: Host): Promise<string> =>
  (await host.addresses('eth0')).find(a => a.startsWith('fe80'))!.replace(/\/.*/, '')

/** Two boxes with routers of all kinds; box one leads. */
const wired = async (t: TestContext, more: object = {}) => {
  const scene = await network(t)
  // Not the address that adverts come from: it is the second one.
  await scene.one.must('ip', ['address', 'add', '192.0.2.41/24', 'dev', 'eth0'])
  const all = (priority: number): object => {
    const each = Object.entries(routers).map(([name, { mac: _, has, ...own }]) => {
      const length = name === 'V6' ? 64 : 24
      const virtualAddresses = has.map(address => `${address}/${length}`)
      return [name, router(priority, { ...own, virtualAddresses, ...more })]
    })
    return config(Object.fromEntries(each))
  }
  // Before they have virtual ones.
  const from = { one: await linkLocal(scene.one), two: await linkLocal(scene.two) }
  const first = await diarch(scene.one, all(150))
  const second = await diarch(scene.two, all(100))
  for (const name of names) {
    await first.untilRouter(name, 'MASTER')
    await second.untilRouter(name, r => r.state === 'BACKUP' && r.master?.priority === 150)
  }
  const macs = { one: await scene.one.mac('eth0'), two: await scene.two.mac('eth0') }
  return { ...scene, first, second, macs, from }
}

/** What somebody said who was asked for an address. */
type Answer = { readonly address: string; readonly mac: string; readonly by: string }

const isIcmp6 = (bytes: Buffer, type: number): boolean =>
  bytes.readUInt16BE(12) === 0x86dd && bytes[20] === 58 && bytes[54] === type

const answerIn = ({ packet, bytes, sourceMac: by }: Frame): Answer[] => {
  if (packet.kind === 'arp') {
    const { operation, sender: address, senderMac } = packet
    return operation === 'reply' ? [{ address, mac: senderMac, by }] : []
  }
  // With the flag "solicited".
  if (!isIcmp6(bytes, 136) || (bytes.readUInt8(58) & 0x40) === 0) return []
  // Who was asked at his MAC address need not repeat it.
  const said = bytes.length >= 86 ? mac(bytes.subarray(80, 86)) : by
  return [{ address: ipv6(bytes.subarray(62, 78)), mac: said, by }]
}

const answers = (seen: Capture): Answer[] => seen.frames.flatMap(answerIn)

const onEth0 = (address: string): string =>
  address.startsWith('fe80') ? `${address}%eth0` : address

/** Pings them: `[true]` when all answer, `[false]` when none does. */
const reaches = async (client: Host, addresses: readonly string[]): Promise<boolean[]> => {
  const pings = addresses.map(address => client.pings(onEth0(address)))
  return [...new Set(await Promise.all(pings))]
}

/** Where the client believes addresses to be; `probe`: it asks there. Null: it knows nothing. */
const believe = async (
  client: Host,
  addresses: readonly string[],
  lladdr: string | null,
  state = 'permanent',
): Promise<void> => {
  for (const address of addresses) {
    const there = [address, 'dev', 'eth0']
    if (lladdr === null) await client.run('ip', ['neighbour', 'del', ...there])
    else await client.must('ip', ['neighbour', 'replace', ...there, 'lladdr', lladdr, 'nud', state])
  }
}

/** For which addresses whoever has that MAC address was asked, and nobody else. */
const questions = (seen: Capture, to: string): string[] =>
  seen.frames
    .filter(({ destinationMac }) => destinationMac === to)
    .flatMap(({ packet, bytes }) => {
      if (packet.kind === 'arp' && packet.operation === 'request') return [packet.target]
      return isIcmp6(bytes, 135) ? [ipv6(bytes.subarray(62, 78))] : []
    })

const ask = async (client: Host, seen: Capture, to: string, addresses: readonly string[]) => {
  const before = questions(seen, to).length
  for (const address of addresses) {
    await until(`somebody was asked for ${address}`, async () => {
      await believe(client, [address], to, 'probe')
      return questions(seen, to).slice(before).includes(address)
    })
  }
  await believe(client, addresses, null)
}

/** When the kernel has told of it; the program may have heard of that later, never before. */
const toldOf = (monitor: string, address: string, since: number): number | undefined => {
  const lines = monitor.matchAll(/^\[(\S+)\.(\d{6})\] \d+: \S+ +inet6? ([^/]+)\//gm)
  return [...lines]
    .filter(([, , , told]) => told === address)
    .map(([, second = '', micros]) => Date.parse(second) + Number(micros) / 1000)
    .find(time => time > since)
}

test('on the wire', async t => {
  const { two, client, seen, first, second, macs, from } = await wired(t)
  const boxes = [
    { mac: macs.one, inet: '192.0.2.1', inet6: from.one },
    { mac: macs.two, inet: '192.0.2.2', inet6: from.two },
  ] as const
  const ways = boxes.map(box => [
    [2, box.mac, '01:00:5e:00:00:12', box.inet, '224.0.0.18', 'protocol 112', 'TTL 255'].join(),
    [3, box.mac, '01:00:5e:00:00:12', box.inet, '224.0.0.18', 'protocol 112', 'TTL 255'].join(),
    [3, box.mac, '33:33:00:00:00:12', box.inet6, 'ff02::12', 'protocol 112', 'TTL 255'].join(),
  ])
  /** How adverts went, each way once. */
  const gone = () => {
    const adverts = seen.frames.flatMap(({ packet, bytes, ...frame }) => {
      if (packet.kind !== 'advert') return []
      const protocol = bytes[packet.source.includes(':') ? 20 : 23]
      const { version, source, destination, ttl } = packet
      const macs = [frame.sourceMac, frame.destinationMac]
      return [[version, ...macs, source, destination, `protocol ${protocol}`, `TTL ${ttl}`].join()]
    })
    return [...new Set(adverts)].sort()
  }

  await t.test(
    'an advert leaves from the primary address, to the group, with TTL 255',
    async () => {
      for (const source of [boxes[0].inet, boxes[0].inet6]) {
        await seen.untilAdvert(a => a.source === source && a.priority === 150)
      }
      assert.deepEqual(gone(), ways[0]!.sort())
    },
  )

  await t.test('the master answers ARP and solicitations for the addresses', async () => {
    assert.deepEqual(await reaches(client, virtual), [true])
    const said = answers(seen).filter(({ address }) => virtual.includes(address))
    assert.deepEqual(new Set(said.map(({ address }) => address)), new Set(virtual))
    assert.deepEqual([...new Set(said.flatMap(answer => [answer.mac, answer.by]))], [macs.one])
  })

  await t.test('a backup answers neither, also when it alone is asked', async () => {
    const own = ['192.0.2.2', '2001:db8::2']
    await ask(client, seen, macs.two, virtual)
    await ask(client, seen, macs.two, own)
    const said = () =>
      new Set(answers(seen).flatMap(each => (each.by === macs.two ? [each.address] : [])))
    await until('it was asked for its own and has answered', async () =>
      own.every(each => said().has(each)),
    )
    assert.deepEqual(
      virtual.filter(each => said().has(each)),
      [],
    )
  })

  await t.test('the master answers when it alone is asked', async () => {
    const before = answers(seen).length
    await ask(client, seen, macs.one, virtual)
    const said = () =>
      new Set(
        answers(seen)
          .slice(before)
          .map(({ address }) => address),
      )
    await until('it has answered', async () => virtual.every(each => said().has(each)))
  })

  await t.test('the master accepts packets to the addresses', async () => {
    await believe(client, virtual, macs.one)
    assert.deepEqual(await reaches(client, virtual), [true])
  })

  await t.test('a backup accepts none, also when they are sent to its MAC address', async () => {
    // It would send them back to the master.
    for (const family of ['ipv4.ip_forward', 'ipv6.conf.all.forwarding']) {
      await two.must('sysctl', ['-qw', `net.${family}=0`])
    }
    await believe(client, virtual, macs.two)
    assert.deepEqual(await reaches(client, virtual), [false])
    assert.deepEqual(await reaches(client, ['192.0.2.2', '2001:db8::2']), [true])
    await believe(client, virtual, null)
  })

  await t.test('a backup announces nothing', async () => {
    const said = seen.announcements()
    assert.deepEqual(new Set(said.map(({ address }) => address)), new Set(virtual))
    assert.deepEqual([...new Set(said.map(each => each.mac))], [macs.one])
  })

  await t.test('each address is announced, an IPv4 one not before it is there', async () => {
    const monitor = await two.start('chrt', ['-f', '99', 'ip', '-ts', 'monitor', 'address'])
    const proven = new Set<string>()
    // Once for each is enough: where the program was late, it has proven nothing. Of IPv6 addresses
    // the kernel itself tells late, when its work queue comes to them.
    for (let round = 0; round < 10 && proven.size < inet.length; round++) {
      const asked = Date.now()
      await first.cli('failover')
      for (const name of names) await second.untilRouter(name, 'MASTER')
      for (const address of virtual) {
        const announced = await seen.untilAnnouncement(a => {
          return a.address === address && a.mac === macs.two && a.time > asked
        })
        const told = () => toldOf(monitor.stdout, address, asked)
        await until(`the kernel tells of ${address}`, async () => told() !== undefined)
        if (inet.includes(address) && told()! < announced.time) proven.add(address)
      }
      await second.cli('failover')
      for (const name of names) await first.untilRouter(name, 'MASTER')
    }
    assert.deepEqual(proven, new Set(inet))
  })

  await t.test('from the first advert to the last, none leaves in another way', async () => {
    await first.stop()
    for (const name of names) await second.untilRouter(name, 'MASTER')
    await second.stop()
    for (const source of boxes.flatMap(box => [box.inet, box.inet6])) {
      await seen.untilAdvert(a => a.source === source && a.priority === 0)
    }
    assert.deepEqual(gone(), ways.flat().sort())
  })
})

test('on the wire, with a virtual MAC address', async t => {
  const { lab, lan, one, two, client, links, seen, macs } = await wired(t, { virtualMac: true })
  const inside = await lab.switch('inside')
  const server = await lab.host('server')
  await one.plug(inside, { name: 'eth1', address: '198.51.100.1/24' })
  await two.plug(inside, { name: 'eth1', address: '198.51.100.2/24' })
  await server.plug(inside, { name: 'eth0', address: '198.51.100.9/24' })
  await server.must('ip', ['route', 'add', '192.0.2.0/24', 'via', '198.51.100.1'])
  await client.must('ip', ['route', 'add', '198.51.100.0/24', 'via', inet[0]!])
  for (const host of [one, two]) await host.must('sysctl', ['-qw', 'net.ipv4.ip_forward=1'])
  const own = ['192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8::2']

  await t.test('ARP and solicitations for the addresses are answered with it', async () => {
    assert.deepEqual(await reaches(client, virtual), [true])
    for (const address of virtual) {
      assert.equal(await neighbour(client, address), macOf(address), address)
    }
  })

  await t.test('they are never answered with the own one, and own addresses only so', async () => {
    await believe(client, own, null)
    assert.deepEqual(await reaches(client, own), [true])
    const due = [
      ...virtual.map(address => `${address} ${macOf(address)}`),
      ...own.map(address => `${address} ${address.endsWith('1') ? macs.one : macs.two}`),
    ]
    const said = answers(seen).filter(({ address }) => [...virtual, ...own].includes(address))
    assert.deepEqual(new Set(said.map(each => `${each.address} ${each.mac}`)), new Set(due))
  })

  await t.test('each address is announced with it, and with no other one', () => {
    const said = new Set(seen.announcements().map(each => `${each.address} ${each.mac}`))
    assert.deepEqual(said, new Set(virtual.map(address => `${address} ${macOf(address)}`)))
  })

  await t.test('the master forwards frames to it', async () => {
    assert.equal(await neighbour(client, inet[0]!), routers.V4.mac)
    assert.equal(await client.pings('198.51.100.9'), true)
  })

  await t.test('a backup discards frames to it, whomever the packets are for', async () => {
    const mine = [...routers.V4.has, '192.0.2.2']
    // The switch sends them to the backup, and to it alone.
    const astray = [routers.V4.mac, 'dev', links[1].port, 'master', 'static', 'sticky']
    await lan.ground.must('bridge', ['fdb', 'replace', ...astray])
    await believe(client, mine, routers.V4.mac)
    const targets = ['198.51.100.9', ...mine]
    assert.deepEqual(await reaches(client, targets), [false])
    await believe(client, mine, null)
    assert.equal(await client.pings('192.0.2.2'), true)
    await lan.ground.must('bridge', ['fdb', 'del', ...astray])
    assert.deepEqual(await reaches(client, targets), [true])
  })

  await t.test('no interface identifier is made of it', async () => {
    for (const host of [one, two]) {
      const all = await host.must('ip', ['-6', '-o', 'address', 'show'])
      assert.match(all, /fe80::/)
      assert.doesNotMatch(all, ofVirtualMac)
    }
    for (const { source } of seen.adverts()) assert.doesNotMatch(source, ofVirtualMac)
  })

  await t.test('the interface of it has the virtual addresses and no other one', async () => {
    const all: { ifname: string; addr_info: { local: string }[] }[] = JSON.parse(
      await one.must('ip', ['-json', 'address', 'show']),
    )
    const there = all.filter(({ ifname }) => ifname.startsWith('eth0.v'))
    assert.equal(there.length, names.length)
    assert.deepEqual(
      there.flatMap(each => each.addr_info.map(a => a.local)).sort(),
      virtual.toSorted(),
    )
  })
})

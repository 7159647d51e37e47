import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { realServerScript } from '../../../appliance/ipvs/real-server-script.ts'
import { ipAddress } from '../../../appliance/values/ip-address.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import { openLab, type TestContext } from '../../lab/namespaces/lab.ts'

const vips = ['192.0.2.100', '2001:db8::100'] as const
const addressesOf = (n: number): [string, string] => [`192.0.2.${n}`, `2001:db8::${n}`]

/**
 * One network; the server has no way to anywhere else. Both virtual addresses are up, that of IPv6
 * as vrrpd puts it: as the source of a tunnel's packets it would be refused by the server, for it
 * has the same address.
 */
const network = async (t: TestContext, ipvs: readonly string[]) => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const host = async (name: string, n: number): Promise<Host> => {
    const one = await lab.host(name)
    const [inet, inet6] = addressesOf(n)
    await one.plug(lan, { name: 'eth0', address: [`${inet}/24`, `${inet6}/64`] })
    return one
  }
  const [client, director, server] = [
    await host('client', 9),
    await host('director', 1),
    await host('server', 11),
  ]
  const commands = [...vips.entries()].flatMap(([place, vip]) => [
    `ip address add ${vip}/${place === 0 ? 32 : '128 nodad preferred_lft 0'} dev eth0`,
    `ipvsadm -A -t ${ends(vip)} -s rr`,
    `ipvsadm -a -t ${ends(vip)} -r ${ends(addressesOf(11)[place]!)} ${ipvs[place]}`,
  ])
  await director.must('sh', ['-e', '-c', commands.join('\n')])
  const script = `require('node:http').createServer((request, response) => {
    response.setHeader('connection', 'close').end(request.socket.remoteAddress + '\\n')
  }).listen(80, '::', () => console.log('listening'))`
  await (await server.start(process.execPath, ['-e', script])).until(/listening/)
  return { client, director, server }
}

const ends = (address: string): string =>
  address.includes(':') ? `[${address}]:80` : `${address}:80`

/** The source that the server saw; null: no answer. */
const seen = async (client: Host, vip: string): Promise<string | null> => {
  const { code, stdout } = await client.run('curl', [
    '-sS',
    '--max-time',
    '4',
    `http://${ends(vip)}/`,
  ])
  return code === 0 ? stdout.trim().replace('::ffff:', '') : null
}

const setUp = async (director: Host, goal: object | null) => {
  const program = join(import.meta.dirname, 'director-setup.ts')
  const args = JSON.stringify({ goal, state: '/run/diarch/sysctl.json' })
  return JSON.parse(await director.must(process.execPath, [program, args]))
}

const goal = (method: string) => ({
  virtual: vips,
  servers: addressesOf(11),
  method,
  networks: ['192.0.2.1/24', '2001:db8::1/64'],
})

const settingsNow = (host: Host): Promise<string> =>
  host.must('sh', ['-c', 'sysctl -a 2>/dev/null | grep -E "^net\\.ipv[46]\\.(ip_f|vs|conf)"'])

/**
 * What natRules() says to nft, in the words of iptables: a user-mode kernel has no nftables for IP.
 * The rules themselves are tried in tests/net/nat-table.test.ts.
 */
const rewriteSources = async (director: Host): Promise<void> => {
  // A host of the lab has no modprobe that finds them.
  for (const module of ['iptable_nat', 'ip6table_nat', 'xt_nat', 'xt_conntrack', 'xt_tcpudp']) {
    execFileSync('modprobe', [module])
  }
  for (const [place, vip] of vips.entries()) {
    const [own, server] = [addressesOf(1)[place]!, addressesOf(11)[place]!]
    const [program, network] = [
      ['iptables-legacy', '192.0.2.0/24'],
      ['ip6tables-legacy', '2001:db8::/64'],
    ][place]!
    const match = `-s ${network} -d ${server} -p tcp --dport 80 -m conntrack --ctorigdst ${vip}`
    const rule = `-t nat -A POSTROUTING ${match} -j SNAT --to-source ${own}`
    await director.must(program!, rule.split(' '))
  }
}

test('one-arm NAT: a client in the network of the servers is answered', async t => {
  const { client, director } = await network(t, ['-m', '-m'])
  const before = await settingsNow(director)
  assert.equal(await seen(client, vips[0]), null, 'answers without the rules: they show nothing')

  const first = await setUp(director, goal('nat'))
  await rewriteSources(director)
  assert.deepEqual([first.missing, first.refused, first.second], [[], [], 0])
  for (const [place, vip] of vips.entries()) {
    for (let round = 0; round < 3; round++) {
      assert.equal(await seen(client, vip), addressesOf(1)[place])
    }
  }
  const again = await setUp(director, goal('nat'))
  assert.deepEqual(again.changed, [])

  await setUp(director, null)
  assert.equal(await settingsNow(director), before)
})

test('a setting that somebody changes is put back and told; others stay theirs', async t => {
  const { director } = await network(t, ['-m', '-m'])
  await setUp(director, { ...goal('nat'), syncs: true })
  assert.equal(await director.must('cat', ['/proc/sys/net/ipv4/vs/sync_threshold']), '0\t0\n')
  await director.must('sysctl', ['-q', 'net.ipv4.ip_forward=0'])
  const { changed } = await setUp(director, { ...goal('nat'), syncs: true })
  assert.deepEqual(
    changed.map(({ name, from, to, again }: Record<string, unknown>) => [name, from, to, again]),
    [['net/ipv4/ip_forward', '0', '1', true]],
  )
  // What is wanted no more goes back at once.
  const { restored } = await setUp(director, goal('nat'))
  assert.deepEqual(
    restored.map(({ name }: { name: string }) => name.split('/').at(-1)),
    ['sloppy_tcp', 'sync_threshold', 'sync_retries', 'sync_refresh_period'],
  )
  await director.must('sysctl', ['-q', 'net.ipv4.vs.expire_nodest_conn=0'])
  const back = await setUp(director, null)
  const names = back.restored.map(({ name }: { name: string }) => name)
  assert.ok(names.includes('net/ipv4/ip_forward'))
  assert.ok(!names.includes('net/ipv4/vs/expire_nodest_conn'), 'it was not ours any more')
})

for (const [method, flag] of [
  ['direct', '-g'],
  ['tunnel', '-i'],
] as const) {
  test(`${method}: the server's script makes it answer, twice, and leaves nothing`, async t => {
    const { client, director, server } = await network(t, [flag, flag])
    await setUp(director, goal(method))
    assert.equal((await director.must('cat', ['/proc/sys/net/ipv4/ip_forward'])).trim(), '0')
    // A strict host too.
    await server.must('sysctl', ['-q', 'net.ipv4.conf.all.rp_filter=1'])
    if (method === 'tunnel') {
      for (const module of ['ipip', 'ip6_tunnel']) execFileSync('modprobe', [module])
    }
    const virtual = [ipAddress(vips[0]), ipAddress(vips[1])] as const
    const text = realServerScript({ system: 'linux', virtual, method })!
    await server.write('/run/realserver', text)
    const script = (action: string) => server.run('sh', ['/run/realserver', action])
    const addresses = () => server.must('ip', ['-br', 'address'])
    const [settings, before] = [(await settingsNow(server)).split('\n'), await addresses()]
    assert.equal((await script('status')).code, 3)
    assert.equal(await seen(client, vips[0]), null)

    for (let round = 0; round < 2; round++) {
      const { code, stderr } = await script('start')
      assert.deepEqual([code, stderr], [0, ''])
      assert.deepEqual(await script('status'), { code: 0, stdout: 'in place\n', stderr: '' })
      for (const [place, vip] of vips.entries()) {
        assert.equal(await seen(client, vip), addressesOf(9)[place], `${vip}, round ${round}`)
      }
    }
    const [, neighbour] = /lladdr (\S+)/.exec(await client.must('ip', ['neigh', 'show', vips[0]]))!
    assert.equal(neighbour, await director.mac('eth0'))

    for (let round = 0; round < 2; round++) {
      const { code, stderr } = await script('stop')
      assert.deepEqual([code, stderr], [0, ''])
      assert.equal(await addresses(), before)
      // A tunnel device that was up once has settings for IPv6 that it had not before.
      const after = new Set((await settingsNow(server)).split('\n'))
      assert.deepEqual(
        settings.filter(line => !after.has(line)),
        [],
      )
    }
    assert.equal((await script('restart')).code, 2)
  })
}

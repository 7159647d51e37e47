import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Host } from '../lab/namespaces/host.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { startInside, told } from './inside-host.ts'

const virtual = ['192.0.2.100', '2001:db8::100'] as const
const servers = ['192.0.2.11', '2001:db8::11'] as const

/** The reports of NftTable.keep(), one of each call. */
const keep = async (director: Host, args: object): Promise<readonly string[]> => {
  const networks = ['192.0.2.1/24', '2001:db8::1/64']
  const all = { virtual, servers, networks, meddle: null, keeps: 1, ...args }
  const program = await startInside(director, 'nat-table', all)
  const { code } = await program.closed
  assert.equal(code, 0, program.output)
  return told<string>(program)
}

// No IPVS in this kernel: nftables sends the packets to the server, as late rules see it from both.
const inPlaceOfIpvs = `
  table inet balancer {
    chain in {
      type nat hook prerouting priority dstnat
      ip daddr 192.0.2.100 tcp dport 80 dnat ip to 192.0.2.11
      ip6 daddr 2001:db8::100 tcp dport 80 dnat ip6 to 2001:db8::11
    }
  }`

test('a client beside the server is answered while the table is there', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const host = async (name: string, n: number): Promise<Host> => {
    const one = await lab.host(name)
    await one.plug(lan, { name: 'eth0', address: [`192.0.2.${n}/24`, `2001:db8::${n}/64`] })
    return one
  }
  const [client, director, server] = [
    await host('client', 9),
    await host('director', 1),
    await host('server', 11),
  ]
  await director.must('ip', ['address', 'add', `${virtual[0]}/32`, 'dev', 'eth0'])
  await director.must('ip', ['address', 'add', `${virtual[1]}/128`, 'dev', 'eth0', 'nodad'])
  await director.must('sysctl', ['-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'])
  await director.write('/run/balancer', inPlaceOfIpvs)
  await director.must('nft', ['-f', '/run/balancer'])
  const script = `require('node:http').createServer((request, response) => {
    response.setHeader('connection', 'close').end(request.socket.remoteAddress)
  }).listen(80, '::', () => console.log('listening'))`
  await (await server.start(process.execPath, ['-e', script])).until(/listening/)
  const seen = async (): Promise<readonly string[]> => {
    const answers = virtual.map(async vip => {
      const url = `http://${vip.includes(':') ? `[${vip}]` : vip}/`
      const { stdout } = await client.run('curl', ['-sS', '--max-time', '3', url])
      return stdout.replace('::ffff:', '')
    })
    return Promise.all(answers)
  }

  assert.deepEqual(await seen(), ['', ''])
  assert.deepEqual(await keep(director, { keeps: 2 }), ['set', 'as-wanted'])
  assert.deepEqual(await seen(), ['192.0.2.1', '2001:db8::1'])
  // A restart sets it once more, in one transaction; others' tables stay.
  const meddle = 'flush table inet diarch_nat'
  assert.deepEqual(await keep(director, { meddle, keeps: 3 }), ['set', 'repaired', 'as-wanted'])
  assert.deepEqual(await seen(), ['192.0.2.1', '2001:db8::1'])
  assert.deepEqual(await keep(director, { networks: [] }), ['removed'])
  assert.deepEqual(await keep(director, { networks: [] }), ['as-wanted'])
  assert.deepEqual(await seen(), ['', ''])
  assert.equal(await director.must('nft', ['list', 'tables']), 'table inet balancer\n')
})

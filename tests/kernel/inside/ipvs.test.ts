import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Host } from '../../lab/namespaces/host.ts'
import { openLab, type TestContext } from '../../lab/namespaces/lab.ts'

const vip = '192.0.2.100'

const realServer = async (host: Host): Promise<void> => {
  const script = `require('node:http').createServer((_, response) => {
    response.setHeader('connection', 'close').end('${host.name}\\n')
  }).listen(80, () => console.log('listening'))`
  const server = await host.start(process.execPath, ['-e', script])
  await server.until(/listening/)
}

/** A client, a director with a leg in both networks, and two real servers in one of them. */
const network = async (t: TestContext, serversIn: 'front' | 'back') => {
  const lab = await openLab(t)
  const front = await lab.switch('front')
  const back = await lab.switch('back')
  const [client, director] = [await lab.host('client'), await lab.host('director')]
  await client.plug(front, { name: 'eth0', address: '192.0.2.9/24' })
  await director.plug(front, { name: 'eth0', address: ['192.0.2.1/24', `${vip}/32`] })
  await director.plug(back, { name: 'eth1', address: '198.51.100.1/24' })
  await director.must('sysctl', ['-q', 'net.ipv4.ip_forward=1'])
  await director.must('ipvsadm', ['-A', '-t', `${vip}:80`, '-s', 'rr'])

  const prefix = serversIn === 'front' ? '192.0.2' : '198.51.100'
  const servers = []
  for (const n of [11, 12]) {
    const server = await lab.host(`server${n}`)
    const address = `${prefix}.${n}`
    await server.plug(serversIn === 'front' ? front : back, {
      name: 'eth0',
      address: `${address}/24`,
    })
    const forward = serversIn === 'front' ? '-g' : '-m'
    await director.must('ipvsadm', ['-a', '-t', `${vip}:80`, '-r', `${address}:80`, forward])
    servers.push(server)
  }
  return { client, director, servers }
}

/** How often each server answered. */
const answers = async (client: Host, count: number): Promise<Record<string, number>> => {
  const loop = `for n in $(seq ${count}); do curl -sS --max-time 20 http://${vip}/; done`
  const counts: Record<string, number> = {}
  for (const name of (await client.must('sh', ['-c', loop])).trim().split('\n')) {
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

test('round robin with NAT gives each real server its half', async t => {
  const { client, director, servers } = await network(t, 'back')
  for (const server of servers) {
    await server.must('ip', ['route', 'add', 'default', 'via', '198.51.100.1'])
    await realServer(server)
  }
  assert.deepEqual(await answers(client, 10), { server11: 5, server12: 5 })
  assert.match(await director.must('ipvsadm', ['-Ln']), /198\.51\.100\.11:80 +Masq/)

  await director.must('ipvsadm', ['-d', '-t', `${vip}:80`, '-r', '198.51.100.11:80'])
  assert.deepEqual(await answers(client, 4), { server12: 4 })
})

test('direct routing reaches real servers that hold the address silently', async t => {
  const { client, director, servers } = await network(t, 'front')
  for (const server of servers) {
    await server.must('sysctl', ['-q', 'net.ipv4.conf.all.arp_ignore=1'])
    await server.must('sysctl', ['-q', 'net.ipv4.conf.all.arp_announce=2'])
    await server.must('ip', ['address', 'add', `${vip}/32`, 'dev', 'lo'])
    await realServer(server)
  }
  assert.deepEqual(await answers(client, 10), { server11: 5, server12: 5 })
  assert.match(await director.must('ipvsadm', ['-Ln']), /192\.0\.2\.12:80 +Route/)
  const neighbour = await client.must('ip', ['neigh', 'show', vip])
  assert.ok(neighbour.includes(await director.mac('eth0')), neighbour)
})

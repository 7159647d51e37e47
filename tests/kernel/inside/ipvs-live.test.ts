import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { before, type TestContext, test } from 'node:test'
import { planTable } from '../../../appliance/ipvs/plan.ts'
import type { SeenService, Service } from '../../../appliance/ipvs/service.ts'
import type { SyncDaemon } from '../../../appliance/ipvs/sync-daemon.ts'
import { readConnections } from '../../../appliance/linux/ipvs-connections.ts'
import { IpvsTable } from '../../../appliance/linux/ipvs-table.ts'
import { ipAddress } from '../../../appliance/values/ip-address.ts'
import { until } from '../../processes/supervisor-lab.ts'
import { at, plain, tcpService, weighing } from '../../unit/ipvs-tables.ts'

const run = (line: string): string => {
  const [command = '', ...args] = line.split(' ')
  return execFileSync(command, args, { encoding: 'utf8' })
}

before(() => {
  for (const address of ['192.0.2.100/32', '192.0.2.101/32', '2001:db8::64', '2001:db8::65']) {
    run(`ip address add ${address} dev lo`)
  }
  run('ip link add dummy0 type dummy')
  run('ip link set dummy0 up')
  run('ip address add 198.51.100.1/24 dev dummy0')
})

const openEmpty = (t: TestContext): IpvsTable => {
  const table = IpvsTable.open()
  t.after(() => {
    table.stopDaemon('master')
    table.stopDaemon('backup')
    table.flush()
    table.close()
  })
  return table
}

const put = (table: IpvsTable, service: Service): void => {
  assert.deepEqual(table.apply(planTable([service], table.read())), [])
}

/** A server that says back what it hears; connections of its clients are open until the end. */
const talk = async (t: TestContext, virtual: string, server: string): Promise<void> => {
  const listener = createServer(socket => {
    // Without its service nothing more gets through, so nobody learns that the other one is gone.
    t.after(() => socket.destroy())
    socket.pipe(socket)
  }).listen(8080, server)
  t.after(() => listener.close())
  await once(listener, 'listening')
  const client = connect(80, virtual)
  t.after(() => client.destroy())
  await once(client, 'connect')
  client.write('hello')
  const [answer] = await once(client, 'data')
  assert.equal(String(answer), 'hello')
}

for (const [family, virtual, server] of [
  ['IPv4', '192.0.2.100', '192.0.2.101'],
  ['IPv6', '2001:db8::64', '2001:db8::65'],
] as const) {
  test(`traffic is counted, and its connection is listed: ${family}`, async t => {
    const table = openEmpty(t)
    const persistence = { seconds: 300, prefixLength: family === 'IPv4' ? 32 : 128, engine: null }
    put(table, {
      at: tcpService(virtual),
      settings: { ...plain, persistence },
      destinations: [{ at: at(server, 8080), settings: weighing(1) }],
    })
    await talk(t, virtual, server)

    // The kernel sums them up every two seconds.
    const counted = (services: readonly SeenService[]) => services[0]?.traffic.connections === 1
    const [seen] = await until('the counters', () => table.read(), counted)
    assert.ok(seen)
    assert.ok(seen.traffic.packetsIn >= 3, `${seen.traffic.packetsIn} packets`)
    assert.ok(seen.traffic.bytesIn > seen.traffic.packetsIn * 20)
    assert.ok(seen.traffic.packetsOut >= 2)
    assert.deepEqual(seen.destinations[0]?.traffic, seen.traffic)
    assert.equal(seen.destinations[0]?.active, 1)
    assert.equal(seen.destinations[0]?.inactive, 0)
    assert.equal(seen.destinations[0]?.persistent, 1)

    const isHere = ({ virtual: at }: { virtual: { address: string } }) => at.address === virtual
    const { connections, more } = await readConnections(10, isHere)
    assert.equal(more, false)
    const established = connections.find(({ state }) => state === 'ESTABLISHED')
    assert.deepEqual(established, {
      protocol: 'tcp',
      client: { address: virtual, port: established?.client.port },
      virtual: { address: virtual, port: 80 },
      server: { address: server, port: 8080 },
      state: 'ESTABLISHED',
      expiresInSeconds: established?.expiresInSeconds,
      origin: null,
      engine: null,
    })
    const template = connections.find(({ client }) => client.port === 0)
    assert.equal(template?.server.address, server)
    assert.equal(connections.length, 2)

    const first = await readConnections(1, isHere)
    assert.equal(first.more, true)
    // A second may have passed since.
    const clients = (all: typeof connections) => all.map(({ client }) => client)
    assert.deepEqual(clients(first.connections), clients(connections.slice(0, 1)))
    const { connections: origins } = await readConnections(10, isHere, 'origins')
    assert.deepEqual(
      origins.map(({ origin }) => origin),
      ['local', 'local'],
    )

    table.zero(seen.at)
    assert.equal(table.read()[0]?.traffic.packetsIn, 0)
    assert.throws(() => table.zero(tcpService('192.0.2.9')), /IPVS_CMD_ZERO on tcp 192\.0\.2\.9:80/)
  })
}

test('sync daemons are started with all of their settings, listed and stopped', t => {
  const table = openEmpty(t)
  const master: SyncDaemon = {
    role: 'master',
    interface: 'dummy0',
    id: 51,
    group: ipAddress('224.0.0.82'),
    port: 8850,
    ttl: 3,
    maxLength: 1200,
  }
  const backup: SyncDaemon = {
    ...master,
    role: 'backup',
    id: 255,
    group: ipAddress('ff02::99'),
    port: 9000,
    ttl: 1,
  }
  assert.deepEqual(table.daemons(), [])
  table.startDaemon(master)
  table.startDaemon(backup)
  assert.deepEqual(table.daemons(), [master, backup])
  assert.match(run('ipvsadm -l --daemon'), /master sync daemon \(mcast=dummy0, syncid=51/)
  assert.throws(() => table.startDaemon(master), {
    code: 'EEXIST',
    message: /the master sync daemon at dummy0: .* It runs already: stop it first\.$/,
  })
  table.stopDaemon('master')
  assert.deepEqual(table.daemons(), [backup])
  table.stopDaemon('master')
  table.stopDaemon('backup')
  assert.deepEqual(table.daemons(), [])

  const usual = { group: null, port: null, ttl: null, maxLength: null }
  table.startDaemon({ ...master, ...usual })
  const told = { ...master, group: '224.0.0.81', port: 8848, ttl: 1, maxLength: 1472 }
  assert.deepEqual(table.daemons(), [told])
})

test('why a sync daemon cannot start', t => {
  const table = openEmpty(t)
  const usual = { group: null, port: null, ttl: null, maxLength: null }
  const master: SyncDaemon = { role: 'master', interface: 'dummy0', id: 1, ...usual }
  assert.throws(() => table.startDaemon({ ...master, interface: 'none0' }), {
    op: 'IPVS_CMD_NEW_DAEMON',
    target: 'the master sync daemon at none0',
    message: /There is no such interface\.$/,
  })
  assert.throws(() => table.startDaemon({ ...master, group: ipAddress('192.0.2.1') }), {
    message: /Its group is a multicast address/,
  })
  const tunnel = { method: 'tunnel', tunnel: { type: 'ipip' } } as const
  put(table, {
    at: tcpService('192.0.2.100'),
    settings: plain,
    destinations: [{ at: at('2001:db8::1'), settings: weighing(1, tunnel) }],
  })
  assert.throws(() => table.startDaemon(master), /no service has destinations of the other family/)
})

test('timeouts are set one by one', t => {
  const table = openEmpty(t)
  assert.deepEqual(table.timeouts(), { tcp: 900, tcpFin: 120, udp: 300 })
  table.setTimeouts({ tcp: 100 })
  assert.deepEqual(table.timeouts(), { tcp: 100, tcpFin: 120, udp: 300 })
  table.setTimeouts({ tcpFin: 20, udp: 30 })
  assert.deepEqual(table.timeouts(), { tcp: 100, tcpFin: 20, udp: 30 })
  assert.match(run('ipvsadm -l --timeout'), /100 20 30/)
  table.setTimeouts({ tcp: 900, tcpFin: 120, udp: 300 })
  assert.throws(() => table.setTimeouts({ udp: 2 ** 31 - 1 }), {
    target: 'timeouts udp 2147483647 s',
    message: /A timeout is too long\.$/,
  })
})

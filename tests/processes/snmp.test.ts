import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { createServer, type Server } from 'node:net'
import { test } from 'node:test'
import { promisify } from 'node:util'
import type { Status } from '../../appliance/status/document.ts'
import { ConfiguredRun } from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, temporaryFolder, until } from './supervisor-lab.ts'
import { statusOf } from './supervisor-run.ts'

/** The numbers of KEEPALIVED-MIB and VRRPV3-MIB. */
const keepalived = '.1.3.6.1.4.1.9586.100.5'
const instance = (column: number, row: number) => `${keepalived}.2.3.1.${column}.${row}`
const address = (column: number, row: string) => `${keepalived}.2.6.1.${column}.${row}`
const service = (column: number) => `${keepalived}.3.3.1.${column}.1`
const server = (column: number, row: number) => `${keepalived}.3.4.1.${column}.1.${row}`
const vrrpv3 = '.1.3.6.1.2.1.207.1'

const password = 'correct-horse-battery'
const v3 = (auth: string, privacy: string, user = 'zabbix', own = password) =>
  `-v3 -l authPriv -u ${user} -a ${auth} -A ${own} -x ${privacy} -X ${own}`.split(' ')
const community = ['-v2c', '-c', 'readers']
const sha256 = v3('SHA-256', 'AES')

/** Debian's programs: names as numbers, values without words around them. */
async function snmp(program: string, who: readonly string[], ...names: readonly string[]) {
  const how = ['-m', '', '-On', '-Oe', '-OQ', '-t', '5', '-r', '2']
  const { stdout } = await promisify(execFile)(program, [...how, ...who, '192.0.2.11', ...names])
  const lines = stdout.trim().split('\n')
  return new Map(lines.map(line => line.split(' = ', 2) as [string, string]))
}

const stateNumbers = { INIT: '0', BACKUP: '1', MASTER: '2', FAULT: '3' }

async function agrees(status: Status, who: readonly string[]): Promise<void> {
  const seen = await snmp('snmpwalk', who, keepalived)
  for (const [place, router] of status.routers.entries()) {
    const row = place + 1
    const says = [2, 3, 4, 7, 8, 10].map(column => seen.get(instance(column, row)))
    assert.deepEqual(says, [
      `"${router.name}"`,
      String(router.vrid),
      stateNumbers[router.state],
      String(router.priority.configured),
      String(router.priority.effective),
      `"${router.interface}"`,
    ])
    for (const [at, { held }] of router.addresses.entries()) {
      assert.equal(seen.get(address(10, `${row}.${at + 1}`)), held ? '1' : '2')
    }
  }
  for (const { state, serversUp, serversTotal } of status.services) {
    const says = [11, 20, 21].map(column => seen.get(service(column)))
    assert.deepEqual(says, [state === 'up' ? '1' : '2', `${serversTotal}`, `${serversUp}`])
  }
}

const document = {
  schemaVersion: 2,
  cluster: {
    routers: {
      VI_1: {
        interface: 'lan',
        virtualRouterId: 51,
        virtualAddresses: ['192.0.2.100/24', '192.0.2.101/24'],
        priority: 150,
      },
      VI_2: {
        interface: 'lan',
        virtualRouterId: 52,
        version: 2,
        virtualAddresses: ['192.0.2.102/24'],
      },
    },
    checks: { open: { kind: 'tcp', interval: '200ms', timeout: '1s' } },
    services: {
      web: {
        virtual: ['192.0.2.100:80'],
        scheduler: 'wlc',
        checks: ['open'],
        servers: { a: '127.0.0.1:8001', b: '127.0.0.1:8002' },
      },
    },
    snmp: {
      users: {
        zabbix: { authentication: { password }, privacy: { password } },
        prtg: {
          authentication: { protocol: 'sha-512', password },
          privacy: { protocol: 'aes-256', password },
        },
      },
      communities: { old: { secret: 'readers' } },
      listen: { interfaces: ['lan'], networks: ['192.0.2.0/24'] },
      contact: 'ada@example.org',
      location: 'rack 7',
    },
  },
}

const listener = (port: number): Promise<Server> =>
  new Promise(resolve => {
    const server = createServer(socket => socket.destroy())
    server.listen(port, '127.0.0.1', () => resolve(server))
  })

inOwnNetwork(import.meta.filename, () => {
  compileNative()
  const ip = (...words: string[]) => execFileSync('ip', words)
  ip('link', 'add', 'lan', 'type', 'veth', 'peer', 'name', 'cable')
  ip('address', 'add', '192.0.2.11/24', 'dev', 'lan')
  for (const name of ['lan', 'cable']) ip('link', 'set', name, 'up')

  const status = (box: ConfiguredRun, holds: (seen: Status) => boolean) =>
    until(
      'the status',
      () => statusOf(box.run.runDir),
      seen => seen !== null && holds(seen),
      60_000,
    ) as Promise<Status>

  test('Debian’s programs see what the status says, and who may not ask sees nothing', async t => {
    const servers = [await listener(8001), await listener(8002)]
    t.after(() => servers.map(each => each.close()))
    const box = new ConfiguredRun(t, temporaryFolder())
    assert.equal((await box.answers())?.snmp, null)
    await box.apply({ document })
    const masters = await status(
      box,
      ({ routers, services, snmp: agent }) =>
        routers.length === 2 &&
        routers.every(({ state }) => state === 'MASTER') &&
        services.every(({ serversUp }) => serversUp === 2) &&
        agent?.state === 'listening',
    )
    const programs = [community, sha256, v3('SHA-512', 'AES-256', 'prtg')]
    for (const who of programs) await agrees(masters, who)
    assert.ok(masters.snmp?.at.includes('192.0.2.11:161'), masters.snmp?.at.join(' '))

    const index = execFileSync('cat', ['/sys/class/net/lan/ifindex'], { encoding: 'utf8' }).trim()
    const ofVrrp = await snmp('snmpbulkwalk', sha256, vrrpv3)
    assert.equal(ofVrrp.get(`${vrrpv3}.1.1.1.6.${index}.51.1`), '3')
    assert.ok(Number(ofVrrp.get(`${vrrpv3}.2.5.1.1.${index}.51.1`)) > 0)
    const ofBox = await snmp('snmpget', sha256, '1.3.6.1.2.1.1.4.0', '1.3.6.1.2.1.1.6.0')
    assert.deepEqual([...ofBox.values()], ['"ada@example.org"', '"rack 7"'])
    // The virtual address is asked, and answers.
    const at = await promisify(execFile)('snmpget', [
      ...['-m', '', '-Ovq', ...community, '192.0.2.101', instance(2, 1)],
    ])
    assert.equal(at.stdout.trim(), '"VI_1"')

    await box.ask('PUT', 'maintenance')
    servers[1]?.close()
    const away = await status(
      box,
      ({ routers, services }) =>
        routers.every(({ state }) => state !== 'MASTER') &&
        services.every(({ serversUp }) => serversUp === 1),
    )
    await until(
      'the agent knows',
      async () => (await snmp('snmpget', community, server(6, 2))).get(server(6, 2)),
      seen => seen === '2',
      60_000,
    )
    await agrees(away, sha256)
    await refusals(box)
  })

  /** Who may not ask gets no answer and is counted, and nothing can be changed. */
  async function refusals(box: ConfiguredRun): Promise<void> {
    const refused = async (who: readonly string[], ...more: string[]) =>
      promisify(execFile)('snmpget', [
        ...['-m', '', '-t', '1', '-r', '0', ...who, '192.0.2.11', instance(2, 1), ...more],
      ]).then(
        ({ stdout }) => assert.fail(stdout),
        error => String(error.stderr),
      )
    const silent = await Promise.all([
      refused(['-v2c', '-c', 'public']),
      refused(['-v1', '-c', 'readers']),
      refused(v3('SHA-256', 'AES', 'nobody')),
      refused(v3('SHA-256', 'AES', 'zabbix', 'another-password')),
    ])
    for (const said of silent) assert.match(said, /Timeout|No Response/i)
    const garbage = createSocket('udp4')
    for (let length = 1; length < 200; length += 1) {
      garbage.send(Buffer.alloc(length, 0x30), 161, '192.0.2.11')
    }
    const set = ['-m', '', ...community, '192.0.2.11', '1.3.6.1.2.1.1.6.0', 's', 'elsewhere']
    await assert.rejects(promisify(execFile)('snmpset', set), /notWritable/)
    const seen = await status(box, ({ snmp: agent }) => (agent?.refused.malformed ?? 0) > 100)
    garbage.close()
    const { malformed: _many, ...counted } = seen.snmp?.refused ?? {}
    assert.deepEqual(counted, {
      otherVersion: 1,
      unknownCommunity: 1,
      unknownUser: 1,
      wrongSignature: 1,
    })
    assert.equal((await snmp('snmpget', community, instance(2, 2))).size, 1)
    await box.apply({ patch: [{ op: 'replace', path: '/cluster/snmp', value: {} }] })
    await status(
      box,
      ({ snmp: agent, processes }) =>
        agent === null && !processes.some(({ name }) => name === 'snmp'),
    )
  }
})

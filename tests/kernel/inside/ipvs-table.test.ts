import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import * as fc from 'fast-check'
import { planTable } from '../../../appliance/ipvs/plan.ts'
import {
  destinationKey,
  type Service,
  type ServiceSettings,
  serviceKey,
  type Tunnel,
} from '../../../appliance/ipvs/service.ts'
import { IpvsTable } from '../../../appliance/linux/ipvs-table.ts'
import { ipAddress } from '../../../appliance/values/ip-address.ts'
import {
  at,
  plain,
  schedulers,
  table as tables,
  tcpService,
  weighing,
} from '../../unit/ipvs-tables.ts'

const modprobe = '/proc/sys/kernel/modprobe'

const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8' })

const openEmpty = (t: TestContext): IpvsTable => {
  const table = IpvsTable.open()
  t.after(() => {
    table.flush()
    table.close()
  })
  return table
}

const withoutModules = <T>(work: () => T): T => {
  const before = readFileSync(modprobe, 'utf8')
  writeFileSync(modprobe, '/bin/false')
  try {
    return work()
  } finally {
    writeFileSync(modprobe, before)
  }
}

/** Makes it so, and again: then there is nothing to do. Returns how many operations it took. */
const reach = (table: IpvsTable, desired: readonly Service[]): number => {
  const ops = planTable(desired, table.read())
  const words = table.apply(ops).map(({ error }) => error.message)
  assert.deepEqual(words, [])
  assert.deepEqual(planTable(desired, table.read()), [])
  return ops.length
}

/** Without what the kernel counts, and whatever the order. */
const byKey = (services: readonly Service[]): unknown =>
  structuredClone(
    Object.fromEntries(
      services.map(({ at, settings, destinations }) => [
        serviceKey(at),
        [settings, Object.fromEntries(destinations.map(d => [destinationKey(d.at), d.settings]))],
      ]),
    ),
  )

test('a kernel without IPVS is told so, and one that has it loads it by itself', () => {
  withoutModules(() => {
    assert.throws(() => IpvsTable.open(), {
      op: 'CTRL_CMD_GETFAMILY',
      target: 'IPVS',
      code: 'ENOENT',
      message: /This kernel has no IPVS: its module ip_vs is missing/,
    })
  })
  const table = IpvsTable.open()
  assert.match(table.info().version, /^1\.2\.\d+$/)
  assert.ok(table.info().connectionTableSize >= 256)
  assert.deepEqual(table.read(), [])
  table.close()
})

test('a scheduler or engine that the kernel lacks is named, and nothing else is lost', t => {
  const table = openEmpty(t)
  const good: Service = { at: tcpService('192.0.2.1', 1), settings: plain, destinations: [] }
  const many = Array.from({ length: 300 }, (_, n) => ({ ...good, at: tcpService('192.0.2.2', n) }))
  const bad = (port: number, settings: Partial<ServiceSettings>): Service => ({
    at: tcpService('192.0.2.1', port),
    settings: { ...plain, ...settings },
    destinations: [{ at: at('198.51.100.1'), settings: weighing(1) }],
  })
  const persistence = { seconds: 60, prefixLength: 32, engine: 'nosuch' }
  const desired = [good, bad(2, { scheduler: 'twos' }), bad(3, { persistence }), ...many]
  const refused = table.apply(planTable(desired, []))
  assert.deepEqual(
    refused.map(({ op, error }) => [op.kind, error.target, error.code]),
    [
      ['add-service', 'tcp 192.0.2.1:2', 'ENOENT'],
      ['add-service', 'tcp 192.0.2.1:3', 'ENOENT'],
    ],
  )
  const [scheduler, engine] = refused.map(({ error }) => error.message)
  assert.match(
    scheduler ?? '',
    /^IPVS_CMD_NEW_SERVICE on tcp .*:2: .*no scheduler "twos": its module ip_vs_twos is missing\.$/,
  )
  assert.match(engine ?? '', /engine "nosuch": its module ip_vs_pe_nosuch is missing\.$/)
  assert.deepEqual(byKey(table.read()), byKey([good, ...many]))

  const { error } = table.apply([
    { kind: 'change-service', service: good.at, settings: { ...plain, scheduler: 'twos' } },
  ])[0]!
  assert.match(error.message, /^IPVS_CMD_SET_SERVICE .*ip_vs_twos is missing/)
})

test('what the kernel refuses of a destination is said with what to do', t => {
  const table = openEmpty(t)
  const service = tcpService('192.0.2.1')
  reach(table, [{ at: service, settings: plain, destinations: [] }])
  const add = (address: string, settings = weighing(1)) =>
    ({ kind: 'add-destination', service, destination: at(address), settings }) as const
  const gue = { type: 'gue', port: 0, checksum: 'none' } as const
  const ops = [
    add('198.51.100.1'),
    add('198.51.100.1'),
    add('198.51.100.2', { ...weighing(1), upper: 1, lower: 2 }),
    add('2001:db8::1'),
    add('198.51.100.3', weighing(1, { method: 'tunnel', tunnel: gue })),
    { ...add('198.51.100.4'), kind: 'change-destination' } as const,
    { ...add('198.51.100.5'), service: tcpService('192.0.2.9') } as const,
    { kind: 'remove-destination', service, destination: at('198.51.100.6') } as const,
    { kind: 'remove-service', service: tcpService('192.0.2.8') } as const,
    add('198.51.100.7'),
  ]
  const refused = table.apply(ops).map(({ op, error }) => [ops.indexOf(op as never), error.message])
  const told: readonly [number, RegExp][] = [
    [1, /file already exists.* Somebody else has added it meanwhile\.$/],
    [2, /on 198\.51\.100\.2:80 of tcp 192\.0\.2\.1:80: .*lower threshold may not be above/],
    [3, /on \[2001:db8::1\]:80 of .* takes a tunnel/],
    [4, /a gue tunnel has a port/],
    [5, /Somebody else has removed it meanwhile/],
    [6, /Its service is not in the table/],
  ]
  assert.deepEqual(
    refused.map(([index]) => index),
    told.map(([index]) => index),
  )
  for (const [n, [, words]] of told.entries()) assert.match(String(refused[n]?.[1]), words)
  const left = table.read()[0]?.destinations.map(({ at }) => at.address)
  assert.deepEqual(left?.toSorted(), ['198.51.100.1', '198.51.100.7'])
})

test('every scheduler is taken with its flags, and changed for another in place', t => {
  const table = openEmpty(t)
  const service = (scheduler: string): Service => ({
    at: tcpService('192.0.2.1'),
    settings: { ...plain, scheduler, schedulerFlags: [1, 2] },
    destinations: [],
  })
  for (const scheduler of schedulers) {
    assert.equal(reach(table, [service(scheduler)]), 1)
    assert.match(run('ipvsadm', '-Sn'), new RegExp(`-s ${scheduler}\\b`))
  }
  assert.equal(reach(table, [service('sh')]), 1)
  assert.match(run('ipvsadm', '-Sn'), /-s sh -b (sh-fallback,sh-port|sh-port,sh-fallback)/)
})

test('ipvsadm sees what was meant', t => {
  const table = openEmpty(t)
  const tunnel = (tunnel: Tunnel) => weighing(1, { method: 'tunnel', tunnel })
  const gre = { type: 'gre', checksum: 'full' } as const
  const gue = { type: 'gue', port: 6080, checksum: 'remote' } as const
  const persistence = { seconds: 90, prefixLength: 24, engine: null }
  reach(table, [
    {
      at: tcpService('192.0.2.1'),
      settings: { ...plain, persistence },
      destinations: [
        { at: at('198.51.100.1', 8080), settings: { ...weighing(3), upper: 9, lower: 4 } },
        { at: at('198.51.100.2'), settings: weighing(0, { method: 'direct' }) },
        { at: at('198.51.100.3'), settings: tunnel({ type: 'ipip' }) },
        { at: at('198.51.100.4'), settings: tunnel(gre) },
        { at: at('198.51.100.5'), settings: tunnel(gue) },
      ],
    },
    {
      at: { kind: 'address', protocol: 'udp', address: ipAddress('2001:db8::1'), port: 53 },
      settings: {
        ...plain,
        onePacket: true,
        persistence: { seconds: 5, prefixLength: 64, engine: 'sip' },
      },
      destinations: [{ at: at('2001:db8::2', 53), settings: weighing(1) }],
    },
    { at: { kind: 'mark', family: 'inet6', mark: 7 }, settings: plain, destinations: [] },
    {
      at: { kind: 'address', protocol: 'sctp', address: ipAddress('192.0.2.1'), port: 9 },
      settings: plain,
      destinations: [],
    },
  ])
  const lines = run('ipvsadm', '-Sn').trim().split('\n')
  const trimmed = lines.map(line => line.trim().replaceAll(/ +/g, ' ')).toSorted()
  assert.deepEqual(trimmed, [
    '-A --sctp-service 192.0.2.1:9 -s rr',
    '-A -f 7 -6 -s rr',
    '-A -t 192.0.2.1:80 -s rr -p 90 -M 255.255.255.0',
    '-A -u [2001:db8::1]:53 -s rr -p 5 -M 64 --pe sip -o',
    '-a -t 192.0.2.1:80 -r 198.51.100.1:8080 -m -w 3',
    '-a -t 192.0.2.1:80 -r 198.51.100.2:80 -g -w 0',
    '-a -t 192.0.2.1:80 -r 198.51.100.3:80 -i -w 1 --tun-type ipip',
    '-a -t 192.0.2.1:80 -r 198.51.100.4:80 -i -w 1 --tun-type gre --tun-csum',
    '-a -t 192.0.2.1:80 -r 198.51.100.5:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum',
    '-a -u [2001:db8::1]:53 -r [2001:db8::2]:53 -m -w 1',
  ])
  // It saves no thresholds.
  assert.match(run('ipvsadm', '-Ln', '--thresholds'), /198\.51\.100\.1:8080 +9 +4 /)
})

test('any table becomes any other, and reads back as it was written', t => {
  const table = openEmpty(t)
  void fc.assert(
    fc.property(tables, tables, (a, b) => {
      reach(table, a)
      reach(table, b)
      assert.deepEqual(byKey(table.read()), byKey(b))
    }),
    { numRuns: 200, includeErrorInReport: true },
  )
})

test('what somebody else removed, changed or added is found, and only that', t => {
  const table = openEmpty(t)
  const destinations = [1, 2, 3].map(n => ({ at: at(`198.51.100.${n}`), settings: weighing(n) }))
  const desired = [80, 81, 82].map(port => ({
    at: tcpService('192.0.2.1', port),
    settings: plain,
    destinations,
  }))
  reach(table, desired)
  const line = (text: string) => run('ipvsadm', ...text.split(' '))
  const repaired = (): string[] => {
    const ops = planTable(desired, table.read())
    reach(table, desired)
    return ops.map(({ kind }) => kind)
  }
  line('-d -t 192.0.2.1:80 -r 198.51.100.2:80')
  assert.deepEqual(repaired(), ['add-destination'])
  line('-D -t 192.0.2.1:81')
  assert.deepEqual(repaired(), ['add-service', ...Array(3).fill('add-destination')])
  line('-e -t 192.0.2.1:82 -r 198.51.100.3:80 -m -w 9')
  assert.deepEqual(repaired(), ['change-destination'])
  line('-e -t 192.0.2.1:80 -r 198.51.100.3:80 -g -w 3')
  assert.deepEqual(repaired(), ['change-destination'])
  line('-E -t 192.0.2.1:82 -s wlc')
  assert.deepEqual(repaired(), ['change-service'])
  line('-E -t 192.0.2.1:82 -s rr -p 360')
  assert.deepEqual(repaired(), ['change-service'])
  line('-a -t 192.0.2.1:80 -r 198.51.100.9:80 -m')
  assert.deepEqual(repaired(), ['remove-destination'])
  line('-A -f 5')
  assert.deepEqual(
    planTable(desired, table.read(), at => at.kind !== 'mark'),
    [],
  )
  assert.deepEqual(repaired(), ['remove-service'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Hook } from '../../appliance/health/service-config.ts'
import type { SeenService } from '../../appliance/ipvs/service.ts'
import { milliseconds, seconds } from '../../appliance/values/duration.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import {
  address,
  asked,
  Bench,
  override,
  passed,
  passedWith,
  refused,
  server,
  service,
  settings,
  sorry,
  tcp,
} from './health-words.ts'

const hook = (name: string): Hook => ({ command: [name], user: null, timeout: seconds(5) })
const three = [server(1), server(2), server(3)]

test('nobody gets traffic before a check has passed; after the first round everybody does', () => {
  const bench = new Bench([service(three)])
  assert.equal(bench.table(), '')
  assert.equal(bench.server(1).state, 'unknown')
  bench.run(1000)
  assert.equal(bench.table(), '10.0.0.1=100 10.0.0.2=100 10.0.0.3=100')
  assert.deepEqual(bench.told().toSorted(), [
    'quorum-up',
    'server-up s1',
    'server-up s2',
    'server-up s3',
  ])
})

test('initially up, as in keepalived: in from the start, out after it failed', () => {
  const up = tcp('web', { initially: 'up', fall: 2 })
  const bench = new Bench([service([server(1, { checks: [asked(up, address(1))] })])])
  bench.answer(1, refused)
  assert.equal(bench.table(), '10.0.0.1=100')
  bench.run(1100)
  assert.equal(bench.table(), '10.0.0.1=100')
  bench.run(1000)
  assert.equal(bench.table(), '')
  assert.equal(bench.server(1).why, 'web: 2 of 2 checks refused: connection refused')
})

test('a server that dies leaves, and returns; each is told once, with its program', () => {
  const servers = [server(1, { onUp: hook('/up'), onDown: hook('/down') }), server(2)]
  const bench = new Bench([service(servers)])
  bench.run(1000)
  bench.events.length = 0
  bench.answer(1, refused)
  bench.run(5000)
  assert.equal(bench.table(), '10.0.0.2=100')
  assert.deepEqual(
    { ...bench.server(1), since: 0, probes: [] },
    {
      name: 's1',
      at: servers[0]!.at,
      state: 'down',
      since: 0,
      why: 'web: connection refused',
      configured: 100,
      weight: null,
      explanation: 'out: it is down',
      override: null,
      probes: [],
    },
  )
  bench.answer(1, passed)
  bench.run(5000)
  assert.equal(bench.table(), '10.0.0.1=100 10.0.0.2=100')
  assert.deepEqual(
    bench.events.map(({ kind, hook: program }) => [kind, program?.command[0]]),
    [
      ['server-down', '/down'],
      ['server-up', '/up'],
    ],
  )
})

test('silence is a failure at the timeout', () => {
  const slow = tcp('web', { timeout: milliseconds(400), interval: seconds(2) })
  const bench = new Bench([service([server(1, { checks: [asked(slow, address(1))] }), server(2)])])
  bench.run(2000)
  bench.answer(1, null)
  bench.run(2400)
  assert.equal(bench.table(), '10.0.0.2=100')
  assert.equal(bench.server(1).why, 'web: no answer within 0.4 s')
})

test('inhibit: down stays with weight 0', () => {
  const bench = new Bench([service([server(1, { inhibit: true }), server(2)])])
  bench.answer(1, refused)
  bench.run(2000)
  assert.equal(bench.table(), '10.0.0.1=0 10.0.0.2=100')
  assert.equal(bench.server(1).explanation, '0: it is down (inhibit)')
})

test('checks with a weight and what answers say make the weight', () => {
  const checks = [
    asked(tcp('web'), address(1)),
    asked(tcp('db', { interval: seconds(2) }), address(9), { weight: -30 }),
  ]
  const bench = new Bench([service([server(1, { checks })])])
  bench.answer(9, refused)
  bench.run(2000)
  assert.equal(bench.server(1).explanation, '100 - 30 (check db is down) = 70')
  bench.answer(1, passedWith('percent', 50))
  bench.run(1000)
  assert.equal(bench.table(), '10.0.0.1=20')
})

test('the sorry server alone serves while the quorum is lost', () => {
  const bench = new Bench([service(three, { sorry: sorry(), quorum: 200, onDown: hook('/lost') })])
  assert.equal(bench.table(), '10.9.9.9=1')
  bench.run(1000)
  assert.equal(bench.table(), '10.0.0.1=100 10.0.0.2=100 10.0.0.3=100')
  bench.events.length = 0
  bench.answer(1, refused)
  bench.answer(2, refused)
  bench.run(2000)
  assert.equal(bench.table(), '10.9.9.9=1')
  assert.match(bench.server(3).explanation, /the quorum is lost, the sorry server serves/)
  const status = bench.health.status('shop')!
  assert.deepEqual(
    [status.up, status.why, status.sorryServes, status.upWeight],
    [false, 'weight 100 is below 200', true, 100],
  )
  assert.equal(bench.events.at(-1)?.hook?.command[0], '/lost')
})

test('an inhibited sorry server and those it stands for stay with weight 0', () => {
  const bench = new Bench([service(three, { sorry: sorry(true), quorum: 200 })])
  bench.run(1000)
  assert.equal(bench.table(), '10.0.0.1=100 10.0.0.2=100 10.0.0.3=100 10.9.9.9=0')
  bench.answer(1, refused)
  bench.answer(2, refused)
  bench.run(2000)
  assert.equal(bench.table(), '10.0.0.3=0 10.9.9.9=1')
})

test('without a sorry server those that are left go on', () => {
  const bench = new Bench([service(three, { quorum: 200 })])
  bench.answer(1, refused)
  bench.answer(2, refused)
  bench.run(2000)
  assert.equal(bench.table(), '10.0.0.3=100')
  assert.deepEqual(
    bench.told().filter(each => each.startsWith('quorum')),
    ['quorum-down'],
  )
})

test('a lost quorum is not told before every server was asked', () => {
  const late = tcp('web', { warmUp: seconds(60), interval: seconds(60) })
  const bench = new Bench([service([server(1), server(2, { checks: [asked(late, address(2))] })])])
  bench.answer(1, refused)
  bench.answer(2, refused)
  bench.run(2000)
  assert.deepEqual(bench.told(), ['server-down s1'])
  bench.run(60_000)
  assert.deepEqual(bench.told(), ['server-down s1', 'server-down s2', 'quorum-down'])
})

test('panic: too many failures are not believed, and it is said', () => {
  const bench = new Bench([service(three, { panicBelow: 0.5, sorry: sorry() })])
  bench.answer(1, refused)
  bench.run(1000)
  assert.equal(bench.table(), '10.0.0.2=100 10.0.0.3=100')
  bench.answer(2, refused)
  bench.run(2000)
  assert.equal(bench.table(), '10.0.0.1=100 10.0.0.2=100 10.0.0.3=100')
  assert.match(bench.server(1).explanation, /^100 as configured: its failure is not believed$/)
  assert.equal(bench.server(1).state, 'down')
  assert.match(
    bench.health.status('shop')!.panic!.why,
    /^2 of 3 servers fail, less than 50 % are left/,
  )
  bench.answer(2, passed)
  bench.run(2000)
  assert.equal(bench.table(), '10.0.0.2=100 10.0.0.3=100')
  assert.deepEqual(
    bench.told().filter(each => each.startsWith('panic')),
    ['panic-began', 'panic-ended'],
  )
})

test('panic does not send traffic to who was not asked yet', () => {
  const late = tcp('web', { warmUp: seconds(60), interval: seconds(60) })
  const last = server(3, { checks: [asked(late, address(3))] })
  const bench = new Bench([service([server(1), server(2), last], { panicBelow: 0.5 })])
  assert.equal(bench.table(), '')
  bench.answer(1, refused)
  bench.answer(2, refused)
  bench.run(1500)
  assert.equal(bench.table(), '10.0.0.1=100 10.0.0.2=100')
  assert.equal(bench.server(3).state, 'unknown')
})

test('slow start: little by little after it came up, and all at the end', () => {
  const bench = new Bench([
    service([server(1), server(2)], { slowStart: seconds(20), quorum: 200 }),
  ])
  bench.run(30_000)
  bench.answer(1, refused)
  bench.run(5000)
  bench.answer(1, passed)
  bench.events.length = 0
  const seen = new Set<string>()
  for (let tick = 0; tick < 25; tick += 1) {
    bench.run(1000)
    seen.add(bench.table())
  }
  assert.equal([...seen][0], '10.0.0.1=9 10.0.0.2=100')
  assert.equal([...seen].at(-1), '10.0.0.1=100 10.0.0.2=100')
  assert.equal(seen.size, 11)
  assert.deepEqual(bench.told(), ['server-up s1', 'quorum-up'])
})

test('an operator drains, disables, weighs, and takes it back', () => {
  const config = [service([server(1), server(2)])]
  const bench = new Bench(config)
  bench.run(1000)
  for (const [changes, table, state, explanation] of [
    [{ state: 'drain' }, '10.0.0.1=0 10.0.0.2=100', 'drained', '0: drained by ann'],
    [{ state: 'disabled' }, '10.0.0.2=100', 'disabled', 'disabled by ann'],
    [{ weight: 5 }, '10.0.0.1=5 10.0.0.2=100', 'up', '5 by ann (configured: 100)'],
    [{ server: 'shop/s9', state: 'drain' }, '10.0.0.1=100 10.0.0.2=100', 'up', '100'],
  ] as const) {
    bench.feed({ input: 'Overridden', overrides: [override(changes)], now: bench.now })
    assert.equal(bench.table(), table)
    assert.deepEqual([bench.server(1).state, bench.server(1).explanation], [state, explanation])
    bench.configure(config, [override(changes)])
    assert.equal(bench.table(), table, 'after a reload')
  }
})

const seenBy = (bench: Bench, active: Record<string, number>, weight?: number): SeenService[] => {
  const traffic = {
    connections: 0,
    packetsIn: 0,
    packetsOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    connectionsPerSecond: 0,
    packetsInPerSecond: 0,
    packetsOutPerSecond: 0,
    bytesInPerSecond: 0,
    bytesOutPerSecond: 0,
  }
  return bench.health.table().map(each => ({
    ...each,
    traffic,
    destinations: each.destinations.map(({ at, settings: has }) => ({
      at,
      settings: { ...has, weight: weight ?? has.weight },
      active: active[at.address] ?? 0,
      inactive: 0,
      persistent: 0,
      traffic,
    })),
  }))
}

test('a server that left the configuration drains until it is empty', () => {
  const bench = new Bench([service(three)])
  bench.run(1000)
  bench.configure([service([server(1), server(2)])])
  assert.equal(bench.table(), '10.0.0.1=100 10.0.0.2=100 10.0.0.3=0')
  assert.equal(bench.server(3).state, 'draining')
  const look = (table: SeenService[]) => bench.feed({ input: 'TableSeen', table, now: bench.now })
  look(seenBy(bench, { '10.0.0.3': 2 }))
  look(seenBy(bench, {}, 100))
  assert.equal(bench.table(), '10.0.0.1=100 10.0.0.2=100 10.0.0.3=0', 'it was still given new ones')
  look(seenBy(bench, {}))
  assert.equal(bench.table(), '10.0.0.1=100 10.0.0.2=100')
  assert.deepEqual(bench.told().slice(-2), ['drain-began s3', 'drain-ended s3'])
  assert.equal(bench.events.at(-1)?.why, 'its connections have ended')
})

test('or until its time is over; or it comes back', () => {
  const bench = new Bench([service(three)])
  bench.run(1000)
  bench.configure([service([server(1)])])
  bench.run(30_000)
  bench.configure([service([server(1), server(2)])])
  assert.equal(bench.table(), '10.0.0.1=100 10.0.0.3=0')
  bench.run(1000)
  assert.equal(bench.table(), '10.0.0.1=100 10.0.0.2=100 10.0.0.3=0')
  bench.run(29_500)
  assert.equal(bench.table(), '10.0.0.1=100 10.0.0.2=100')
  assert.equal(bench.events.at(-1)?.why, 'its time is over')
})

test('who was not in the table does not drain; without a limit nobody does', () => {
  const bench = new Bench([service(three)])
  bench.answer(3, refused)
  bench.run(1000)
  bench.configure([service([server(1), server(2)])])
  assert.equal(bench.table(), '10.0.0.1=100 10.0.0.2=100')
  bench.configure([service([server(1)], { drainLimit: seconds(0) })])
  assert.equal(bench.table(), '10.0.0.1=100')
})

test('several places of one service have the same servers', () => {
  const at = [
    { kind: 'address', protocol: 'tcp', address: ipAddress('192.0.2.1'), port: 80 },
    { kind: 'mark', family: 'inet', mark: 7 },
  ] as const
  const bench = new Bench([service(three, { at })])
  bench.run(1000)
  const [first, second] = bench.health.table()
  assert.deepEqual([first?.at, second?.at], at)
  assert.deepEqual(first?.destinations, second?.destinations)
  assert.equal(first?.destinations[0]?.at.port, 80)
})

test('two services with one server are independent, and share its probe', () => {
  const other = service([server(1, { settings: settings(7) })], {
    name: 'mail',
    at: [{ kind: 'address', protocol: 'tcp', address: ipAddress('192.0.2.2'), port: 25 }],
  })
  const bench = new Bench([service(three), other])
  bench.run(1000)
  assert.equal(bench.health.load().probes, 3)
  bench.feed({ input: 'Overridden', overrides: [override({ state: 'drain' })], now: bench.now })
  assert.deepEqual(
    bench.health.table().map(({ destinations }) => destinations[0]?.settings.weight),
    [0, 7],
  )
})

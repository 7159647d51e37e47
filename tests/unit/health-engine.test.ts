import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Finding } from '../../appliance/health/check.ts'
import { Health } from '../../appliance/health/health.ts'
import { nothingKnown } from '../../appliance/health/memory.ts'
import { instant, milliseconds, seconds } from '../../appliance/values/duration.ts'
import {
  address,
  asked,
  Bench,
  passed,
  passedWith,
  refused,
  server,
  service,
  settings,
  sorry,
  tcp,
} from './health-words.ts'

const finding: fc.Arbitrary<Finding | null> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(passed) },
  { weight: 3, arbitrary: fc.constant(refused) },
  fc.constant(null),
  fc.nat(300).map(value => passedWith('percent', value)),
  fc.nat(70_000).map(value => passedWith('set', value)),
)
const life = fc.array(fc.record({ n: fc.integer({ min: 1, max: 4 }), finding }), {
  minLength: 1,
  maxLength: 12,
})
const oneService = fc
  .record({
    weights: fc.array(fc.nat(300), { minLength: 4, maxLength: 4 }),
    inhibit: fc.boolean(),
    sorry: fc.constantFrom(null, sorry(), sorry(true)),
    quorum: fc.integer({ min: 1, max: 500 }),
    hysteresis: fc.nat(50),
    panicBelow: fc.constantFrom(0, 0.3, 0.6),
    slowStart: fc.constantFrom(null, seconds(5)),
    damped: fc.boolean(),
  })
  .map(({ weights, inhibit, damped, ...rest }) => {
    const damping = damped ? { changes: 3, within: seconds(10), hold: seconds(3) } : null
    const check = tcp('web', { timeout: milliseconds(500), damping })
    const servers = weights.map((weight, index) =>
      server(index + 1, {
        settings: settings(weight),
        inhibit,
        checks: [asked(check, address(index + 1))],
      }),
    )
    return service(servers, rest)
  })

test('whatever is found: a valid table, and the sorry server in it exactly without quorum', () => {
  fc.assert(
    fc.property(oneService, life, (config, changes) => {
      const bench = new Bench([config])
      for (const { n, finding: answer } of changes) {
        bench.answer(n, answer)
        bench.run(1700)
        const status = bench.health.status('shop')!
        const table = bench.health.table()[0]!.destinations
        for (const { settings: has } of table) {
          assert.ok(Number.isInteger(has.weight) && has.weight >= 0 && has.weight <= 65_535)
        }
        assert.equal(new Set(bench.table().split(' ')).size, Math.max(1, table.length))
        const weightOfSorry = table.find(each => each.at.address === '10.9.9.9')?.settings.weight
        assert.equal(status.sorryServes, !status.up && config.sorry !== null)
        assert.equal(weightOfSorry === 1, status.sorryServes)
        if (status.sorryServes) {
          assert.ok(
            table.every(each => each.settings.weight === 0 || each.at.address === '10.9.9.9'),
          )
        }
        for (const { state, weight } of status.servers) {
          if (status.panic === null && state === 'down')
            assert.equal(weight, config.servers[0]!.inhibit ? 0 : null)
        }
      }
      const [programs, table] = [bench.programs, bench.table()]
      bench.run(20_000)
      const settled = bench.programs
      bench.run(20_000)
      assert.equal(bench.programs, settled, `the table changed from ${table}, ${programs} programs`)
    }),
    { numRuns: 60 },
  )
})

test('the order of servers in the configuration changes no state and no weight', () => {
  fc.assert(
    fc.property(oneService, life, (config, changes) => {
      const straight = new Bench([config])
      const turned = new Bench([{ ...config, servers: config.servers.toReversed() }])
      for (const { n, finding: answer } of changes) {
        for (const bench of [straight, turned]) {
          bench.answer(n, answer)
          bench.run(3000)
        }
      }
      // A slow start ends, a damping is over.
      for (const bench of [straight, turned]) bench.run(20_000)
      const facts = (bench: Bench) =>
        bench.health
          .statuses()[0]!
          .servers.map(({ name, state, weight }) => `${name} ${state} ${weight}`)
          .toSorted()
      assert.deepEqual(facts(turned), facts(straight))
    }),
    { numRuns: 30 },
  )
})

test('no change in what is found: no change in what is wanted', () => {
  const bench = new Bench([service([server(1), server(2)])])
  bench.answer(2, refused)
  bench.run(2000)
  const { programs } = bench
  bench.events.length = 0
  bench.run(600_000)
  assert.deepEqual([bench.programs, bench.events], [programs, []])
})

test('a finding costs a look at the services of its probe only', () => {
  const services = Array.from({ length: 200 }, (_, n) =>
    service([server(2 * n), server(2 * n + 1)], {
      name: `service${n}`,
      at: [{ kind: 'mark', family: 'inet', mark: n + 1 }],
    }),
  )
  const bench = new Bench(services)
  bench.run(1500)
  const before = bench.health.statuses()
  bench.answer(7, refused)
  bench.run(1500)
  const changed = bench.health.statuses().filter((status, index) => status !== before[index])
  assert.deepEqual(
    changed.map(({ name }) => name),
    ['service3'],
  )
})

test('ten thousand flaps: nothing grows', () => {
  const health = new Health()
  const services = [service([server(1)])]
  const start = { overrides: [], known: nothingKnown, random: 0, now: instant(0) }
  let effects = health.feed({ input: 'Configured', services, ...start })
  let told = 0
  let size = 0
  for (let round = 0; round < 10_000; round += 1) {
    const now = instant(round * 1000)
    if (round > 0) effects = health.feed({ input: 'TimerDue', now })
    const ask = effects.find(({ effect }) => effect === 'Ask')
    assert.ok(ask?.effect === 'Ask')
    const { probe, run } = ask
    const answer = round % 2 === 0 ? passed : refused
    effects = health.feed({ input: 'Found', probe: probe.id, run, finding: answer, now })
    told += effects.filter(({ effect }) => effect === 'Tell').length
    if (round === 99) size = JSON.stringify(health.memory()).length
  }
  assert.equal(told, 20_000)
  assert.ok(JSON.stringify(health.memory()).length < size * 1.2)
  assert.equal(health.load().asking, 0)
})

test('a run that is given up is abandoned, and its finding comes too late', () => {
  const health = new Health()
  const checks = [asked(tcp('web', { timeout: milliseconds(500), initially: 'up' }), address(1))]
  const start = { overrides: [], known: nothingKnown, random: 0, now: instant(0) } as const
  health.feed({ input: 'Configured', services: [service([server(1, { checks })])], ...start })
  const [ask] = health.feed({ input: 'TimerDue', now: instant(0) })
  assert.equal(ask, undefined, 'it was asked with the configuration')
  // Who asks ends the run at its deadline and says how far it came: that is waited for.
  assert.deepEqual(health.feed({ input: 'TimerDue', now: instant(515) }), [])
  const late = health.feed({ input: 'TimerDue', now: instant(520) })
  assert.deepEqual(
    late.map(({ effect }) => effect),
    ['Abandon', 'Program', 'Tell', 'Tell'],
  )
  const abandoned = late[0]!
  assert.ok(abandoned.effect === 'Abandon')
  const { probe, run } = abandoned
  const nothing = { input: 'Found', probe, run, finding: passed, now: instant(521) } as const
  assert.deepEqual(health.feed(nothing), [])
  assert.equal(health.table()[0]?.destinations.length, 0)
})

test('what tells by itself is watched, not asked', () => {
  const bfd = {
    ...tcp('path'),
    question: {
      kind: 'bfd',
      minTransmit: milliseconds(300),
      minReceive: milliseconds(300),
      multiplier: 3,
      ttl: 255,
    },
  } as const
  const health = new Health()
  const one = service([server(1, { checks: [asked(bfd, address(1))] })])
  const rest = { overrides: [], known: nothingKnown, random: 0, now: instant(0) } as const
  const effects = health.feed({ input: 'Configured', services: [one], ...rest })
  assert.deepEqual(
    effects.map(({ effect }) => effect),
    ['ProgramAll', 'Watch'],
  )
  assert.equal(health.wakeAt(), null)
  const watch = effects[1]!
  assert.ok(watch.effect === 'Watch')
  const probe = watch.probe.id
  health.feed({ input: 'Found', probe, run: null, finding: passed, now: instant(9) })
  assert.equal(health.table()[0]?.destinations.length, 1)
  const gone = health.feed({ input: 'Configured', services: [], ...rest })
  assert.deepEqual(
    gone.map(({ effect }) => effect),
    ['ProgramAll', 'Unwatch'],
  )
})

test('a check that is asked for runs at once', () => {
  const slow = asked(tcp('web', { interval: seconds(60) }), address(1))
  const bench = new Bench([service([server(1, { checks: [slow] }), server(2)])])
  bench.run(70_000)
  bench.starts.length = 0
  bench.answer(1, refused)
  bench.feed({ input: 'CheckRequested', server: 'shop/s1', now: bench.now })
  assert.equal(bench.starts.length, 1)
  assert.equal(bench.table(), '10.0.0.2=100')
})

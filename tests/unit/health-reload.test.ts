import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Memory, shifted } from '../../appliance/health/memory.ts'
import type { ServiceConfig } from '../../appliance/health/service-config.ts'
import type { Service } from '../../appliance/ipvs/service.ts'
import { milliseconds, seconds } from '../../appliance/values/duration.ts'
import {
  address,
  asked,
  Bench,
  passedWith,
  refused,
  server,
  service,
  sorry,
  tcp,
} from './health-words.ts'

const three = [server(1), server(2), server(3)]
const checked = (n: number, ...checks: readonly ReturnType<typeof tcp>[]) =>
  server(n, { checks: checks.map(check => asked(check, address(n))) })

test('a reload with another pace, another question or one more check takes nobody down', () => {
  const http = {
    ...tcp('page'),
    question: { kind: 'dns', transport: 'udp', name: 'a', type: 'A', expect: null },
  } as const
  for (const checks of [[tcp('web', { interval: seconds(3), fall: 2 })], [http], [tcp(), http]]) {
    const bench = new Bench([service(three)])
    bench.run(1500)
    const before = bench.table()
    bench.configure([service([1, 2, 3].map(n => checked(n, ...checks)))])
    assert.equal(bench.table(), before)
    bench.answer(2, refused)
    bench.run(7000)
    assert.equal(bench.table(), '10.0.0.1=100 10.0.0.3=100')
  }
})

test('a server that was down does not come up by a reload', () => {
  const bench = new Bench([service(three)])
  bench.answer(1, refused)
  bench.run(1500)
  bench.configure([service([1, 2, 3].map(n => checked(n, tcp('web', { interval: seconds(3) }))))])
  assert.equal(bench.table(), '10.0.0.2=100 10.0.0.3=100')
})

test('a reload without a change asks nothing anew and changes nothing', () => {
  const bench = new Bench([service(three)])
  bench.run(10_000)
  const [table, starts] = [bench.table(), bench.starts.length]
  bench.events.length = 0
  bench.configure(structuredClone([service(three)]))
  assert.deepEqual([bench.table(), bench.starts.length, bench.events], [table, starts, []])
})

test('removed services and probes are gone, also from what is asked', () => {
  const bench = new Bench([service(three), service([server(4)], { name: 'mail' })])
  bench.run(1500)
  bench.configure([service([server(4)], { name: 'mail' })])
  assert.deepEqual([bench.health.load().probes, bench.health.statuses().length], [1, 1])
  bench.starts.length = 0
  bench.run(10_000)
  assert.equal(bench.starts.length, 10)
  assert.equal(bench.health.memory().probes.length, 1)
})

/** The director dies, another one starts with what is known, on a clock of its own. */
function restart(
  config: readonly ServiceConfig[],
  before: Bench,
  known: { readonly memory: boolean; readonly table: boolean },
): Bench {
  const memory = JSON.parse(JSON.stringify(before.health.memory())) as Memory
  const table = JSON.parse(JSON.stringify(before.health.table())) as Service[]
  const later = milliseconds(7_000_000)
  const bench = new Bench(
    config,
    { memory: known.memory ? shifted(memory, later) : null, table: known.table ? table : [] },
    before.now + later,
  )
  for (const [who, answer] of before.answers) bench.answers.set(who, answer)
  return bench
}

const many = service([server(1), server(2), server(3), server(4, { inhibit: true }), server(5)], {
  sorry: sorry(),
  quorum: 150,
  slowStart: seconds(40),
})

function worn(): Bench {
  const bench = new Bench([many])
  bench.answer(2, refused)
  bench.answer(3, passedWith('percent', 40))
  bench.answer(4, refused)
  bench.answer(5, refused)
  bench.run(60_000)
  bench.answers.delete(address(5))
  bench.run(9000)
  assert.equal(bench.table(), '10.0.0.1=100 10.0.0.3=40 10.0.0.4=0 10.0.0.5=27')
  return bench
}

for (const known of [
  { memory: true, table: true },
  { memory: true, table: false },
  { memory: false, table: true },
]) {
  test(`a restart changes nothing: ${JSON.stringify(known)}`, () => {
    const before = worn()
    const after = restart([many], before, known)
    assert.equal(after.table(), before.table())
    assert.deepEqual(after.events, [])
    after.run(1500)
    assert.deepEqual(after.events, [])
    if (!known.memory) return
    before.run(1500)
    assert.equal(after.table(), before.table())
    assert.equal(after.server(1).since - 7_000_000, before.server(1).since)
  })
}

test('after a restart a server is kept until a finding says otherwise', () => {
  for (const known of [
    { memory: true, table: true },
    { memory: false, table: true },
  ]) {
    const config = [service([1, 2].map(n => checked(n, tcp('web', { fall: 3 }))))]
    const before = new Bench(config)
    before.run(2000)
    const after = restart(config, before, known)
    after.answer(1, refused)
    after.run(2000)
    assert.equal(after.table(), '10.0.0.1=100 10.0.0.2=100')
    after.run(1100)
    assert.equal(after.table(), '10.0.0.2=100')
    assert.deepEqual(after.told(), ['server-down s1'])
  }
})

test('the sorry server goes on serving over a restart', () => {
  for (const memory of [true, false]) {
    const before = new Bench([many])
    for (const n of [1, 2, 4, 5]) before.answer(n, refused)
    before.run(2000)
    const after = restart([many], before, { memory, table: true })
    assert.equal(before.table(), '10.0.0.4=0 10.9.9.9=1')
    assert.equal(after.table(), before.table())
    after.run(2000)
    assert.equal(after.table(), before.table())
  }
})

test('what the configuration no longer has drains over a restart', () => {
  for (const memory of [true, false]) {
    const before = new Bench([service(three)])
    before.run(2000)
    before.configure([service([server(1), server(2)])])
    before.run(40_000)
    const after = restart([service([server(1)])], before, { memory, table: true })
    assert.equal(
      after.table().split(' ').toSorted().join(' '),
      '10.0.0.1=100 10.0.0.2=0 10.0.0.3=0',
    )
    after.run(61_000)
    assert.equal(after.table(), '10.0.0.1=100')
    const limits = after.events.map(({ kind, server: who }) => `${kind} ${who}`)
    assert.equal(limits.filter(each => each.startsWith('drain-ended')).length, 2)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Check } from '../../appliance/health/check.ts'
import { planProbes } from '../../appliance/health/probe-plan.ts'
import { seconds } from '../../appliance/values/duration.ts'
import { address, asked, server, service, tcp } from './health-words.ts'

test('200 servers in ten services each are 200 probes', () => {
  const services = Array.from({ length: 10 }, (_, s) =>
    service(
      Array.from({ length: 200 }, (_, n) => server(n)),
      { name: `service${s}` },
    ),
  )
  const plan = planProbes(services)
  assert.equal(plan.probes.size, 200)
  for (const { services: users } of plan.probes.values()) assert.equal(users.size, 10)
  const [first] = services[0]!.servers
  assert.equal(plan.probesOf.get(first!)?.length, 1)
})

test('another question, target or pace is another probe; only the pace asks the same', () => {
  const one = server(1)
  const other = (check: Check, at = address(1)) =>
    server(1, { name: 'other', checks: [asked(check, at)] })
  for (const [second, probes, asks] of [
    [other(tcp('another name')), 1, 1],
    [other(tcp('web', { interval: seconds(2) })), 2, 1],
    [other({ ...tcp(), question: { kind: 'ping', size: 56 } }), 2, 2],
    [other(tcp(), address(2)), 2, 2],
  ] as const) {
    const plan = planProbes([service([one, second])])
    assert.equal(plan.probes.size, probes)
    assert.equal(new Set([...plan.probes.values()].map(each => each.asks)).size, asks)
  }
})

test('the order of keys makes no other probe', () => {
  const http = (headers: Record<string, string>): Check => ({
    ...tcp(),
    question: {
      kind: 'http',
      tls: null,
      version: '1.1',
      method: 'GET',
      host: null,
      headers,
      body: null,
      requests: [],
    },
  })
  const first = server(1, { checks: [asked(http({ a: '1', b: '2' }), address(1))] })
  const second = server(2, { checks: [asked(http({ b: '2', a: '1' }), address(1))] })
  assert.equal(planProbes([service([first, second])]).probes.size, 1)
  const third = server(3, { checks: [asked(http({ a: '2', b: '1' }), address(1))] })
  assert.equal(planProbes([service([first, third])]).probes.size, 2)
})

test('ids are distinct for 10,000 targets and say what is asked of whom', () => {
  const servers = Array.from({ length: 10_000 }, (_, n) => server(n))
  const plan = planProbes([service(servers)])
  assert.equal(plan.probes.size, 10_000)
  assert.match([...plan.probes.keys()][0]!, /^tcp 10\.0\.0\.0:80 [\da-z]{14}-[\da-z]{4}$/)
})

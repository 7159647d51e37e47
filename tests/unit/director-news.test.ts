import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Health } from '../../appliance/health/health.ts'
import { nothingKnown } from '../../appliance/health/memory.ts'
import { planProbes } from '../../appliance/health/probe-plan.ts'
import type { DirectorConfig, ServiceConfig } from '../../appliance/health/service-config.ts'
import { configAfter, type DirectorNews, newsSince } from '../../appliance/status/director-news.ts'
import { instant } from '../../appliance/values/duration.ts'
import { address, asked, server, service, tcp } from './health-words.ts'

const config = (services: readonly ServiceConfig[]): DirectorConfig => ({
  services,
  sync: null,
  timeouts: { tcp: null, tcpFin: null, udp: null },
})

const none = config([])
const overTheChannel = (news: DirectorNews): DirectorNews => JSON.parse(JSON.stringify(news))

const check = tcp()
const shop = service([1, 2, 3].map(n => server(n, { checks: [asked(check, address(n))] })))
const mail = service([server(4, { checks: [asked(tcp('mail'), address(4))] })], { name: 'mail' })

test('a check is said once for all servers that have it, and all is heard as it was meant', () => {
  const news = newsSince(null, config([shop, mail]))
  assert.deepEqual(news.checks, [check, tcp('mail')])
  assert.deepEqual(configAfter(none, overTheChannel(news)), config([shop, mail]))
})

test('what the director has is not said again, and stays the same object', () => {
  const told = config([shop, mail])
  const there = configAfter(none, overTheChannel(newsSince(null, told)))
  const news = newsSince(told, config([mail, { ...shop, quorum: 2 }]))
  assert.deepEqual(
    news.services.map(({ name }) => name),
    ['shop'],
  )
  const heard = configAfter(there, overTheChannel(news))
  assert.deepEqual(heard, config([mail, { ...shop, quorum: 2 }]))
  assert.equal(heard.services[0], there.services[1])
})

test('the word of an operator is a review of the service that it is about, and of no other', () => {
  const health = new Health()
  const rest = { overrides: [], known: nothingKnown, random: 0.5, now: instant(0) }
  health.feed({ input: 'Configured', services: [shop, mail], ...rest })
  const [before, other] = [health.status('shop'), health.status('mail')]
  const override = {
    server: 'shop/s1',
    state: 'drain',
    weight: null,
    since: '',
    by: 'ann',
  } as const
  health.feed({ input: 'Overridden', overrides: [override], now: instant(1) })
  assert.notEqual(health.status('shop'), before)
  assert.equal(health.status('mail'), other)
  health.feed({ input: 'Overridden', overrides: [], now: instant(2) })
  assert.equal(health.status('shop')?.servers[0]?.state, 'unknown')
})

test('a plan on top of another is the plan that would have been made from nothing', () => {
  const heavier = service(shop.servers.map(one => ({ ...one, inhibit: true })))
  const renamed = service([server(1, { checks: [asked(tcp('other name'), address(1))] })])
  const twice = { ...mail, servers: [...mail.servers, server(1)] }
  let plan = planProbes([shop, mail])
  for (const services of [[heavier, mail], [renamed, mail], [mail], [shop, twice], [twice]]) {
    const before = [...plan.probes.values()].map(({ services: users }) => [...users])
    const next = planProbes(services, plan)
    const shown = [...plan.probes.values()].map(({ services: users }) => [...users])
    assert.deepEqual(shown, before, 'the earlier plan stays as it is')
    const anew = planProbes(services)
    assert.deepEqual(new Map([...next.probes].sort()), new Map([...anew.probes].sort()))
    for (const one of services.flatMap(({ servers }) => servers)) {
      assert.deepEqual(next.probesOf.get(one), anew.probesOf.get(one))
    }
    plan = next
  }
})

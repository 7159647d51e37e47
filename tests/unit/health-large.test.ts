import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from '../../appliance/health/check.ts'
import { Health, type HealthInput } from '../../appliance/health/health.ts'
import type { HealthEffect } from '../../appliance/health/health-effect.ts'
import { nothingKnown } from '../../appliance/health/memory.ts'
import { type Instant, instant } from '../../appliance/values/duration.ts'
import type { IpAddress } from '../../appliance/values/ip-address.ts'
import { passed, refused, server, service } from './health-words.ts'

const count = 2000

/** One service with all of them, and how often the kernel was to be told something. */
class Large {
  readonly health = new Health()
  programs = 0

  constructor() {
    const servers = Array.from({ length: count }, (_, n) => server(n + 1))
    const rest = { overrides: [], known: nothingKnown, random: 0.5 }
    this.feed({ input: 'Configured', services: [service(servers)], ...rest, now: instant(0) })
  }

  feed(input: HealthInput): readonly HealthEffect[] {
    const effects = this.health.feed(input)
    this.programs += effects.filter(({ effect }) => effect === 'Program').length
    return effects
  }

  get inTable(): number {
    return this.health.table()[0]?.destinations.length ?? 0
  }

  /** Each question is answered at once. */
  run(until: Instant, finding: Finding): void {
    for (let at = this.health.wakeAt(); at !== null && at <= until; at = this.health.wakeAt()) {
      this.turn(at, finding)
    }
  }

  /** Who was asked. */
  turn(now: Instant, finding: Finding): readonly IpAddress[] {
    return this.feed({ input: 'TimerDue', now }).flatMap(effect => {
      if (effect.effect !== 'Ask') return []
      const { probe, run } = effect
      this.feed({ input: 'Found', probe: probe.id, run, finding, now })
      return [probe.target.address]
    })
  }
}

test('2,000 servers of one service come up: the service is not looked at for each of them', () => {
  const large = new Large()
  large.run(instant(1500), passed)
  assert.equal(large.inTable, count)
  assert.ok(large.programs <= 40, `the kernel is told ${large.programs} times`)
})

test('of 2,000 servers some fail within moments: all are out 50 ms later', () => {
  const large = new Large()
  large.run(instant(1999), passed)
  const [failed, before] = [new Map<IpAddress, Instant>(), large.programs]
  for (let at = large.health.wakeAt(); at !== null && at <= 2100; at = large.health.wakeAt()) {
    for (const address of large.turn(at, refused)) failed.set(address, at)
    const there = new Set(large.health.table()[0]?.destinations.map(each => each.at.address))
    for (const [address, since] of failed) {
      if (at - since >= 50) assert.ok(!there.has(address), `${address} is still there`)
    }
  }
  assert.ok(failed.size > 100, `${failed.size} failed`)
  const programs = large.programs - before
  assert.ok(programs < 10, `the kernel is told ${programs} times`)
})

import type { Check, Finding, Pace } from '../../appliance/health/check.ts'
import { Health, type HealthInput } from '../../appliance/health/health.ts'
import type { HealthEffect } from '../../appliance/health/health-effect.ts'
import { type Known, nothingKnown } from '../../appliance/health/memory.ts'
import type {
  Override,
  ServerCheck,
  ServerConfig,
  ServiceConfig,
} from '../../appliance/health/service-config.ts'
import type { ServiceEvent } from '../../appliance/health/service-state.ts'
import type { DestinationSettings } from '../../appliance/ipvs/service.ts'
import { type Instant, instant, seconds } from '../../appliance/values/duration.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'

export const pace: Pace = {
  interval: seconds(1),
  retryInterval: seconds(1),
  timeout: seconds(1),
  rise: 1,
  fall: 1,
  initially: 'down',
  warmUp: seconds(0),
  damping: null,
}

export const tcp = (name = 'web', changes: Partial<Pace> = {}): Check => ({
  name,
  question: { kind: 'tcp', tls: null, send: null, expect: null },
  pace: { ...pace, ...changes },
})

export const asked = (check: Check, address: string, changes: Partial<ServerCheck> = {}) => ({
  check,
  target: {
    address: ipAddress(address),
    port: 80,
    through: null,
    source: null,
    interface: null,
    mark: null,
  },
  weight: null,
  reverse: false,
  ...changes,
})

export const settings = (weight = 100): DestinationSettings => ({
  forwarding: { method: 'direct' },
  weight,
  upper: 0,
  lower: 0,
})

export const address = (n: number): string => `10.0.${n >> 8}.${n & 255}`

/** `s1` at 10.0.0.1, with one TCP check. */
export const server = (n: number, changes: Partial<ServerConfig> = {}): ServerConfig => ({
  name: `s${n}`,
  at: { address: ipAddress(address(n)), port: 80 },
  settings: settings(),
  checks: [asked(tcp(), address(n))],
  inhibit: false,
  onUp: null,
  onDown: null,
  ...changes,
})

export const service = (
  servers: readonly ServerConfig[],
  changes: Partial<ServiceConfig> = {},
): ServiceConfig => ({
  name: 'shop',
  at: [{ kind: 'address', protocol: 'tcp', address: ipAddress('192.0.2.1'), port: 80 }],
  settings: { scheduler: 'rr', schedulerFlags: [], persistence: null, onePacket: false },
  servers,
  sorry: null,
  quorum: 1,
  hysteresis: 0,
  onUp: null,
  onDown: null,
  panicBelow: 0,
  slowStart: null,
  drainLimit: seconds(60),
  ...changes,
})

export const sorry = (inhibit = false) => ({
  at: { address: ipAddress('10.9.9.9'), port: 80 },
  settings: settings(1),
  inhibit,
})

export const override = (changes: Partial<Override>): Override => ({
  server: 'shop/s1',
  state: null,
  weight: null,
  since: '2026-01-01T00:00:00Z',
  by: 'ann',
  ...changes,
})

export const passed: Finding = { kind: 'passed', why: 'connected', weight: null }
export const refused: Finding = { kind: 'failed', reason: 'refused', why: 'connection refused' }

export const passedWith = (kind: 'set' | 'percent', value: number): Finding => ({
  ...passed,
  weight: { kind, value },
})

/** A health engine whose probes answer at once what `answers` says, by address. */
export class Bench {
  readonly health = new Health()
  readonly answers = new Map<string, Finding | null>()
  readonly events: ServiceEvent[] = []
  readonly starts: { readonly probe: string; readonly at: number }[] = []
  programs = 0
  now: Instant = instant(0)

  constructor(services: readonly ServiceConfig[], known: Known = nothingKnown, at = 0) {
    this.now = instant(at)
    this.configure(services, [], known)
  }

  configure(
    services: readonly ServiceConfig[],
    overrides: readonly Override[] = [],
    known = nothingKnown,
  ): void {
    this.feed({ input: 'Configured', services, overrides, known, random: 0.5, now: this.now })
  }

  /** Of server n, from now on; null: silence. */
  answer(n: number, finding: Finding | null): void {
    this.answers.set(address(n), finding)
  }

  run(duration: number): void {
    const end = this.now + duration
    for (let at = this.health.wakeAt(); at !== null && at <= end; at = this.health.wakeAt()) {
      this.now = instant(Math.max(at, this.now))
      this.feed({ input: 'TimerDue', now: this.now })
    }
    this.now = instant(end)
  }

  feed(input: HealthInput): void {
    const asks = this.#perform(this.health.feed(input))
    for (const { probe, run } of asks) {
      const known = this.answers.get(probe.target.address)
      const finding = known === undefined ? passed : known
      if (finding === null) continue
      this.feed({ input: 'Found', probe: probe.id, run, finding, now: this.now })
    }
  }

  #perform(effects: readonly HealthEffect[]): Extract<HealthEffect, { effect: 'Ask' }>[] {
    const asks = []
    for (const effect of effects) {
      if (effect.effect === 'Tell') this.events.push(effect.event)
      if (effect.effect === 'Program') this.programs += 1
      if (effect.effect !== 'Ask') continue
      this.starts.push({ probe: effect.probe.id, at: this.now })
      asks.push(effect)
    }
    return asks
  }

  /** `10.0.0.1=100 10.0.0.2=0`, of the first service. */
  table(): string {
    return (this.health.table()[0]?.destinations ?? [])
      .map(each => `${each.at.address}=${each.settings.weight}`)
      .join(' ')
  }

  server(n: number) {
    const status = this.health.statuses()[0]?.servers.find(({ name }) => name === `s${n}`)
    if (status === undefined) throw new Error(`there is no s${n}`)
    return status
  }

  told(): string[] {
    return this.events.map(({ kind, server: name }) => (name === null ? kind : `${kind} ${name}`))
  }
}

/** What there is in a run of the guard world, and what goes wrong: drawn from the seed. */

import type { GuardConfig } from '../../../appliance/guard/guard-config.ts'
import { leastSilence } from '../../../appliance/guard/policy.ts'
import { type Duration, milliseconds } from '../../../appliance/values/duration.ts'
import { ipAddress } from '../../../appliance/values/ip-address.ts'
import type { RouterConfig } from '../../../appliance/vrrp/router-config.ts'
import { virtualAddress } from '../cluster.ts'
import type { Random } from '../random.ts'

export type Plan = {
  readonly guards: readonly [GuardConfig, GuardConfig]
  /** By box. */
  readonly routers: readonly [readonly RouterConfig[], readonly RouterConfig[]]
  /** `lan` has the adverts, and perhaps heartbeats as the others have. */
  readonly segments: readonly string[]
  /** Those with heartbeats. */
  readonly paths: readonly string[]
  readonly faults: readonly Fault[]
  readonly healedAt: number
  /** After the last trouble everything is as it stays within this time. */
  readonly settling: number
  readonly settledAt: number
  readonly endsAt: number
}

export type Fault = { readonly at: number; readonly until: number } & (
  | {
      readonly kind: 'cut' | 'loss' | 'late'
      readonly segment: string
      readonly from: 0 | 1 | 'both'
    }
  | { readonly kind: 'every path is cut' }
  | {
      readonly kind: 'no carrier' | 'power loss' | 'kill' | 'restart' | 'stall'
      readonly box: 0 | 1
    }
  | { readonly kind: 'dead cable'; readonly segment: string }
  | { readonly kind: 'no witness'; readonly box: 0 | 1 }
  | { readonly kind: 'failover'; readonly box: 0 | 1 }
  | { readonly kind: 'forger'; readonly lies: readonly Lie[]; readonly every: number }
)

/** What a forger says to each box. */
export type Lie = (typeof lies)[number]

const lies = [
  'a third one leads',
  'a third one gives up',
  'the peer leads',
  'the peer gives up',
  'replay',
] as const

export const witnessSecret = new Uint8Array(32).fill(7)

export const faultKinds: readonly Fault['kind'][] = [
  'cut',
  'loss',
  'late',
  'every path is cut',
  'no carrier',
  'power loss',
  'kill',
  'restart',
  'stall',
  'dead cable',
  'no witness',
  'failover',
  'forger',
]

/** The way of a packet, at most. */
export const longestWay = 1

export function drawPlan(random: Random): Plan {
  const interval = milliseconds(random.pick([20, 50, 100, 100, 250]))
  const paths = drawPaths(random)
  const segments = ['lan', ...paths.filter(name => name !== 'lan')]
  const routers = drawRouters(random, interval)
  const guard = drawGuard(random, interval, paths)
  const unit = Math.max(interval, guard.interval)
  const faults = drawFaults(random, segments, unit)
  const healedAt = Math.max(0, ...faults.map(({ until }) => until))
  const settling = settlingTime(guard, interval)
  const settledAt = healedAt + settling
  return {
    ...{ guards: [guard, guard], routers, segments, paths, faults },
    ...{ healedAt, settling, settledAt, endsAt: settledAt + 30 * unit },
  }
}

/** One that was just paired has heartbeats where its clients are, and nowhere else. */
function drawPaths(random: Random): readonly string[] {
  if (random.chance(0.2)) return ['lan']
  const more = ['serial', 'lan'].filter(() => random.chance(0.4))
  return ['beside', ...more]
}

/** Start, handshake, silence, the word of a better one, his silence. */
const settlingTime = (guard: GuardConfig, interval: Duration): number =>
  3 * Math.max(guard.advertTime, leastSilence(guard), 4 * guard.interval) +
  6 * interval +
  guard.witnessTime +
  3 * (guard.leases[0]?.time ?? 0)

function drawRouters(random: Random, interval: Duration): Plan['routers'] {
  const count = random.integer(1, 3)
  const preempt = random.chance(0.7)
  const tied = random.chance(0.2)
  const make = (box: 0 | 1, index: number, priority: number): RouterConfig => ({
    name: `router-${index + 1}`,
    interface: 'lan',
    vrid: 51 + index,
    version: 3,
    family: 'inet',
    priority,
    interval,
    downAfter: 3,
    preempt,
    preemptDelay: milliseconds(0),
    startDelay: milliseconds(0),
    handover: 'at-once',
    transport: { kind: 'multicast', group: ipAddress('224.0.0.18') },
    source: addressOf(box),
    authentication: { kind: 'none' },
    checksum: 'with-pseudo-header',
    addresses: [virtualAddress(`192.0.2.${100 + index}`)],
    routes: [],
    rules: [],
    announcing: { repeat: 1, delay: milliseconds(0), refresh: null, spacing: milliseconds(0) },
    tracks: [],
    syncGroup: null,
    virtualMac: false,
    secondPaths: [],
  })
  const priorities = Array.from({ length: count }, () => {
    const [a, b] = random.shuffled([100, 150]) as [number, number]
    return tied ? ([100, 100] as const) : ([a, b] as const)
  })
  return [
    priorities.map(([own], index) => make(0, index, own)),
    priorities.map(([, own], index) => make(1, index, own)),
  ]
}

export const addressOf = (box: 0 | 1) => ipAddress(`192.0.2.${box + 1}`)

function drawGuard(random: Random, interval: Duration, paths: readonly string[]): GuardConfig {
  const isStrict = random.chance(0.5)
  const direct = random.chance(0.5)
  const byLease = isStrict && random.chance(0.5)
  return {
    policy: isStrict ? 'one-owner-first' : 'availability-first',
    witnesses: isStrict && !byLease ? ['witness'] : [],
    witnessesNeeded: 1,
    leases: byLease
      ? [
          {
            name: 'third',
            address: ipAddress('203.0.113.9'),
            port: 9695,
            secret: witnessSecret,
            time: milliseconds(Math.max(200, interval * random.integer(3, 10))),
          },
        ]
      : [],
    witnessTime: milliseconds(isStrict ? interval * random.integer(2, 8) : 0),
    interval: random.chance(0.7) ? interval : milliseconds(interval * 2),
    missed: 3,
    advertTime: milliseconds(4 * interval),
    corroborate: !isStrict && random.chance(0.8),
    secret: new Uint8Array(32),
    fencing: { policy: 'off', waitAtMost: milliseconds(0) },
    paths: paths.map(name => ({
      name,
      interface: name,
      source: null,
      peer: ipAddress('198.51.100.1'),
      port: 9694,
      direct: direct && name === 'beside',
    })),
  }
}

function drawFaults(random: Random, segments: readonly string[], unit: number): Fault[] {
  const faults: Fault[] = []
  const to = random.integer(20, 80) * unit
  const kinds = random.chance(0.15)
    ? (['forger'] as const)
    : faultKinds.filter(() => random.chance(0.35))
  for (const kind of kinds) {
    for (let left = random.integer(1, 3); left > 0; left--) {
      const at = 600 + random.between(8 * unit, to)
      const until = at + random.scaled(0.3, 25) * unit
      const box = random.pick([0, 1] as const)
      const segment = random.pick(segments) ?? 'lan'
      switch (kind) {
        case 'cut':
        case 'loss':
        case 'late':
          faults.push({
            kind,
            at,
            until,
            segment,
            from: random.pick<0 | 1 | 'both'>([0, 1, 'both']),
          })
          break
        case 'every path is cut':
          faults.push({ kind, at, until })
          break
        case 'dead cable':
          if (segments.includes('beside')) faults.push({ kind, at, until, segment: 'beside' })
          break
        case 'forger': {
          const some = random.shuffled(lies).slice(0, random.integer(1, 3))
          const every = random.scaled(0.05, 2) * unit
          const over = at + random.scaled(5, 80) * unit
          faults.push({ kind, at, until: over, lies: some, every })
          break
        }
        case 'no carrier':
        case 'no witness':
          faults.push({ kind, at, until, box })
          break
        case 'failover':
          faults.push({ kind, at, until: at, box })
          break
        case 'power loss':
        case 'kill':
        case 'restart':
        case 'stall':
          // One after the other: what is dead cannot be paused.
          if (
            faults.some(
              other => isOfBox(other, box) && at < other.until + unit && other.at < until + unit,
            )
          )
            break
          faults.push({ kind, at, until, box })
          break
      }
    }
  }
  return faults.sort((a, b) => a.at - b.at)
}

const isOfBox = (fault: Fault, box: 0 | 1): boolean =>
  ['power loss', 'kill', 'restart', 'stall'].includes(fault.kind) &&
  'box' in fault &&
  fault.box === box

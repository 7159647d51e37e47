/** What goes wrong in a run, and when: drawn from the seed before the run begins. */

import { milliseconds } from '../../appliance/values/duration.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import { longestGap } from './bounds.ts'
import { type Cluster, fatalTracker, scriptTracker, virtualAddress } from './cluster.ts'
import type { Random } from './random.ts'

/** From `at` until `until`; boxes and segments are meant by their place in the cluster. */
export type Fault = { readonly at: number; readonly until: number } & (
  | { readonly kind: 'loss'; readonly segment: number; readonly chance: number }
  | { readonly kind: 'duplication'; readonly segment: number; readonly chance: number }
  /** Packets take up to `most` longer, each its own time: they overtake each other. */
  | { readonly kind: 'reordering'; readonly segment: number; readonly most: number }
  | {
      readonly kind: 'one-way partition'
      readonly segment: number
      readonly from: number
      readonly to: number
    }
  | {
      readonly kind: 'partition'
      readonly segment: number
      readonly one: number
      readonly other: number
    }
  /** vrrpd does not run; packets wait in its socket. A master may be spared. */
  | { readonly kind: 'stall'; readonly box: number; readonly sparesMasters: boolean }
  /** The whole box does not run. */
  | {
      readonly kind: 'pause'
      readonly box: number
      readonly clockStands: boolean
      readonly packetsAreLost: boolean
    }
  | { readonly kind: 'restart'; readonly box: number }
  /** The supervisor speaks for the dead vrrpd, and removes the addresses a little later. */
  | { readonly kind: 'kill'; readonly box: number; readonly removedAfter: number }
  | { readonly kind: 'power loss'; readonly box: number }
  | { readonly kind: 'interface down'; readonly box: number; readonly segment: number }
  | { readonly kind: 'address missing'; readonly box: number; readonly segment: number }
  /** Null: the router is taken out of the configuration. */
  | {
      readonly kind: 'reconfiguration'
      readonly box: number
      readonly router: number
      readonly change: Partial<RouterConfig> | null
      readonly stays: boolean
    }
  | { readonly kind: 'wrong version'; readonly box: number; readonly router: number }
  | { readonly kind: 'failover'; readonly box: number; readonly router: number | null }
  | { readonly kind: 'maintenance'; readonly box: number }
  | { readonly kind: 'tracker down'; readonly box: number; readonly tracker: string }
  | {
      readonly kind: 'flood'
      readonly segment: number
      readonly router: number
      readonly manner: FloodManner
      /** Between two adverts. */
      readonly pause: number
    }
)

/** Whose adverts a hostile speaker sends. */
export type FloodManner = 'lower' | 'release' | 'like the target' | 'many sources' | 'higher'

export type FaultKind = Fault['kind']

const boxKinds = ['stall', 'pause', 'restart', 'kill', 'power loss'] as const
const otherKinds = [
  'loss',
  'duplication',
  'reordering',
  'one-way partition',
  'partition',
  'interface down',
  'address missing',
  'reconfiguration',
  'wrong version',
  'failover',
  'maintenance',
  'tracker down',
  'flood',
] as const

export const faultKinds: readonly FaultKind[] = [...boxKinds, ...otherKinds]

/** Each seed has some kinds and not others: what one kind would hide, another seed shows. */
export function drawFaults(random: Random, cluster: Cluster, from: number, to: number): Fault[] {
  const faults: Fault[] = []
  const unit = cluster.longestInterval
  for (const kind of otherKinds) {
    if (!random.chance(kind === 'flood' ? 0.08 : 0.3)) continue
    for (let left = random.integer(1, 3); left > 0; left--) {
      const at = random.between(from, to)
      const fault = drawOther(random, cluster, kind, at, at + random.scaled(0.2, 12) * unit)
      if (fault !== null) faults.push(fault)
    }
  }
  const kinds = boxKinds.filter(() => random.chance(0.4))
  for (const box of kinds.length === 0 ? [] : cluster.boxes.keys()) {
    // One after the other: what is dead cannot be paused.
    let at = Math.max(from, cluster.boxes[box]!.startsAt) + random.scaled(0.05, 30) * unit
    while (at < to) {
      const until = at + random.scaled(0.05, 15) * unit
      faults.push(drawBoxFault(random, random.pick(kinds) ?? 'stall', box, at, until))
      at = until + random.scaled(0.05, 30) * unit
    }
  }
  return faults.sort((a, b) => a.at - b.at)
}

/** Nothing that may make anybody master: see the invariant `steadiness`. */
export function drawHarmless(random: Random, cluster: Cluster, from: number, to: number): Fault[] {
  const faults: Fault[] = []
  const most = cluster.shortestInterval * 0.2
  for (const segment of cluster.segments.keys()) {
    const both = { at: from, until: to, segment }
    if (random.chance(0.5)) faults.push({ kind: 'duplication', chance: 0.3, ...both })
    if (random.chance(0.5)) faults.push({ kind: 'reordering', most, ...both })
  }
  const longest = longestGap(cluster) - most
  for (const box of cluster.boxes.keys()) {
    let at = from + random.between(0, 3) * cluster.longestInterval
    while (at < to) {
      // However long a backup does not look, the adverts of a good master wait for it.
      const sparesMasters = random.chance(0.3)
      const length = sparesMasters ? random.between(1, 8) : Math.min(1, random.between(0.2, 1.2))
      const until = at + longest * length
      faults.push({ kind: 'stall', box, at, until, sparesMasters })
      at = until + random.scaled(0.01, 10) * cluster.longestInterval
    }
  }
  return faults.sort((a, b) => a.at - b.at)
}

function drawBoxFault(
  random: Random,
  kind: (typeof boxKinds)[number],
  box: number,
  at: number,
  until: number,
): Fault {
  switch (kind) {
    case 'pause':
      return {
        kind,
        box,
        at,
        until,
        clockStands: random.chance(0.5),
        packetsAreLost: random.chance(0.5),
      }
    case 'kill':
      return { kind, box, at, until, removedAfter: Math.min(random.between(0, 8), until - at) }
    case 'stall':
      return { kind, box, at, until, sparesMasters: false }
    case 'restart':
    case 'power loss':
      return { kind, box, at, until }
  }
}

function drawOther(
  random: Random,
  cluster: Cluster,
  kind: (typeof otherKinds)[number],
  at: number,
  until: number,
): Fault | null {
  const unit = cluster.longestInterval
  const segment = random.integer(0, cluster.segments.length - 1)
  const box = random.integer(0, cluster.boxes.length - 1)
  const other = (box + random.integer(1, cluster.boxes.length - 1)) % cluster.boxes.length
  const router = random.integer(0, cluster.boxes[0]!.routers.length - 1)
  switch (kind) {
    case 'loss':
      return { kind, at, until, segment, chance: random.scaled(0.02, 0.9) }
    case 'duplication':
      return { kind, at, until, segment, chance: random.between(0.1, 0.9) }
    case 'reordering':
      return { kind, at, until, segment, most: random.scaled(0.1, 5) * unit }
    case 'one-way partition':
      return { kind, at, until, segment, from: box, to: other }
    case 'partition':
      return { kind, at, until, segment, one: box, other }
    case 'interface down':
    case 'address missing':
      return { kind, at, until, box, segment }
    case 'reconfiguration': {
      const { change, stays } = drawChange(random, cluster.boxes[box]!.routers[router]!)
      return { kind, at, until, box, router, change, stays }
    }
    case 'wrong version': {
      const { family, interval } = cluster.boxes[box]!.routers[router]!
      // v2 counts in seconds: with shorter intervals the run would be long, and wait.
      if (family === 'inet6' || interval < 250) return null
      return { kind, at, until, box, router }
    }
    case 'failover':
      return { kind, at, until: at, box, router: random.chance(0.5) ? router : null }
    case 'maintenance':
      return { kind, at, until, box }
    case 'tracker down': {
      const tracker = random.pick([scriptTracker, fatalTracker])
      return { kind, at, until, box, tracker }
    }
    case 'flood': {
      const manner = random.pick(floodManners)
      const pause = random.scaled(0.1, 2)
      return { kind, at, until: at + pause * 500, segment, router, manner, pause }
    }
  }
}

const floodManners = ['lower', 'release', 'like the target', 'many sources', 'higher'] as const

type Change = { readonly change: Partial<RouterConfig> | null; readonly stays: boolean }

function drawChange(random: Random, config: RouterConfig): Change {
  const changes: [Change, ...Change[]] = [
    { change: { priority: random.integer(1, 254) }, stays: true },
    { change: { preempt: !config.preempt }, stays: true },
    { change: { name: `${config.name}-renamed` }, stays: true },
    { change: { addresses: [...config.addresses, moreAddress(config)] }, stays: true },
    { change: null, stays: false },
  ]
  if (config.syncGroup !== null) changes.push({ change: { syncGroup: null }, stays: false })
  if (config.version === 3) {
    changes.push({ change: { interval: milliseconds(config.interval * 2) }, stays: true })
  }
  return random.pick(changes)
}

const moreAddress = ({ family }: RouterConfig) =>
  virtualAddress(family === 'inet' ? '192.0.2.200' : 'fe80::1:200')

import { type Duration, milliseconds } from '../../appliance/values/duration.ts'
import { type Family, type IpAddress, ipAddress } from '../../appliance/values/ip-address.ts'
import type { Authentication } from '../../appliance/vrrp/advert.ts'
import type { InterfaceSeen } from '../../appliance/vrrp/ensemble.ts'
import type { RouterConfig, Transport } from '../../appliance/vrrp/router-config.ts'
import type { Random } from './random.ts'

/** The boxes of a run and what they are configured to be. */
export type Cluster = {
  readonly segments: readonly string[]
  readonly boxes: readonly BoxPlan[]
  /** Of all routers. */
  readonly shortestInterval: number
  readonly longestInterval: number
  /** Adverts pass through the bytes of encode.ts and decode.ts, not as values. */
  readonly asBytes: boolean
  /** The way of a packet, least and most, when nothing is wrong. */
  readonly delay: readonly [number, number]
  /** By how much a timer fires too late at most when nothing is wrong. */
  readonly lateness: number
}

export type BoxPlan = {
  readonly name: string
  readonly startsAt: number
  readonly clockRate: number
  readonly clockBegan: number
  readonly routers: readonly RouterConfig[]
  readonly interfaces: ReadonlyMap<string, InterfaceSeen>
}

/** What a router has in common on all boxes. */
type Shared = Pick<
  RouterConfig,
  | 'name'
  | 'interface'
  | 'vrid'
  | 'version'
  | 'family'
  | 'interval'
  | 'downAfter'
  | 'authentication'
  | 'addresses'
  | 'syncGroup'
  | 'secondPaths'
> & { readonly unicast: boolean; readonly preempt: boolean; readonly tied: boolean }

const networks = { inet: ['192.0.2.', '198.51.100.'], inet6: ['fe80::1:', 'fe80::2:'] } as const
const groups = { inet: ipAddress('224.0.0.18'), inet6: ipAddress('ff02::12') }
const v3Intervals = [10, 50, 100, 100, 250, 1000] as const

const boxNames = ['anna', 'bert', 'cleo', 'dirk', 'emma'] as const

export const scriptTracker = 'check_service'
export const fatalTracker = 'check_disk'

export function drawCluster(random: Random): Cluster {
  const count = random.pick([2, 2, 2, 2, 3, 3, 4, 5])
  const segments = random.chance(0.5) ? ['eth0', 'eth1'] : ['eth0']
  const asBytes = random.chance(0.1)
  const routers = drawRouters(random, segments, asBytes)
  // Which box has the highest address is another question on each segment.
  const places = segments.map(() => random.shuffled([...Array(count).keys()]))
  const addressOf = (box: number, segment: number, family: Family): IpAddress =>
    `${networks[family][segment]}${10 + places[segment]![box]!}` as IpAddress
  const priorities = routers.map(shared => drawPriorities(random, count, shared.tied))
  const owner = random.chance(0.08) ? random.integer(0, count - 1) : null
  const boxes = boxNames.slice(0, count).map((name, box): BoxPlan => {
    const interfaces = segments.map((eth, segment): [string, InterfaceSeen] => [
      eth,
      {
        down: null,
        inet: addressOf(box, segment, 'inet'),
        inet6: addressOf(box, segment, 'inet6'),
      },
    ])
    const configs = routers.map((shared, index) => {
      const segment = segments.indexOf(shared.interface)
      const others = [...Array(count).keys()].filter(other => other !== box)
      const peers = others.map(other => addressOf(other, segment, shared.family))
      const priority = box === owner ? 255 : priorities[index]![box]!
      return routerOn(random, shared, priority, peers)
    })
    return {
      name,
      startsAt: random.between(0, 3 * routers[0]!.interval),
      clockRate: random.chance(0.5) ? 1 : random.between(0.99, 1.01),
      clockBegan: random.between(0, 1e9),
      routers: configs,
      interfaces: new Map(interfaces),
    }
  })
  const intervals = boxes.flatMap(box => box.routers.map(({ interval }) => interval))
  const shortestInterval = Math.min(...intervals)
  const most = random.scaled(0.05, shortestInterval * 0.05)
  return {
    segments,
    boxes,
    shortestInterval,
    longestInterval: Math.max(...intervals),
    asBytes,
    delay: [most / 4, most],
    lateness: Math.min(2, shortestInterval * 0.1),
  }
}

function drawRouters(random: Random, segments: readonly string[], asBytes: boolean): Shared[] {
  const count = random.pick([1, 1, 2, 2, 3])
  const grouped = count > 1 && random.chance(0.4)
  const oldVersion = random.chance(0.25)
  const base = milliseconds(oldVersion ? 1000 : random.pick(v3Intervals))
  const preempt = random.chance(0.7)
  const twoPaths = segments.length > 1 && random.chance(0.5)
  return Array.from({ length: count }, (_, index): Shared => {
    const version = oldVersion && random.chance(0.7) ? 2 : 3
    const family = version === 3 && random.chance(0.4) ? 'inet6' : 'inet'
    const eth = random.pick(segments) ?? 'eth0'
    const prefix = family === 'inet' ? networks.inet[0] : networks.inet6[0]
    const syncGroup = grouped && (index < 2 || random.chance(0.5)) ? 'pair' : null
    return {
      name: `router-${index + 1}`,
      interface: eth,
      vrid: 51 + index,
      version,
      family,
      interval: milliseconds(base * random.pick([1, 1, 1, 2])),
      downAfter: random.pick([3, 3, 3, 3, 2, 5]),
      authentication: asBytes ? drawAuthentication(random, version) : { kind: 'none' },
      addresses: [virtualAddress(`${prefix}${100 + index}`)],
      syncGroup,
      secondPaths: twoPaths ? segments.filter(other => other !== eth) : [],
      unicast: random.chance(0.2),
      preempt,
      // Two boxes with the same priority that each have the higher address on one segment of the
      // group can give way to each other again and again: priorities of a group should differ.
      tied: syncGroup === null && random.chance(0.2),
    }
  })
}

function routerOn(
  random: Random,
  { unicast, tied: _, ...shared }: Shared,
  priority: number,
  peers: readonly IpAddress[],
): RouterConfig {
  const { version, interval, family } = shared
  const stretched = version === 3 && random.chance(0.15) ? interval * 2 : interval
  const transport: Transport = unicast
    ? { kind: 'unicast', peers, leastTtl: 255, ttl: 255 }
    : { kind: 'multicast', group: groups[family] }
  return {
    ...shared,
    priority,
    interval: milliseconds(stretched),
    preemptDelay: sometimes(random, 0.2, () => milliseconds(interval * random.integer(1, 8))),
    startDelay: sometimes(random, 0.2, () => milliseconds(interval * random.integer(1, 6))),
    handover: random.chance(0.8) ? 'at-once' : 'after-skew',
    transport,
    source: null,
    checksum: random.chance(0.8) ? 'with-pseudo-header' : 'without-pseudo-header',
    routes: [],
    rules: [],
    announcing: {
      repeat: 5,
      delay: milliseconds(5 * interval),
      refresh: random.chance(0.2) ? milliseconds(20 * interval) : null,
      spacing: milliseconds(0),
    },
    tracks: [
      { tracker: scriptTracker, weight: random.pick([-200, -30, 30]), reverse: false },
      { tracker: fatalTracker, weight: null, reverse: false },
    ],
    virtualMac: false,
  }
}

const sometimes = (random: Random, probability: number, draw: () => Duration): Duration =>
  random.chance(probability) ? draw() : milliseconds(0)

function drawPriorities(random: Random, count: number, tied: boolean): number[] {
  const one = random.integer(1, 254)
  return Array.from({ length: count }, () => (tied ? one : random.integer(1, 254)))
}

function drawAuthentication(random: Random, version: 2 | 3): Authentication {
  if (version === 2 && random.chance(0.4)) return { kind: 'password', password: 'secret' }
  if (random.chance(0.5)) return { kind: 'none' }
  const secret = Uint8Array.from({ length: 32 }, (_, index) => index)
  const keys = [{ id: 7, secret }]
  // Longer than any stall: what waits in a socket does not become stale here.
  return { kind: 'hmac', keys, activeKey: 7, mode: 'enforce', window: milliseconds(120_000) }
}

export const virtualAddress = (text: string): RouterConfig['addresses'][number] => ({
  prefix: { address: ipAddress(text), length: text.includes(':') ? 64 : 24 },
  interface: null,
  label: null,
  scope: 'global',
  advertised: true,
})

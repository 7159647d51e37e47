import type { DirectorConfig, ServiceConfig } from '../health/service-config.ts'
import { type Family, familyOf } from '../values/ip-address.ts'
import type { Prefix } from '../values/prefix.ts'
import { holds } from './networks.ts'
import type { Destination } from './service.ts'

/** What the kernel has to do differently for a director, each with its reason for people. */
export type KernelSetting = {
  /** Below /proc/sys; with slashes, for names of interfaces have dots. */
  readonly name: string
  readonly wish: Wish
  readonly reason: string
}

export type Wish =
  | { readonly kind: 'exactly'; readonly value: string }
  /** Of a setting where the larger one of the interface's and that of `all` counts. */
  | { readonly kind: 'at-least'; readonly value: number; readonly all: string }
  /** Anything but `value`; where that counts, it becomes `instead`. */
  | {
      readonly kind: 'anything-but'
      readonly value: number
      readonly instead: number
      /** As above; null: the interface's own counts alone. */
      readonly all: string | null
    }

/** An interface of this box that clients or servers are reached by. */
export type DirectorInterface = { readonly name: string; readonly networks: readonly Prefix[] }

/**
 * In the order in which they are set. What is left alone on purpose, and why, stands in
 * docs/guides/direct-routing.md.
 */
export function kernelSettings(
  config: DirectorConfig,
  interfaces: readonly DirectorInterface[],
  /** nft rules for one-arm NAT are in force. */
  rewritesSources: boolean,
): readonly KernelSetting[] {
  if (config.services.length === 0) return []
  return [
    ...forwarding(config, interfaces),
    ...reversePath(config, interfaces),
    ...oneAnswerPerSegment(interfaces),
    ...table(config, rewritesSources),
    ...(config.sync === null ? [] : sync(config)),
  ]
}

const ipv4 = (interfaceName: string, setting: string): string =>
  `net/ipv4/conf/${interfaceName}/${setting}`

const exactly = (name: string, value: string, reason: string): KernelSetting => ({
  name,
  wish: { kind: 'exactly', value },
  reason,
})

/** Only NAT's answers pass through the director; DR and TUN leave from inside of IPVS. */
function forwarding(
  config: DirectorConfig,
  interfaces: readonly DirectorInterface[],
): readonly KernelSetting[] {
  const families = new Set(config.services.flatMap(service => waysOf(service).natFamilies))
  const inet = [
    exactly('net/ipv4/ip_forward', '1', 'with NAT the servers answer their clients through here'),
    // One of the two suffices for a redirect to be sent.
    ...['all', ...interfaces.map(({ name }) => name)].map(name =>
      exactly(
        ipv4(name, 'send_redirects'),
        '0',
        'a server told to answer past the director would answer with its own address',
      ),
    ),
  ]
  const inet6 = [
    // First: a router drops the default route that it has learned, unless this is 2.
    ...interfaces.map(
      ({ name }): KernelSetting => ({
        name: `net/ipv6/conf/${name}/accept_ra`,
        wish: { kind: 'anything-but', value: 1, instead: 2, all: null },
        reason: 'a box that forwards IPv6 no longer listens to router advertisements with 1',
      }),
    ),
    exactly(
      'net/ipv6/conf/all/forwarding',
      '1',
      'with NAT the servers answer their clients through here',
    ),
  ]
  return [...(families.has('inet') ? inet : []), ...(families.has('inet6') ? inet6 : [])]
}

function reversePath(
  config: DirectorConfig,
  interfaces: readonly DirectorInterface[],
): readonly KernelSetting[] {
  if (!config.services.some(service => waysOf(service).past)) return []
  return interfaces.map(({ name }) => ({
    name: ipv4(name, 'rp_filter'),
    wish: { kind: 'anything-but', value: 1, instead: 2, all: ipv4('all', 'rp_filter') },
    reason: 'answers go past the director, so its way to a client need not be the one it came by',
  }))
}

function oneAnswerPerSegment(interfaces: readonly DirectorInterface[]): readonly KernelSetting[] {
  return interfaces
    .filter(one => interfaces.some(other => other !== one && shareSegment(one, other)))
    .flatMap(({ name }): readonly KernelSetting[] => [
      {
        name: ipv4(name, 'arp_ignore'),
        wish: { kind: 'at-least', value: 1, all: ipv4('all', 'arp_ignore') },
        reason:
          'two interfaces are in one network: only the one that has an address may answer for it',
      },
      {
        name: ipv4(name, 'arp_announce'),
        wish: { kind: 'at-least', value: 2, all: ipv4('all', 'arp_announce') },
        reason:
          'two interfaces are in one network: none may tell neighbours an address of the other',
      },
    ])
}

const shareSegment = (one: DirectorInterface, other: DirectorInterface): boolean =>
  one.networks.some(
    network =>
      familyOf(network.address) === 'inet' &&
      other.networks.some(
        second => holds(network, second.address) || holds(second, network.address),
      ),
  )

const vs = (setting: string): string => `net/ipv4/vs/${setting}`

/** Documentation/networking/ipvs-sysctl.rst of the kernel. */
function table(config: DirectorConfig, rewritesSources: boolean): readonly KernelSetting[] {
  const nodest = exactly(
    vs('expire_nodest_conn'),
    '1',
    'a client of a server that has left the table is told so; otherwise its packets vanish',
  )
  const template = exactly(
    vs('expire_quiescent_template'),
    '1',
    'a persistent client of a server with weight 0 gets another one for its next connection',
  )
  const conntrack = exactly(
    vs('conntrack'),
    '1',
    'the rules that rewrite the source of one-arm NAT see what connection tracking sees',
  )
  const persists = config.services.some(({ settings }) => settings.persistence !== null)
  return [nodest, ...(persists ? [template] : []), ...(rewritesSources ? [conntrack] : [])]
}

function sync(config: DirectorConfig): readonly KernelSetting[] {
  const told = 'each connection is told to the other box as soon as it stands'
  const settings = [
    // 0 0 alone means never: then the refresh period decides. So that first.
    exactly(vs('sync_refresh_period'), '10', `${told}, and again after 10 s, not every 50 packets`),
    exactly(vs('sync_retries'), '1', 'sync goes over UDP: what is lost once is told once more'),
    // Heeded when a daemon starts.
    exactly(
      vs('sync_ports'),
      String(config.sync?.channels ?? 1),
      'so many channels are configured',
    ),
    exactly(vs('sync_threshold'), '0 0', `${told}, not after its third packet`),
  ]
  const found = config.services.filter(findsTheSameServer)
  const sloppy = (protocol: 'tcp' | 'sctp'): KernelSetting =>
    exactly(
      vs(`sloppy_${protocol}`),
      '1',
      'after a failover a connection that was not told yet finds its server again by its address',
    )
  const serves = (protocol: string): boolean =>
    found.some(({ at }) => at.some(one => one.kind === 'mark' || one.protocol === protocol))
  return [
    ...settings,
    ...(serves('tcp') ? [sloppy('tcp')] : []),
    ...(serves('sctp') ? [sloppy('sctp')] : []),
  ]
}

/** Without an entry in the connection table too. */
const findsTheSameServer = ({ settings }: ServiceConfig): boolean =>
  settings.persistence !== null || ['sh', 'mh', 'dh'].includes(settings.scheduler)

type Ways = {
  readonly natFamilies: readonly Family[]
  /** Some answers do not come back through here. */
  readonly past: boolean
}

/** This is asked at every change, and of ten thousand servers few change. */
const ways = new WeakMap<ServiceConfig, Ways>()

function waysOf(service: ServiceConfig): Ways {
  const known = ways.get(service)
  if (known !== undefined) return known
  const { servers, sorry } = service
  const destinations: readonly Destination[] = sorry === null ? servers : [...servers, sorry]
  const byNat = destinations.filter(({ settings }) => settings.forwarding.method === 'nat')
  const natFamilies = [...new Set(byNat.map(({ at }) => familyOf(at.address)))]
  const found = { natFamilies, past: byNat.length < destinations.length }
  ways.set(service, found)
  return found
}

import type { Duration } from '../values/duration.ts'
import type { Family, IpAddress } from '../values/ip-address.ts'
import type { Prefix } from '../values/prefix.ts'
import type { FirewallWish } from './firewall.ts'
import type { VrrpGuardWish } from './vrrp-guard.ts'

export type NetworkPart = {
  /** Null: the one that it has by itself. */
  readonly hostname: string | null
  /** Null: each port with a cable asks by DHCP. */
  readonly network: NetworkWish | null
  /** Null: everything may come in. */
  readonly firewall: Omit<FirewallWish, 'webPort' | 'pairPort'> | null
  /** Null: there is nothing to guard. */
  readonly vrrpGuard: VrrpGuardWish | null
}

/** The network of this box as it should be. */
export type NetworkWish = {
  /** What carries others stands before them. */
  readonly interfaces: readonly InterfaceWish[]
  readonly routes: readonly RouteWish[]
  readonly nameServers: readonly IpAddress[]
  readonly searchDomains: readonly string[]
}

export type InterfaceWish = {
  readonly name: string
  /** Null: a port, which is there or is not. */
  readonly made: MadeInterface | null
  /** The bond or bridge that it is a member of. */
  readonly master: string | null
  /** Null: as it comes. */
  readonly mtu: number | null
  readonly addresses: readonly Prefix[]
  readonly dhcp: boolean
  readonly ipv6: 'slaac' | 'static' | 'off'
}

export type MadeInterface =
  | ({ readonly kind: 'bond' } & BondSettings)
  | { readonly kind: 'vlan'; readonly parent: string; readonly id: number }
  | { readonly kind: 'bridge' }

export type BondSettings = {
  readonly mode: BondMode
  readonly monitorInterval: Duration
  readonly lacpRate: 'slow' | 'fast'
  readonly transmitHash: 'layer2' | 'layer2+3' | 'layer3+4'
}

export type BondMode =
  | 'balance-rr'
  | 'active-backup'
  | 'balance-xor'
  | 'broadcast'
  | '802.3ad'
  | 'balance-tlb'
  | 'balance-alb'

export type RouteWish = {
  readonly family: Family
  /** Null: everything. */
  readonly destination: Prefix | null
  readonly gateway: IpAddress
  readonly interface: string | null
  /** Null: the kernel's usual one. */
  readonly metric: number | null
}

/** Nothing of ours: what is marked goes, all else stays. */
export const noNetwork: NetworkWish = {
  interfaces: [],
  routes: [],
  nameServers: [],
  searchDomains: [],
}

import type { Duration } from '../values/duration.ts'
import type { Family, IpAddress } from '../values/ip-address.ts'
import type { Prefix } from '../values/prefix.ts'
import type { Authentication, ChecksumForm } from './advert.ts'

/** One virtual router (keepalived: vrrp_instance) as this box runs it. */
export type RouterConfig = {
  readonly name: string
  readonly interface: string
  readonly vrid: number
  readonly version: 2 | 3
  readonly family: Family
  /** 1 to 255; 255 is the address owner's, whose priority no tracker changes. */
  readonly priority: number
  readonly interval: Duration
  /** Silence of so many intervals, and the skew, makes a backup master. RFC: 3. */
  readonly downAfter: number
  readonly preempt: boolean
  /** From the first moment at which it might preempt. */
  readonly preemptDelay: Duration
  /** From the start of vrrpd: no advert is heard, nobody is elected (bonds, spanning tree). */
  readonly startDelay: Duration
  /** What a backup does when the master gives up: RFC: waits for its skew; a pair need not. */
  readonly handover: 'at-once' | 'after-skew'
  readonly transport: Transport
  /** Null: the interface's first address (IPv4) or link-local address (IPv6). */
  readonly source: IpAddress | null
  readonly authentication: Authentication
  readonly checksum: ChecksumForm
  readonly addresses: readonly VirtualAddress[]
  readonly routes: readonly VirtualRoute[]
  readonly rules: readonly VirtualRule[]
  readonly announcing: Announcing
  readonly tracks: readonly Track[]
  readonly syncGroup: string | null
  /** Addresses on a macvlan with the router's own MAC (RFC 9568 7.3). */
  readonly virtualMac: boolean
  /** Interfaces on which a release (priority 0) is said and heard too: a pair's second path. */
  readonly secondPaths: readonly string[]
}

export type Transport =
  | { readonly kind: 'multicast'; readonly group: IpAddress }
  | {
      readonly kind: 'unicast'
      readonly peers: readonly IpAddress[]
      /** RFC 5082 guards unicast too between neighbours; less than 255 for routed peers. */
      readonly leastTtl: number
      readonly ttl: number
    }

export type VirtualAddress = {
  readonly prefix: Prefix
  /** Null: the router's own interface. */
  readonly interface: string | null
  readonly label: string | null
  readonly scope: 'global' | 'link' | 'host'
  /** Excluded ones move with the router and are not in its adverts (keepalived: _excluded). */
  readonly advertised: boolean
}

export type VirtualRoute = {
  /** Null: the default route of the gateway's family. */
  readonly destination: Prefix | null
  readonly gateway: IpAddress | null
  readonly interface: string | null
  readonly source: IpAddress | null
  readonly table: number
  readonly metric: number | null
}

export type VirtualRule = {
  readonly from: Prefix | null
  readonly to: Prefix | null
  readonly mark: number | null
  readonly table: number
  readonly preference: number
}

/** Gratuitous ARP and unsolicited neighbour advertisements of a master. */
export type Announcing = {
  /** In the first burst, and again after `delay`. */
  readonly repeat: number
  readonly delay: Duration
  /** Null: never again. */
  readonly refresh: Duration | null
  /** Least time between two frames on one interface. */
  readonly spacing: Duration
}

export type Track = {
  readonly tracker: string
  /** Null: when the tracker is down, a FAULT. Above 0: added while up. Below: while down. */
  readonly weight: number | null
  /** Up counts as down, and down as up. */
  readonly reverse: boolean
}

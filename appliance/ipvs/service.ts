import type { Family, IpAddress } from '../values/ip-address.ts'

/** The words of the kernel's IPVS table. */

export type Protocol = 'tcp' | 'udp' | 'sctp'

/** What the kernel tells services apart by. */
export type ServiceAt =
  | {
      readonly kind: 'address'
      readonly protocol: Protocol
      readonly address: IpAddress
      /** 0: every port; takes persistence. */
      readonly port: number
    }
  /** Whatever nftables has marked so. */
  | { readonly kind: 'mark'; readonly family: Family; readonly mark: number }

export type Persistence = {
  readonly seconds: number
  /** So many bits of a client's address make it the same client. */
  readonly prefixLength: number
  /** `sip`; null: by address. */
  readonly engine: string | null
}

export type ServiceSettings = {
  readonly scheduler: string
  /** What each means is the scheduler's business: sh and mh have fallback (1) and port (2). */
  readonly schedulerFlags: readonly (1 | 2 | 3)[]
  readonly persistence: Persistence | null
  /** UDP: each packet goes its own way. */
  readonly onePacket: boolean
}

export type TunnelChecksum = 'none' | 'full' | 'remote'

export type Tunnel =
  | { readonly type: 'ipip' }
  | { readonly type: 'gre'; readonly checksum: 'none' | 'full' }
  | { readonly type: 'gue'; readonly port: number; readonly checksum: TunnelChecksum }

export type Forwarding =
  | { readonly method: 'nat' }
  | { readonly method: 'direct' }
  | { readonly method: 'tunnel'; readonly tunnel: Tunnel }

export type DestinationAt = {
  /** With a tunnel its family may be another than the service's. */
  readonly address: IpAddress
  readonly port: number
}

export type DestinationSettings = {
  readonly forwarding: Forwarding
  /** 0: no new connections. */
  readonly weight: number
  /** Connections at which it gets no more, and below which it gets some again; 0: no limit. */
  readonly upper: number
  readonly lower: number
}

export type Destination = { readonly at: DestinationAt; readonly settings: DestinationSettings }

export type Service = {
  readonly at: ServiceAt
  readonly settings: ServiceSettings
  readonly destinations: readonly Destination[]
}

/** One text for each service and each destination, for maps. */
export const serviceKey = (at: ServiceAt): string =>
  at.kind === 'mark' ? `mark ${at.mark} ${at.family}` : `${at.protocol} ${at.address} ${at.port}`

export const destinationKey = ({ address, port }: DestinationAt): string => `${address} ${port}`

/** Since the service or destination is in the table; rates are per second. */
export type Traffic = {
  readonly connections: number
  readonly packetsIn: number
  readonly packetsOut: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly connectionsPerSecond: number
  readonly packetsInPerSecond: number
  readonly packetsOutPerSecond: number
  readonly bytesInPerSecond: number
  readonly bytesOutPerSecond: number
}

export type SeenDestination = Destination & {
  readonly active: number
  readonly inactive: number
  readonly persistent: number
  readonly traffic: Traffic
}

/** As the kernel has it. */
export type SeenService = {
  readonly at: ServiceAt
  readonly settings: ServiceSettings
  readonly destinations: readonly SeenDestination[]
  readonly traffic: Traffic
}

import { type Datagram, RawIpSocket } from '../linux/raw-ip-socket.ts'
import type { IpAddress } from '../values/ip-address.ts'
import { protocolNumber, usualGroup, vridOf } from '../vrrp/advert-layout.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'

/** A router that hears and speaks on a socket. */
export type Speaker = {
  readonly router: string
  readonly interface: string
  readonly secondPath: boolean
}

type Endpoint = {
  readonly socket: RawIpSocket
  speakers: Map<number, Speaker[]>
}

type Wanted = {
  readonly key: string
  readonly config: RouterConfig
  readonly interface: { readonly name: string; readonly index: number }
  readonly secondPath: boolean
}

export type AdvertSocketsSite = {
  readonly onReadable: () => void
  readonly onDatagram: (datagram: Datagram, speaker: Speaker) => void
  readonly onUnknownVrid: () => void
  readonly onRefused: (router: string, why: string) => void
}

/**
 * One socket for all routers that share an interface, a family and a group. They are opened and
 * closed as routers and interfaces come and go; what stays the same stays open, and loses nothing.
 */
export class AdvertSockets {
  readonly #site: AdvertSocketsSite
  #endpoints = new Map<string, Endpoint>()
  #byRouter = new Map<string, RawIpSocket>()
  #seconds = new Map<string, { readonly socket: RawIpSocket; readonly interface: string }[]>()

  constructor(site: AdvertSocketsSite) {
    this.#site = site
  }

  /** `indexes`: of the interfaces that are there. */
  want(configs: readonly RouterConfig[], indexes: ReadonlyMap<string, number>): void {
    const wanted = configs.flatMap(config => endpointsOf(config, indexes))
    const keys = new Set(wanted.map(({ key }) => key))
    for (const [key, { socket }] of this.#endpoints) {
      if (keys.has(key)) continue
      socket.close()
      this.#endpoints.delete(key)
    }
    for (const endpoint of this.#endpoints.values()) endpoint.speakers = new Map()
    this.#byRouter = new Map()
    this.#seconds = new Map()
    for (const each of wanted) this.#take(each)
  }

  #take(wanted: Wanted): void {
    const { key, config, secondPath } = wanted
    const endpoint = this.#endpoints.get(key) ?? this.#open(wanted)
    if (endpoint === null) return
    this.#endpoints.set(key, endpoint)
    const speakers = endpoint.speakers.get(config.vrid) ?? []
    endpoint.speakers.set(config.vrid, [
      ...speakers,
      { router: config.name, interface: wanted.interface.name, secondPath },
    ])
    if (!secondPath) {
      this.#byRouter.set(config.name, endpoint.socket)
      return
    }
    const seconds = this.#seconds.get(config.name) ?? []
    const second = { socket: endpoint.socket, interface: wanted.interface.name }
    this.#seconds.set(config.name, [...seconds, second])
  }

  #open({ config, interface: on, secondPath }: Wanted): Endpoint | null {
    const { family } = config
    const { ttl, leastTtl } = hops(config, secondPath)
    const group = groupOf(config, secondPath)
    const groups = group === null ? [] : [group]
    try {
      const socket = RawIpSocket.open({
        protocol: protocolNumber,
        interface: on,
        family,
        groups,
        ttl,
        leastTtl,
      })
      socket.onReadable(this.#site.onReadable)
      return { socket, speakers: new Map() }
    } catch (error) {
      this.#site.onRefused(config.name, error instanceof Error ? error.message : String(error))
      return null
    }
  }

  /** Hands over everything that waits on any socket. */
  drain(): void {
    for (const { socket, speakers } of this.#endpoints.values()) {
      socket.drain(datagram => this.#handOver(datagram, speakers))
    }
  }

  /** And what the kernel has kept back for its TTL, so that it is counted. */
  drainRefused(): void {
    for (const { socket, speakers } of this.#endpoints.values()) {
      socket.refused(datagram => this.#handOver(datagram, speakers))
    }
  }

  #handOver(datagram: Datagram, speakers: Endpoint['speakers']): void {
    const heard = speakers.get(vridOf(datagram.payload) ?? 0)
    if (heard === undefined) this.#site.onUnknownVrid()
    else for (const speaker of heard) this.#site.onDatagram(datagram, speaker)
  }

  /** Null while the router's interface is not there. */
  socketOf(router: string): RawIpSocket | null {
    return this.#byRouter.get(router) ?? null
  }

  secondPathsOf(
    router: string,
  ): readonly { readonly socket: RawIpSocket; readonly interface: string }[] {
    return this.#seconds.get(router) ?? []
  }

  close(): void {
    for (const { socket } of this.#endpoints.values()) socket.close()
    this.#endpoints.clear()
  }
}

/** The group of a router's adverts; null for unicast. A second path always has a group. */
export function groupOf(config: RouterConfig, secondPath: boolean): IpAddress | null {
  const { transport, family } = config
  if (transport.kind === 'multicast') return transport.group
  return secondPath ? usualGroup[family] : null
}

function hops({ transport }: RouterConfig, secondPath: boolean): { ttl: number; leastTtl: number } {
  if (transport.kind === 'multicast' || secondPath) return { ttl: 255, leastTtl: 255 }
  return { ttl: transport.ttl, leastTtl: transport.leastTtl }
}

function endpointsOf(config: RouterConfig, indexes: ReadonlyMap<string, number>): Wanted[] {
  const own = { name: config.interface, secondPath: false }
  const seconds = config.secondPaths.map(name => ({ name, secondPath: true }))
  return [own, ...seconds].flatMap(({ name, secondPath }) => {
    const index = indexes.get(name)
    if (index === undefined) return []
    const { ttl, leastTtl } = hops(config, secondPath)
    const key = [index, config.family, groupOf(config, secondPath), ttl, leastTtl].join(' ')
    return [{ key, config, interface: { name, index }, secondPath }]
  })
}

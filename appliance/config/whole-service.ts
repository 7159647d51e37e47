import type { DestinationAt, Forwarding, ServiceAt, Tunnel } from '../ipvs/service.ts'
import { type Family, familyOf } from '../values/ip-address.ts'
import type { Path } from './path.ts'
import type { Document, Service } from './schema.ts'

/** A service with all decided that its servers inherit. */
export type WholeService = {
  readonly name: string
  readonly path: Path
  readonly service: Service
  readonly endpoints: readonly Endpoint[]
  readonly servers: readonly WholeServer[]
  readonly sorry: WholeSorry | null
  /** For servers that have no list of their own; null: each has the usual one. */
  readonly uses: readonly CheckUse[] | null
}

export type Endpoint = {
  readonly path: Path
  readonly at: ServiceAt
  readonly family: Family
  /** A virtual router of the document has to have its address. */
  readonly held: boolean
}

export type Reached = {
  readonly path: Path
  readonly at: DestinationAt
  /** False: it follows from the service. */
  readonly portWritten: boolean
  readonly forwarding: Forwarding
}

export type WholeServer = Reached & {
  readonly name: string
  readonly server: Server
  readonly inhibit: boolean
  readonly uses: readonly CheckUse[]
}

export type WholeSorry = Reached & { readonly inhibit: boolean }

/** A check in the list of a service or a server, written out. */
export type CheckUse = { readonly path: Path; readonly use: Use }

type Server = {
  readonly weight: number
  readonly upper: number
  readonly lower: number
  readonly notifyUp: Service['notifyUp']
  readonly notifyDown: Service['notifyDown']
}

type Use = Partial<Omit<Extract<Written, object>, 'check' | 'weight'>> & {
  readonly check: string
  readonly weight: number | null
}

type Written = NonNullable<Service['checks']>[number]

/** Of a service that is the same object as before nothing is made again. */
const made = new WeakMap<Service, WholeService>()

export const wholeServices = ({ cluster }: Document): readonly WholeService[] =>
  Object.entries(cluster.services).map(([name, service]) => {
    const known = made.get(service)
    if (known?.name === name) return known
    const path: Path = ['cluster', 'services', name]
    const endpoints = service.virtual.flatMap((written, index) =>
      endpointsOf(written, service.protocol, [...path, 'virtual', index]),
    )
    const port = commonPort(endpoints)
    const uses = checkUses(service.checks, path)
    const servers = Object.entries(service.servers).map(([server, written]): WholeServer => {
      const at: Path = [...path, 'servers', server]
      const { weight = 1, mostConnections: upper = 0, resumeBelow: lower = 0 } = plain(written)
      const { notifyUp = null, notifyDown = null, inhibit, checks } = plain(written)
      const whole = reached(at, written, service, port)
      return {
        ...whole,
        name: server,
        server: { weight, upper, lower, notifyUp, notifyDown },
        inhibit: inhibit ?? service.inhibit,
        uses: checkUses(checks, at) ?? uses ?? usualUses(at, endpoints, whole.at),
      }
    })
    const { sorryServer: sorry } = service
    const sorryPath: Path = [...path, 'sorryServer']
    const whole: WholeService = {
      name,
      path,
      service,
      endpoints,
      servers,
      uses,
      sorry: sorry && {
        ...reached(sorryPath, sorry, service, port),
        inhibit: 'inhibit' in sorry ? sorry.inhibit : false,
      },
    }
    made.set(service, whole)
    return whole
  })

/** Of a server that is only an address the rest is not written. */
const plain = (written: Service['servers'][string]): Partial<WrittenServer> => written

type WrittenServer = Extract<Service['servers'][string], { readonly weight: number }>

function endpointsOf(
  written: Service['virtual'][number],
  protocol: 'tcp' | 'udp' | 'sctp',
  path: Path,
): readonly Endpoint[] {
  if ('addresses' in written) {
    const { addresses, port } = written
    return addresses.map(address => ({
      path,
      at: { kind: 'address', protocol, address, port: port ?? 0 },
      family: familyOf(address),
      held: true,
    }))
  }
  const { mark, family = 'inet', held } = written
  if (mark !== undefined) return [{ path, at: { kind: 'mark', family, mark }, family, held: false }]
  return (written.address ?? []).map(address => ({
    path,
    at: {
      kind: 'address',
      protocol: written.protocol ?? protocol,
      address,
      port: written.port ?? 0,
    },
    family: familyOf(address),
    held,
  }))
}

/** 0: they have several, or no one port. The kernel takes the one that the client asked for. */
function commonPort(endpoints: readonly Endpoint[]): number {
  const ports = new Set(endpoints.map(({ at }) => (at.kind === 'mark' ? 0 : at.port)))
  const [port = 0, ...others] = ports
  return others.length === 0 ? port : 0
}

function reached(
  path: Path,
  written: Service['servers'][string] | NonNullable<Service['sorryServer']>,
  service: Service,
  usualPort: number,
): Reached {
  const own = 'forwarding' in written ? written.forwarding : undefined
  return {
    path,
    at: { address: written.address, port: written.port ?? usualPort },
    portWritten: written.port !== undefined,
    forwarding: forwardingOf(own ?? service.forwarding),
  }
}

function forwardingOf(written: Service['forwarding']): Forwarding {
  if (written === 'tunnel') return { method: 'tunnel', tunnel: { type: 'ipip' } }
  if (typeof written === 'string') return { method: written }
  return { method: 'tunnel', tunnel: tunnelOf(written) }
}

function tunnelOf({ tunnel, port = 0, checksum }: Exclude<Service['forwarding'], string>): Tunnel {
  switch (tunnel) {
    case 'ipip':
      return { type: 'ipip' }
    case 'gre':
      return { type: 'gre', checksum: checksum === 'remote' ? 'none' : checksum }
    case 'gue':
      return { type: 'gue', port, checksum }
  }
}

const checkUses = (written: Service['checks'], path: Path): readonly CheckUse[] | null =>
  written?.map((each, index) => ({
    path: [...path, 'checks', index],
    use: typeof each === 'string' ? { check: each, weight: null } : each,
  })) ?? null

/** A server that does not answer gets no connections, also where nobody thought of checks. */
function usualUses(
  path: Path,
  endpoints: readonly Endpoint[],
  { port }: DestinationAt,
): readonly CheckUse[] {
  const tcp = endpoints.flatMap(({ at }) =>
    at.kind === 'address' && at.protocol === 'tcp' ? [port === 0 ? at.port : port] : [],
  )
  const ports = [...new Set(tcp)].filter(each => each !== 0)
  if (ports.length === 0) return [{ path, use: { check: 'ping', weight: null } }]
  return ports.map(each => ({ path, use: { check: 'tcp', weight: null, port: each } }))
}

import type { DirectorConfig, ServiceConfig } from '../health/service-config.ts'
import { type Family, familyOf } from '../values/ip-address.ts'
import { type Prefix, prefixText } from '../values/prefix.ts'
import { holds, networkText } from './networks.ts'
import type { Destination, ServiceAt } from './service.ts'

/**
 * With NAT a server has to answer through the director, and to a client in its own network it
 * answers directly: the client gets an answer from a stranger. So such a client's packets go on
 * with the director's own address as their source, and the answer comes back here.
 *
 * The rules look at packets that IPVS has sent on already: `ct original` still knows the virtual
 * address (only with net.ipv4.vs.conntrack=1), the packet itself has the server's.
 */
export const natTable = 'inet diarch_nat'

/** `networks`: this box's own addresses, virtual ones left out. Null: nothing to rewrite. */
export function natRules(config: DirectorConfig, networks: readonly Prefix[]): string | null {
  const rules = unique(networks).flatMap(network => {
    return rulesOf(
      network,
      config.services.flatMap(service => nearPaths(service, network)),
    )
  })
  return rules.length === 0 ? null : tableText(rules)
}

/** Replaces all of the table in one transaction. */
const tableText = (rules: readonly string[]): string => `table ${natTable}
delete table ${natTable}
table ${natTable} {
  chain sources {
    type nat hook postrouting priority srcnat; policy accept;
${rules.map(rule => `    ${rule}\n`).join('')}  }
}
`

/** One way from a service to a server. */
type NatPath = { readonly service: ServiceAt; readonly server: Destination['at'] }

/** This is asked at every change, and of ten thousand servers few change. */
const known = new WeakMap<ServiceConfig, Map<string, readonly NatPath[]>>()

/** To servers in this network. */
function nearPaths(service: ServiceConfig, network: Prefix): readonly NatPath[] {
  const byNetwork = known.get(service) ?? new Map<string, readonly NatPath[]>()
  known.set(service, byNetwork)
  const name = prefixText(network)
  const paths = byNetwork.get(name) ?? pathsInto(service, network)
  byNetwork.set(name, paths)
  return paths
}

function pathsInto({ at, servers, sorry }: ServiceConfig, network: Prefix): readonly NatPath[] {
  const all: readonly Destination[] = sorry === null ? servers : [...servers, sorry]
  return all
    .filter(({ settings }) => settings.forwarding.method === 'nat')
    .filter(({ at: { address } }) => address !== network.address && holds(network, address))
    .flatMap(server => at.map(service => ({ service, server: server.at })))
}

function rulesOf(network: Prefix, near: readonly NatPath[]): readonly string[] {
  const family = familyOf(network.address)
  const own = network.address
  return [...addressRules(family, near), ...markRules(family, near)].map(match => {
    const ip = ipWord(family)
    return `${ip} saddr ${networkText(network)} ${match} snat ${ip} to ${own}`
  })
}

const ipWord = (family: Family): string => (family === 'inet' ? 'ip' : 'ip6')

/** Sets: thousands of servers are one look-up for a packet. */
function addressRules(family: Family, paths: readonly NatPath[]): readonly string[] {
  const [onePort, everyPort] = [new Set<string>(), new Set<string>()]
  for (const { service, server } of paths) {
    if (service.kind !== 'address') continue
    const way = `${service.address} . ${service.protocol} . ${server.address}`
    if (service.port === 0) everyPort.add(way)
    else onePort.add(`${way} . ${server.port}`)
  }
  const ip = ipWord(family)
  const way = `ct original ${ip} daddr . meta l4proto . ${ip} daddr`
  return [
    ...(onePort.size > 0 ? [`${way} . th dport ${set(onePort)}`] : []),
    ...(everyPort.size > 0 ? [`${way} ${set(everyPort)}`] : []),
  ]
}

function markRules(family: Family, paths: readonly NatPath[]): readonly string[] {
  const ways = paths.flatMap(({ service, server }) =>
    service.kind === 'mark' ? [`${service.mark} . ${server.address}`] : [],
  )
  return ways.length === 0 ? [] : [`meta mark . ${ipWord(family)} daddr ${set(new Set(ways))}`]
}

const set = (items: ReadonlySet<string>): string => `{ ${[...items].join(', ')} }`

const unique = (networks: readonly Prefix[]): readonly Prefix[] =>
  networks.filter(
    (network, index) =>
      networks.findIndex(other => networkText(other) === networkText(network)) === index,
  )

import { holds, networkText } from '../../ipvs/networks.ts'
import { familyOf, isLinkLocal } from '../../values/ip-address.ts'
import type { Prefix } from '../../values/prefix.ts'
import { entryOf } from '../entry.ts'
import { contradiction, type Problem } from '../finding.ts'
import { nameHint } from '../near.ts'
import { membersOf } from '../network-wish.ts'
import type { Path } from '../path.ts'
import type { Document, NetworkInterface } from '../schema.ts'
import type { WholeRouter } from '../whole-router.ts'
import { interfaceProblems } from './interfaces.ts'
import { familyName } from './transport.ts'

type Network = NonNullable<Document['node']['network']>

const at: Path = ['node', 'network']

/** The network of this box, by itself and together with the routers that stand on it. */
export function networkProblems(
  { node: { network, firewall } }: Document,
  routers: readonly WholeRouter[],
): readonly Problem[] {
  if (network === undefined) return []
  return [
    ...interfaceProblems(network.interfaces),
    ...ownAddressProblems(network),
    ...routeProblems(network),
    ...firewall.management.interfaces.flatMap((name, index) =>
      entryOf(network.interfaces, name) === undefined
        ? [noInterface(['node', 'firewall', 'management', 'interfaces', index], name, network)]
        : [],
    ),
    ...routers.flatMap(whole => [
      ...usedInterfaceProblems(network, whole),
      ...virtualAddressProblems(network, whole),
    ]),
  ]
}

type Own = { readonly name: string; readonly index: number; readonly prefix: Prefix }

const ownAddresses = ({ interfaces }: Network): readonly Own[] =>
  Object.entries(interfaces).flatMap(([name, { addresses }]) =>
    addresses.map((prefix, index) => ({ name, index, prefix })),
  )

function ownAddressProblems(network: Network): readonly Problem[] {
  const holders = new Map<string, string>()
  return ownAddresses(network).flatMap(({ name, index, prefix: { address } }) => {
    // A link-local address is another one on each interface.
    const id = isLinkLocal(address) ? `${address} ${name}` : address
    const other = holders.get(id)
    holders.set(id, name)
    if (other === undefined) return []
    const expected = other === name ? 'each address once' : `an address that ${other} has not`
    return [contradiction([...at, 'interfaces', name, 'addresses', index], expected)]
  })
}

function routeProblems(network: Network): readonly Problem[] {
  return network.routes.flatMap(({ destination, gateway, interface: way }, index): Problem[] => {
    const place = [...at, 'routes', index]
    const family = familyOf(gateway)
    if (destination !== 'default' && familyOf(destination.address) !== family) {
      return [contradiction(place, 'destination and gateway of one family')]
    }
    if (way !== undefined && entryOf(network.interfaces, way) === undefined) {
      return [noInterface([...place, 'interface'], way, network)]
    }
    if (isLinkLocal(gateway)) {
      if (way !== undefined) return []
      return [contradiction([...place, 'interface'], 'an interface: the gateway is link-local')]
    }
    const inside = ownAddresses(network).some(
      ({ name, prefix }) => (way === undefined || name === way) && holds(prefix, gateway),
    )
    if (inside || hasUnknownNetworks(network, way, family)) return []
    const expected = `a gateway in an ${familyName(family)} network of this box`
    return [contradiction([...place, 'gateway'], expected, networksHint(network, way))]
  })
}

/** What a server or a router will say of the networks is not known here. */
const hasUnknownNetworks = (
  { interfaces }: Network,
  way: string | undefined,
  family: 'inet' | 'inet6',
): boolean =>
  Object.entries(interfaces).some(
    ([name, one]) =>
      (way === undefined || name === way) &&
      !isMember(interfaces, name) &&
      (family === 'inet' ? one.dhcp : one.ipv6 === 'slaac'),
  )

const isMember = (interfaces: Network['interfaces'], name: string): boolean =>
  Object.values(interfaces).some(one => membersOf(one).includes(name))

function networksHint(network: Network, way: string | undefined): string {
  const known = ownAddresses(network)
    .filter(({ name }) => way === undefined || name === way)
    .map(({ prefix }) => networkText(prefix))
  return known.length === 0 ? 'there is none' : `there is ${known.slice(0, 8).join(', ')}`
}

const noInterface = (path: Path, name: string, { interfaces }: Network): Problem =>
  contradiction(path, 'an interface of node.network.interfaces', () =>
    nameHint(name, Object.keys(interfaces)),
  )

/** Every name by which a router takes an interface must lead to one that can carry it. */
function usedInterfaceProblems(network: Network, whole: WholeRouter): readonly Problem[] {
  const { path, router } = whole
  const uses: readonly (readonly [Path, string | null | undefined])[] = [
    [whole.pathOf('interface'), whole.interface],
    ...router.secondPaths.map((name, index) => [[...path, 'secondPaths', index], name] as const),
    ...whole.addresses.map(
      (address, index) =>
        [[...path, 'virtualAddresses', index, 'interface'], address.interface] as const,
    ),
    ...router.virtualRoutes.map(
      (route, index) => [[...path, 'virtualRoutes', index, 'interface'], route.interface] as const,
    ),
  ]
  return uses.flatMap(([place, name]): Problem[] => {
    if (name === null || name === undefined || name === 'lo') return []
    if (entryOf<NetworkInterface>(network.interfaces, name) === undefined) {
      return [noInterface(place, name, network)]
    }
    if (!isMember(network.interfaces, name)) return []
    return [contradiction(place, 'the bond or bridge, not one of its members')]
  })
}

/** vrrpd takes it away when this box is not master; an address owner's router adds it itself. */
function virtualAddressProblems(network: Network, whole: WholeRouter): readonly Problem[] {
  const virtual = new Set<string>(whole.addresses.map(({ prefix }) => prefix.address))
  return ownAddresses(network)
    .filter(({ prefix }) => virtual.has(prefix.address))
    .map(({ name, index }) =>
      contradiction(
        [...at, 'interfaces', name, 'addresses', index],
        `an address that is not virtual: the router ${whole.name} moves it`,
        'leave it out here: the router adds it by itself, also with priority 255',
      ),
    )
}

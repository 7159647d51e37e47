import type { DirectorConfig } from '../health/service-config.ts'
import type { InterfaceWish, MadeInterface, NetworkPart, NetworkWish } from '../network/wish.ts'
import { familyOf } from '../values/ip-address.ts'
import { entryOf } from './entry.ts'
import { firewallWish } from './firewall-wish.ts'
import type { Document, NetworkInterface } from './schema.ts'
import { vrrpGuardWish } from './vrrp-guard-wish.ts'

/** What of the document is about the network of this box. */
export const networkPart = (document: Document, director: DirectorConfig): NetworkPart => ({
  hostname: document.node.hostname ?? null,
  network: networkWish(document),
  firewall: firewallWish(document, director),
  vrrpGuard: vrrpGuardWish(document, director),
})

/** Null: the document says nothing of the network, and each port with a cable asks by DHCP. */
export function networkWish({ node }: Document): NetworkWish | null {
  if (node.network === undefined) return null
  const { interfaces, routes, dns } = node.network
  return {
    interfaces: carriersFirst(interfaces).map(name => interfaceWish(name, interfaces)),
    routes: routes.map(route => ({
      family: familyOf(route.gateway),
      destination: route.destination === 'default' ? null : route.destination,
      gateway: route.gateway,
      interface: route.interface ?? null,
      metric: route.metric ?? null,
    })),
    nameServers: dns.servers,
    searchDomains: dns.search,
  }
}

type Interfaces = Readonly<Record<string, NetworkInterface>>

export const membersOf = ({ bond, bridge }: NetworkInterface): readonly string[] => [
  ...(bond?.members ?? []),
  ...(bridge?.members ?? []),
]

/** What an interface is made of. */
export const carriersOf = (own: NetworkInterface): readonly string[] => [
  ...membersOf(own),
  ...(own.vlan === undefined ? [] : [own.vlan.parent]),
]

function carriersFirst(interfaces: Interfaces): readonly string[] {
  const ordered = new Set<string>()
  const visit = (name: string): void => {
    const found = entryOf(interfaces, name)
    if (found === undefined || ordered.has(name)) return
    for (const carrier of carriersOf(found)) visit(carrier)
    ordered.add(name)
  }
  for (const name of Object.keys(interfaces)) visit(name)
  return [...ordered]
}

function interfaceWish(name: string, interfaces: Interfaces): InterfaceWish {
  const own = entryOf(interfaces, name)
  if (own === undefined) throw new TypeError(`there is no interface ${name}`)
  const master = Object.entries(interfaces).find(([, other]) => membersOf(other).includes(name))
  const { addresses, dhcp, ipv6, mtu } = own
  return {
    name,
    made: made(own),
    master: master?.[0] ?? null,
    mtu: mtu ?? null,
    addresses,
    dhcp,
    ipv6,
  }
}

function made({ bond, vlan, bridge }: NetworkInterface): MadeInterface | null {
  if (bond !== undefined) {
    const { mode, monitorInterval, lacpRate, transmitHash } = bond
    return { kind: 'bond', mode, monitorInterval, lacpRate, transmitHash }
  }
  if (vlan !== undefined) return { kind: 'vlan', parent: vlan.parent, id: vlan.id }
  return bridge === undefined ? null : { kind: 'bridge' }
}

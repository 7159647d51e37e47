import { familyOf } from '../../values/ip-address.ts'
import { entryOf } from '../entry.ts'
import { contradiction, type Problem } from '../finding.ts'
import { nameHint } from '../near.ts'
import { carriersOf } from '../network-wish.ts'
import type { Path } from '../path.ts'
import type { NetworkInterface } from '../schema.ts'

type Interfaces = Readonly<Record<string, NetworkInterface>>

/** Each interface, and how they are made of one another. */
export function interfaceProblems(interfaces: Interfaces): readonly Problem[] {
  const masters = new Map<string, string>()
  const tags = new Map<string, string>()
  return Object.entries(interfaces).flatMap(([name, own]) => {
    const at: Path = ['node', 'network', 'interfaces', name]
    const wrongName = nameProblems(at, name)
    if (wrongName.length > 0) return wrongName
    return [
      ...kindProblems(at, own),
      ...carrierProblems(at, name, own, interfaces),
      ...memberProblems(at, name, own, interfaces, masters),
      ...tagProblems(at, name, own, tags),
      ...sizeProblems(at, own, interfaces),
      ...inet6Problems(at, own),
    ]
  })
}

const reserved = new Set(['lo', 'all', 'default'])

const nameProblems = (at: Path, name: string): readonly Problem[] =>
  reserved.has(name) ? [contradiction(at, 'another name: the kernel has this one')] : []

function kindProblems(at: Path, { bond, vlan, bridge }: NetworkInterface): readonly Problem[] {
  const kinds = [bond, vlan, bridge].filter(kind => kind !== undefined)
  return kinds.length > 1 ? [contradiction(at, 'one of bond, vlan and bridge')] : []
}

type Step = { readonly path: Path; readonly name: string }

const stepsOf = (at: Path, { bond, bridge, vlan }: NetworkInterface): readonly Step[] => [
  ...(bond?.members ?? []).map((name, index) => ({
    path: [...at, 'bond', 'members', index],
    name,
  })),
  ...(bridge?.members ?? []).map((name, index) => ({
    path: [...at, 'bridge', 'members', index],
    name,
  })),
  ...(vlan === undefined ? [] : [{ path: [...at, 'vlan', 'parent'], name: vlan.parent }]),
]

function carrierProblems(
  at: Path,
  name: string,
  own: NetworkInterface,
  interfaces: Interfaces,
): readonly Problem[] {
  return stepsOf(at, own).flatMap(({ path, name: carrier }): Problem[] => {
    if (entryOf(interfaces, carrier) === undefined) {
      const hint = () =>
        nameHint(
          carrier,
          Object.keys(interfaces).filter(other => other !== name),
        )
      return [contradiction(path, 'an interface of node.network.interfaces', hint)]
    }
    return reaches(carrier, name, interfaces)
      ? [contradiction(path, `an interface that is not made of ${name} itself`)]
      : []
  })
}

/** Whether an interface is made of another one, however far down. */
function reaches(from: string, to: string, interfaces: Interfaces): boolean {
  const seen = new Set<string>()
  const queue = [from]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next === to) return true
    const own = entryOf(interfaces, next)
    if (own === undefined || seen.has(next)) continue
    seen.add(next)
    queue.push(...carriersOf(own))
  }
  return false
}

/** A member has nothing of its own: what comes in belongs to its bond or bridge. */
function memberProblems(
  at: Path,
  name: string,
  own: NetworkInterface,
  interfaces: Interfaces,
  masters: Map<string, string>,
): readonly Problem[] {
  const kind = own.bond === undefined ? 'bridge' : 'bond'
  return (
    (own.bond ?? own.bridge)?.members.flatMap((member, index): Problem[] => {
      const path = [...at, kind, 'members', index]
      const other = masters.get(member)
      masters.set(member, name)
      if (other === name) return [contradiction(path, 'each member once')]
      if (other !== undefined) return [contradiction(path, `an interface that is not in ${other}`)]
      const inside = entryOf(interfaces, member)
      if (inside === undefined) return []
      const place = ['node', 'network', 'interfaces', member]
      if (kind === 'bond' && carriersOf(inside).length > 0) {
        return [contradiction(path, 'a port: a bond is made of ports')]
      }
      if (inside.addresses.length > 0) {
        return [contradiction([...place, 'addresses'], `no addresses: it is a member of ${name}`)]
      }
      if (inside.dhcp)
        return [contradiction([...place, 'dhcp'], `false: it is a member of ${name}`)]
      if (kind === 'bond' && inside.mtu !== undefined) {
        return [contradiction([...place, 'mtu'], `no size: it is that of ${name}`)]
      }
      return []
    }) ?? []
  )
}

function tagProblems(
  at: Path,
  name: string,
  { vlan }: NetworkInterface,
  tags: Map<string, string>,
): readonly Problem[] {
  if (vlan === undefined) return []
  const tag = `${vlan.parent} ${vlan.id}`
  const other = tags.get(tag)
  tags.set(tag, name)
  if (other === undefined) return []
  return [contradiction([...at, 'vlan', 'id'], `another number: ${other} has it on ${vlan.parent}`)]
}

function sizeProblems(
  at: Path,
  { mtu, vlan }: NetworkInterface,
  interfaces: Interfaces,
): readonly Problem[] {
  if (mtu === undefined || vlan === undefined) return []
  const parent = entryOf(interfaces, vlan.parent)?.mtu
  if (parent === undefined || mtu <= parent) return []
  return [contradiction([...at, 'mtu'], `at most ${parent}, which ${vlan.parent} has`)]
}

/** RFC 8200 5 */
const leastInet6Mtu = 1280

function inet6Problems(at: Path, { addresses, ipv6, mtu }: NetworkInterface): readonly Problem[] {
  if (ipv6 === 'off') {
    return addresses.flatMap(({ address }, index) =>
      familyOf(address) === 'inet6'
        ? [contradiction([...at, 'addresses', index], 'no IPv6 address: ipv6 is "off" here')]
        : [],
    )
  }
  if (mtu === undefined || mtu >= leastInet6Mtu) return []
  const hint = 'or "ipv6": "off"'
  return [contradiction([...at, 'mtu'], `at least ${leastInet6Mtu}, which IPv6 needs`, hint)]
}

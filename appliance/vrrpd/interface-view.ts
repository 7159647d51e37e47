import type { Interface, InterfaceChange, Interfaces } from '../linux/interfaces.ts'
import { familyOf, type IpAddress, isLinkLocal } from '../values/ip-address.ts'
import type { InterfaceSeen } from '../vrrp/ensemble.ts'
import type { Verdict } from '../vrrp/priority.ts'

/** An interface as the routers need it. `virtual`: addresses that come and go with them. */
export function seenAs(on: Interface, virtual: ReadonlySet<IpAddress>): InterfaceSeen {
  const own = on.addresses
    .map(({ prefix }) => prefix.address)
    .filter(address => !virtual.has(address))
  return {
    down: inTheWay(on),
    inet: own.find(address => familyOf(address) === 'inet') ?? null,
    inet6: own.find(isLinkLocal) ?? null,
  }
}

/** Those that have one of the names and are there. */
export function lookAt(
  interfaces: Interfaces,
  names: readonly string[],
  virtual: ReadonlySet<IpAddress>,
): Map<string, InterfaceSeen> {
  const seen = new Map<string, InterfaceSeen>()
  for (const name of new Set(names)) {
    const on = interfaces.named(name)
    if (on !== null) seen.set(name, seenAs(on, virtual))
  }
  return seen
}

export function verdictOn(on: Interface | null, name: string): Verdict {
  if (on === null) return { state: 'down', number: null, why: `there is no interface ${name}` }
  const why = inTheWay(on)
  if (why !== null) return { state: 'down', number: null, why }
  return { state: 'up', number: null, why: 'it is up and has a carrier' }
}

function inTheWay({ up, carrier }: Interface): string | null {
  if (!up) return 'it is set down'
  return carrier ? null : 'it has no carrier'
}

export const isNewOrGone = ({ before, after }: InterfaceChange): boolean =>
  before?.index !== after?.index || before?.name !== after?.name

export function sameInterfaces(
  a: ReadonlyMap<string, InterfaceSeen>,
  b: ReadonlyMap<string, InterfaceSeen>,
): boolean {
  if (a.size !== b.size) return false
  for (const [name, one] of a) {
    const other = b.get(name)
    if (other === undefined || one.down !== other.down) return false
    if (one.inet !== other.inet || one.inet6 !== other.inet6) return false
  }
  return true
}

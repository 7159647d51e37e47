import { type Duration, milliseconds } from '../values/duration.ts'
import { type Family, familyOf, type IpAddress, isLinkLocal } from '../values/ip-address.ts'
import { usualGroup } from '../vrrp/advert-layout.ts'
import type { VirtualAddress } from '../vrrp/router-config.ts'
import { entryOf } from './entry.ts'
import type { Path } from './path.ts'
import type { Document, NodeRouter, Router } from './schema.ts'

/** A virtual router with the half of this box laid over it, and all that is left open decided. */
export type WholeRouter = {
  readonly name: string
  /** As the cluster has it. */
  readonly router: Router
  readonly path: Path
  /** Null: neither half says it, which is refused. */
  readonly interface: string | null
  readonly priority: number
  readonly source: IpAddress | null
  /** Null: multicast. */
  readonly peers: readonly IpAddress[] | null
  readonly family: Family
  readonly interval: Duration
  readonly multicastGroup: IpAddress
  readonly addresses: readonly VirtualAddress[]
  /** Where a value that both halves may have comes from. */
  pathOf(key: keyof NodeRouter): Path
}

export const wholeRouters = (document: Document): readonly WholeRouter[] =>
  Object.entries(document.cluster.routers).map(([name, router]) => {
    const own = entryOf(document.node.routers, name) ?? {}
    const path: Path = ['cluster', 'routers', name]
    const addresses = router.virtualAddresses.map(virtualAddress)
    const family = router.family ?? familyOfFirst(addresses)
    return {
      name,
      router,
      path,
      interface: own.interface ?? router.interface ?? null,
      priority: own.priority ?? router.priority,
      source: own.source ?? router.source ?? null,
      peers: own.unicast?.peers ?? router.unicast?.peers ?? (router.unicast ? [] : null),
      family,
      interval: router.advertInterval ?? milliseconds(router.version === 2 ? 1000 : 100),
      multicastGroup: router.multicastGroup ?? usualGroup[family],
      addresses,
      pathOf: key => (own[key] === undefined ? [...path, key] : ['node', 'routers', name, key]),
    }
  })

/** RFC 9568 5.1.1.2 and 5.1.2.2 */

function virtualAddress(written: Router['virtualAddresses'][number]): VirtualAddress {
  const given = 'length' in written ? { address: written, advertised: true } : written
  const prefix = given.address
  return {
    prefix,
    interface: given.interface ?? null,
    label: given.label ?? null,
    scope: given.scope ?? (isLinkLocal(prefix.address) ? 'link' : 'global'),
    advertised: given.advertised,
  }
}

/** Excluded ones may be of the other family. */
function familyOfFirst(addresses: readonly VirtualAddress[]): Family {
  const first = addresses.find(({ advertised }) => advertised) ?? addresses[0]
  return first === undefined ? 'inet' : familyOf(first.prefix.address)
}

import { type Family, familyOf, type IpAddress } from '../../values/ip-address.ts'
import type { Prefix } from '../../values/prefix.ts'
import { contradiction, type Problem } from '../finding.ts'
import type { Path } from '../path.ts'
import type { Router } from '../schema.ts'
import type { WholeRouter } from '../whole-router.ts'

export const routeProblems = ({ path, router }: WholeRouter): readonly Problem[] => [
  ...router.virtualRoutes.flatMap((route, index) =>
    ofRoute([...path, 'virtualRoutes', index], route),
  ),
  ...router.virtualRules.flatMap((rule, index) => ofRule([...path, 'virtualRules', index], rule)),
]

function ofRoute(at: Path, route: Router['virtualRoutes'][number]): readonly Problem[] {
  const { destination, gateway, source } = route
  if (destination === 'default' && gateway === undefined) {
    const hint = 'without a gateway write "0.0.0.0/0" or "::/0", and the interface'
    return [contradiction([...at, 'gateway'], 'a gateway for the default route', hint)]
  }
  if (gateway === undefined && route.interface === undefined) {
    return [contradiction([...at, 'gateway'], 'a gateway or an interface')]
  }
  const network = destination === 'default' ? undefined : destination.address
  return oneFamily([network, gateway, source])
    ? []
    : [contradiction(at, 'destination, gateway and source of one family')]
}

function ofRule(at: Path, { from, to, mark }: Router['virtualRules'][number]): readonly Problem[] {
  if (from === undefined && to === undefined && mark === undefined) {
    return [contradiction(at, 'from, to or mark: else it would take every packet')]
  }
  return oneFamily([addressOf(from), addressOf(to)])
    ? []
    : [contradiction(at, 'from and to of one family')]
}

const addressOf = (prefix: Prefix | undefined): IpAddress | undefined => prefix?.address

function oneFamily(addresses: readonly (IpAddress | undefined)[]): boolean {
  const families = new Set<Family>()
  for (const address of addresses) if (address !== undefined) families.add(familyOf(address))
  return families.size < 2
}

import type { DirectorConfig } from '../health/service-config.ts'
import type { VrrpGuardWish } from '../network/vrrp-guard.ts'
import type { Document } from './schema.ts'
import { wholeRouters } from './whole-router.ts'

/** Null: there is nothing to guard. */
export function vrrpGuardWish(
  document: Document,
  { services }: DirectorConfig,
): VrrpGuardWish | null {
  const routers = wholeRouters(document)
  const unicast = routers.flatMap(({ peers, interface: on, family, router }) => {
    return peers === null || on === null
      ? []
      : [{ interface: on, family, vrid: router.virtualRouterId, peers }]
  })
  const closed = routers
    .filter(({ router }) => !router.accept)
    .flatMap(({ addresses }) => addresses.map(({ prefix }) => prefix.address))
  if (unicast.length === 0 && closed.length === 0) return null
  const at = services.flatMap(service => service.at)
  return {
    unicast,
    closed,
    services: at.flatMap(one => (one.kind === 'address' ? [one] : [])),
    marks: at.flatMap(one => (one.kind === 'mark' ? [one.mark] : [])),
  }
}

import type { Family } from '../values/ip-address.ts'
import { type Prefix, prefixText } from '../values/prefix.ts'
import type { VirtualRoute } from '../vrrp/router-config.ts'
import { type MarkedOp, planMarked } from './marked-plan.ts'
import {
  addRoute,
  decodeRoute,
  listRoutes,
  type Route,
  removeRoute,
  usualMetric,
} from './netlink/route-message.ts'
import type { NetlinkSocket } from './netlink/socket.ts'
import { ourOrigin, type Refusal } from './virtual-addresses.ts'

/** Routes that move with a virtual router. Put them after its addresses, remove them before. */

/** `interfaceIndex`: of the route's own interface, or null where it names none. */
export const routeWish = (
  { destination, gateway, source, table, metric }: VirtualRoute,
  family: Family,
  interfaceIndex: number | null,
): Route => ({
  family,
  destination,
  gateway,
  interfaceIndex,
  source,
  table,
  metric,
  origin: ourOrigin,
})

/** Those with this mark, of both families and all tables. */
export function readRoutes(netlink: NetlinkSocket, origin = ourOrigin): readonly Route[] {
  return (['inet', 'inet6'] as const).flatMap(family =>
    netlink.dump(listRoutes(family, origin)).flatMap(message => decodeRoute(message) ?? []),
  )
}

export const planRoutes = (
  wanted: readonly Route[],
  actual: readonly Route[],
  origin = ourOrigin,
): readonly MarkedOp<Route>[] => planMarked(wanted, actual, origin, isAsWished)

function isAsWished(wish: Route, route: Route): boolean {
  return (
    wish.family === route.family &&
    wish.table === route.table &&
    wish.gateway === route.gateway &&
    wish.source === route.source &&
    (wish.metric ?? usualMetric(wish.family)) === route.metric &&
    (wish.interfaceIndex === null || wish.interfaceIndex === route.interfaceIndex) &&
    textOf(wish.destination) === textOf(route.destination)
  )
}

const textOf = (prefix: Prefix | null): string => (prefix === null ? '' : prefixText(prefix))

/** Returns what the kernel refused; that a route was gone already is no refusal. */
export function applyRoutes(
  netlink: NetlinkSocket,
  ops: readonly MarkedOp<Route>[],
): readonly Refusal<MarkedOp<Route>>[] {
  const errors = netlink.perform(
    ops.map(({ kind, item }) => (kind === 'add' ? addRoute(item) : removeRoute(item))),
  )
  return ops.flatMap((op, index) => {
    const error = errors[index] ?? null
    if (error === null || (op.kind === 'remove' && error.code === 'ESRCH')) return []
    return [{ op, error }]
  })
}

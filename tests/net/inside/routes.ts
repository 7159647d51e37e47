import { NetlinkSocket } from '../../../appliance/linux/netlink/socket.ts'
import {
  applyRoutes,
  planRoutes,
  readRoutes,
  routeWish,
} from '../../../appliance/linux/virtual-routes.ts'
import {
  applyRules,
  planRules,
  readRules,
  ruleWish,
} from '../../../appliance/linux/virtual-rules.ts'
import { type Family, ipAddress } from '../../../appliance/values/ip-address.ts'
import { parsePrefix } from '../../../appliance/values/prefix.ts'
import { asked, indexOf, tell } from './tell.ts'

/** Brings virtual routes and rules to a goal, twice, and tells what it took. */

type Wanted = {
  readonly routes?: readonly {
    readonly family: Family
    readonly to?: string
    readonly via?: string
    readonly dev?: string
    readonly from?: string
    readonly table?: number
    readonly metric?: number
  }[]
  readonly rules?: readonly {
    readonly family: Family
    readonly from?: string
    readonly to?: string
    readonly mark?: number
    readonly table: number
    readonly preference: number
  }[]
}

const { routes = [], rules = [] } = asked<Wanted>()
const prefix = (text: string | undefined) => (text === undefined ? null : parsePrefix(text))
const address = (text: string | undefined) => (text === undefined ? null : ipAddress(text))
const netlink = NetlinkSocket.open('route')

const wantedRoutes = routes.map(({ family, to, via, dev, from, table = 254, metric = null }) =>
  routeWish(
    {
      destination: prefix(to),
      gateway: address(via),
      interface: dev ?? null,
      source: address(from),
      table,
      metric,
    },
    family,
    dev === undefined ? null : indexOf(dev),
  ),
)
const wantedRules = rules.map(({ family, from, to, mark = null, ...rest }) =>
  ruleWish({ from: prefix(from), to: prefix(to), mark, ...rest }, family),
)

for (let round = 0; round < 2; round++) {
  const routeOps = planRoutes(wantedRoutes, readRoutes(netlink))
  const ruleOps = planRules(wantedRules, readRules(netlink))
  const refused = [...applyRoutes(netlink, routeOps), ...applyRules(netlink, ruleOps)]
  tell({
    routes: routeOps.map(op => op.kind),
    rules: ruleOps.map(op => op.kind),
    refused: refused.map(({ error }) => error.message),
  })
}
netlink.close()

import type { Interfaces } from '../linux/interfaces.ts'
import type { Journal } from '../linux/journal.ts'
import type { MarkedOp } from '../linux/marked-plan.ts'
import { now } from '../linux/monotonic-clock.ts'
import type { Route } from '../linux/netlink/route-message.ts'
import type { Rule } from '../linux/netlink/rule-message.ts'
import type { NetlinkSocket } from '../linux/netlink/socket.ts'
import { applyRoutes, planRoutes, readRoutes, routeWish } from '../linux/virtual-routes.ts'
import { applyRules, planRules, readRules, ruleWish } from '../linux/virtual-rules.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'

/** Routes and rules that move with the routers: there for a master, away for all others. */
export class RouteKeeper {
  readonly #netlink: NetlinkSocket
  readonly #interfaces: Interfaces
  readonly #journal: Journal
  #routers: readonly RouterConfig[] = []
  /** Of this process or of one before it: without any the kernel need not be asked. */
  #mayHaveSome = true

  constructor(netlink: NetlinkSocket, interfaces: Interfaces, journal: Journal) {
    this.#netlink = netlink
    this.#interfaces = interfaces
    this.#journal = journal
  }

  configure(routers: readonly RouterConfig[]): void {
    this.#routers = routers.filter(({ routes, rules }) => routes.length + rules.length > 0)
  }

  /** Before addresses go: a route by an address that is gone goes without a word. */
  takeAway(masters: ReadonlySet<string>): void {
    this.#settle(masters, 'remove')
  }

  /** After addresses have come: a gateway must be within reach. */
  put(masters: ReadonlySet<string>): void {
    this.#settle(masters, 'add')
    this.#mayHaveSome = this.#routers.some(({ name }) => masters.has(name))
  }

  #settle(masters: ReadonlySet<string>, kind: MarkedOp<unknown>['kind']): void {
    const held = this.#routers.filter(({ name }) => masters.has(name))
    if (held.length === 0 && !this.#mayHaveSome) return
    const routes = planRoutes(
      held.flatMap(config => this.#routesOf(config)),
      readRoutes(this.#netlink),
    )
    const rules = planRules(held.flatMap(rulesOf), readRules(this.#netlink))
    const refused = [
      ...applyRoutes(
        this.#netlink,
        routes.filter(op => op.kind === kind),
      ),
      ...applyRules(
        this.#netlink,
        rules.filter(op => op.kind === kind),
      ),
    ]
    for (const { error } of refused) {
      this.#journal.repeated('routes', `route-${error.code}`, now(), () => error.message)
    }
  }

  #routesOf(config: RouterConfig): readonly Route[] {
    return config.routes.map(route => {
      const on = route.interface === null ? null : this.#interfaces.named(route.interface)
      return routeWish(route, config.family, on?.index ?? null)
    })
  }
}

const rulesOf = ({ rules, family }: RouterConfig): readonly Rule[] =>
  rules.map(rule => ruleWish(rule, family))

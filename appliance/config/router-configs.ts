import { type Duration, milliseconds, seconds } from '../values/duration.ts'
import type { Authentication } from '../vrrp/advert.ts'
import type { RouterConfig, Transport, VirtualRoute, VirtualRule } from '../vrrp/router-config.ts'
import type { Document, Router } from './schema.ts'
import { type WholeRouter, wholeRouters } from './whole-router.ts'

/** What vrrpd runs on this box, every default resolved, in the order of the document. */
export function routerConfigs(document: Document): readonly RouterConfig[] {
  const groups = Object.entries(document.cluster.syncGroups)
  const groupOf = (name: string): string | null =>
    groups.find(([, { routers }]) => routers.includes(name))?.[0] ?? null
  // Who takes over before it has heard the connections breaks them.
  const settle = document.cluster.director.sync?.settle ?? 0
  return wholeRouters(document).map(whole => {
    const config = routerConfig(whole, groupOf(whole.name))
    return { ...config, preemptDelay: milliseconds(Math.max(config.preemptDelay, settle)) }
  })
}

function routerConfig(whole: WholeRouter, syncGroup: string | null): RouterConfig {
  const { name, router, family, interval, addresses, priority, source } = whole
  if (whole.interface === null) throw new TypeError(`the router ${name} has no interface`)
  return {
    name,
    interface: whole.interface,
    vrid: router.virtualRouterId,
    version: router.version,
    family,
    priority,
    interval,
    downAfter: router.downAfter,
    preempt: router.preempt,
    preemptDelay: router.preemptDelay,
    startDelay: router.startDelay,
    handover: router.handover,
    transport: transport(whole),
    source,
    authentication: authentication(router.authentication, interval),
    checksum: router.checksum,
    addresses,
    routes: router.virtualRoutes.map(virtualRoute),
    rules: router.virtualRules.map(virtualRule),
    announcing: router.announce,
    tracks: router.track,
    syncGroup,
    virtualMac: router.virtualMac,
    secondPaths: router.secondPaths,
  }
}

function transport({ router: { unicast }, peers, multicastGroup }: WholeRouter): Transport {
  if (unicast === undefined || peers === null) return { kind: 'multicast', group: multicastGroup }
  return { kind: 'unicast', peers, ttl: unicast.ttl, leastTtl: unicast.leastTtl }
}

function authentication(written: Router['authentication'], interval: Duration): Authentication {
  if (written === 'none') return { kind: 'none' }
  const { password, hmac } = written
  if (hmac === undefined) {
    return password === undefined ? { kind: 'none' } : { kind: 'password', password }
  }
  const { keys, mode } = hmac
  return {
    kind: 'hmac',
    keys,
    activeKey: hmac.activeKey ?? keys[0]?.id ?? 0,
    mode,
    window: hmac.window ?? milliseconds(Math.max(3 * interval, seconds(5))),
  }
}

function virtualRoute(written: Router['virtualRoutes'][number]): VirtualRoute {
  const { destination, gateway, source, table, metric } = written
  return {
    destination: destination === 'default' ? null : destination,
    gateway: gateway ?? null,
    interface: written.interface ?? null,
    source: source ?? null,
    table,
    metric: metric ?? null,
  }
}

function virtualRule(written: Router['virtualRules'][number]): VirtualRule {
  const { from, to, mark, table, preference } = written
  return { from: from ?? null, to: to ?? null, mark: mark ?? null, table, preference }
}

/**
 * What will happen on this box when it goes from one document to another. It is made from the same
 * configurations that vrrpd and the director get: what they would not notice is no change.
 */

import type { ServiceConfig } from '../health/service-config.ts'
import type { NetworkPart } from '../network/wish.ts'
import { type AddressChanges, addressChanges } from './address-changes.ts'
import { checksOf } from './director-config.ts'
import type { Document } from './document.ts'
import { type Parts, partsOf } from './parts.ts'
import { type RouterChanges, routerChanges } from './router-changes.ts'
import { isSame } from './same.ts'
import { type TableChanges, tableChanges } from './table-changes.ts'

export type ApplyPlan = {
  readonly routers: RouterChanges
  readonly addresses: AddressChanges
  readonly services: NameChanges
  /** As `service/server`. */
  readonly servers: NameChanges
  /** Of the kernel's table, as if every server were up and nobody drained. */
  readonly ipvs: TableChanges
  readonly checks: NameChanges
  readonly trackers: NameChanges
  /** Parts that are neither of these: `notify`, `sync`, `timeouts`, `network`. */
  readonly others: readonly string[]
}

export type NameChanges = {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

export function applyPlan(before: Document, after: Document): ApplyPlan {
  const old = partsOf(before)
  return planBetween(old, partsOf(after, old))
}

export function planBetween(old: Parts, next: Parts): ApplyPlan {
  const [before, after] = [old.routers, next.routers]
  // Of ten thousand servers few change: those of services that are the same object are passed over.
  const was = without(old.director.services, next.director.services)
  const is = without(next.director.services, old.director.services)
  return {
    routers: routerChanges(before.routers, after.routers),
    addresses: addressChanges(before.routers, after.routers),
    services: nameChanges(ownOfServices(was), ownOfServices(is)),
    servers: nameChanges(servers(was), servers(is)),
    ipvs: tableChanges(was, is),
    checks: nameChanges(checksOf(old.director), checksOf(next.director)),
    trackers: nameChanges(named(before.trackers), named(after.trackers)),
    others: [
      ...(isSame(before.notify, after.notify) ? [] : ['notify']),
      ...(isSame(old.director.sync, next.director.sync) ? [] : ['sync']),
      ...(isSame(old.director.timeouts, next.director.timeouts) ? [] : ['timeouts']),
      ...networkChanges(old.network, next.network),
      ...(isSame(old.time, next.time) ? [] : ['time']),
      ...(isSame(old.console, next.console) ? [] : ['console']),
      ...(isSame(old.watchdog, next.watchdog) ? [] : ['watchdog']),
    ],
  }
}

/** That services come in by the firewall goes with the services. */
const networkChanges = (before: NetworkPart, after: NetworkPart): readonly string[] => [
  ...(before.hostname === after.hostname ? [] : ['hostname']),
  ...(isSame(before.network, after.network) ? [] : ['network']),
  ...(isSame(before.firewall?.management, after.firewall?.management) ? [] : ['firewall']),
  ...(isSame(before.vrrpGuard?.closed, after.vrrpGuard?.closed) ? [] : ['accept']),
]

type Services = readonly ServiceConfig[]

const without = (all: Services, others: Services): Services => {
  const known = new Set(others)
  return all.filter(each => !known.has(each))
}

type Named = ReadonlyMap<string, unknown>

const named = (all: readonly { readonly name: string }[]): Named =>
  new Map(all.map(each => [each.name, each]))

/** Servers are counted by themselves. */
const ownOfServices = (services: Services): Named =>
  new Map(services.map(({ servers: _, ...own }) => [own.name, own]))

const servers = (services: Services): Named =>
  new Map(
    services.flatMap(({ name, servers: all }) =>
      all.map(({ checks: uses, ...server }): [string, unknown] => [
        `${name}/${server.name}`,
        // A check with another pace is a changed check, and not ten thousand changed servers.
        { ...server, uses: uses.map(({ check, ...use }) => ({ ...use, check: check.name })) },
      ]),
    ),
  )

function nameChanges(before: Named, after: Named): NameChanges {
  const stayed = [...after].filter(([name]) => before.has(name))
  return {
    added: [...after.keys()].filter(name => !before.has(name)),
    changed: stayed.filter(([name, now]) => !isSame(before.get(name), now)).map(([name]) => name),
    removed: [...before.keys()].filter(name => !after.has(name)),
  }
}

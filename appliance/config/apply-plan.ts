/**
 * What will happen on this box when it goes from one document to another. It is made from the same
 * configurations that vrrpd and the director get: what they would not notice is no change.
 */

import type { DirectorConfig } from '../health/service-config.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'
import { type AddressChanges, addressChanges } from './address-changes.ts'
import { directorConfig } from './director-config.ts'
import type { Document } from './document.ts'
import { notifyConfig } from './notify-config.ts'
import { type RouterChanges, routerChanges } from './router-changes.ts'
import { routerConfigs } from './router-configs.ts'
import { isSame } from './same.ts'
import { type TableChanges, tableChanges } from './table-changes.ts'
import { trackerConfigs } from './tracker-configs.ts'

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
  /** Parts that are neither of these: `notify`, `sync`, `timeouts`. */
  readonly others: readonly string[]
}

export type NameChanges = {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

export function applyPlan(before: Document, after: Document): ApplyPlan {
  const [old, next] = [configsOf(before), configsOf(after)]
  return {
    routers: routerChanges(old.routers, next.routers),
    addresses: addressChanges(old.routers, next.routers),
    services: nameChanges(ownOfServices(old.director), ownOfServices(next.director)),
    servers: nameChanges(servers(old.director), servers(next.director)),
    ipvs: tableChanges(old.director, next.director),
    checks: nameChanges(checks(old.director), checks(next.director)),
    trackers: nameChanges(named(trackerConfigs(before)), named(trackerConfigs(after))),
    others: [
      ...(isSame(notifyConfig(before), notifyConfig(after)) ? [] : ['notify']),
      ...(isSame(old.director.sync, next.director.sync) ? [] : ['sync']),
      ...(isSame(old.director.timeouts, next.director.timeouts) ? [] : ['timeouts']),
    ],
  }
}

type Configs = { readonly routers: readonly RouterConfig[]; readonly director: DirectorConfig }

const configsOf = (document: Document): Configs => ({
  routers: routerConfigs(document),
  director: directorConfig(document),
})

type Named = ReadonlyMap<string, unknown>

const named = (all: readonly { readonly name: string }[]): Named =>
  new Map(all.map(each => [each.name, each]))

/** Servers are counted by themselves. */
const ownOfServices = ({ services }: DirectorConfig): Named =>
  new Map(services.map(({ servers: _, ...own }) => [own.name, own]))

const servers = ({ services }: DirectorConfig): Named =>
  new Map(
    services.flatMap(({ name, servers: all }) =>
      all.map(({ checks: uses, ...server }): [string, unknown] => [
        `${name}/${server.name}`,
        // A check with another pace is a changed check, and not ten thousand changed servers.
        { ...server, uses: uses.map(({ check, ...use }) => ({ ...use, check: check.name })) },
      ]),
    ),
  )

/** Those that some server uses. */
const checks = ({ services }: DirectorConfig): Named =>
  new Map(
    services.flatMap(service =>
      service.servers.flatMap(server =>
        server.checks.map(({ check }): [string, unknown] => [check.name, check]),
      ),
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

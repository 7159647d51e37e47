import type { GuardConfig } from '../guard/guard-config.ts'
import type { DirectorConfig } from '../health/service-config.ts'
import type { NetworkPart } from '../network/wish.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'
import type { NotifyConfig, TrackerConfig } from '../vrrp/tracker-config.ts'
import type { AlertsConfig } from './alert-schema.ts'
import { directorConfig } from './director-config.ts'
import { type Document, parseDocument } from './document.ts'
import type { FencingConfig } from './fencing-schema.ts'
import { guardConfig } from './guard-config.ts'
import { newestVersion } from './migrations.ts'
import { networkPart } from './network-wish.ts'
import { notifyConfig } from './notify-config.ts'
import { routerConfigs } from './router-configs.ts'
import { isSame } from './same.ts'
import type { SnmpConfig } from './snmp-schema.ts'
import { trackerConfigs } from './tracker-configs.ts'

/** A document as the processes take it. */
export type Parts = {
  readonly routers: RouterPart
  readonly director: DirectorConfig
  /** The supervisor's own, as the next. */
  readonly network: NetworkPart
  readonly access: AccessPart
  readonly alerts: AlertsConfig
  readonly snmp: SnmpConfig
  readonly time: TimePart
  readonly console: ConsolePart
  readonly watchdog: WatchdogPart
}

/** `own`: the host name of this box, where the document says it. */
export type FencingPart = FencingConfig & { readonly own: string | null }

export type TimePart = Document['node']['time']

export type ConsolePart = Document['node']['console']

export type WatchdogPart = Document['node']['watchdog']

export type AccessPart = Pick<Document['cluster'], 'users' | 'tokens'>

export type RouterPart = {
  readonly routers: readonly RouterConfig[]
  readonly trackers: readonly TrackerConfig[]
  readonly notify: NotifyConfig
  readonly guard: GuardConfig
  readonly fencing: FencingPart
}

/**
 * What is the same as in `before` comes out as the same object: who has it already needs no look at
 * it to know that.
 */
export function partsOf(document: Document, before: Parts | null = null): Parts {
  const routers: RouterPart = {
    routers: routerConfigs(document),
    trackers: trackerConfigs(document),
    notify: notifyConfig(document),
    guard: guardConfig(document),
    fencing: { ...document.cluster.fencing, own: document.node.hostname ?? null },
  }
  const director = directorConfig(document, before?.director ?? null)
  const same = before !== null && isSame(before.routers, routers)
  return {
    routers: same ? before.routers : routers,
    director,
    network: networkPart(document, director),
    access: document.cluster,
    alerts: document.cluster.alerts,
    snmp: document.cluster.snmp,
    time: document.node.time,
    console: document.node.console,
    watchdog: document.node.watchdog,
  }
}

let empty: Parts | undefined

/** Of a box that nobody has configured. */
export function noParts(): Parts {
  const parsed = parseDocument({ schemaVersion: newestVersion, cluster: {} })
  if (parsed.kind === 'refused') throw new TypeError('the schema refuses an empty document')
  empty ??= partsOf(parsed.document)
  return empty
}

import type { DirectorConfig } from '../health/service-config.ts'
import type { FirewallWish } from '../network/firewall.ts'
import { heartbeatPaths } from './guard-config.ts'
import type { Document } from './schema.ts'
import { hasAgent } from './snmp-schema.ts'

/** Of IPVS, where the document names none. */
const usualSyncPort = 8848

/** Null: everything may come in. */
export function firewallWish(
  document: Document,
  { services, sync }: DirectorConfig,
): Omit<FirewallWish, 'webPort' | 'pairPort'> | null {
  const { cluster, node } = document
  const { enabled, management } = node.firewall
  if (!enabled) return null
  const at = services.flatMap(service => service.at)
  const first = sync?.port ?? usualSyncPort
  return {
    services: at.flatMap(one => (one.kind === 'address' ? [one] : [])),
    marks: at.flatMap(one => (one.kind === 'mark' ? [one.mark] : [])),
    syncPorts: sync === null ? null : [first, first + sync.channels - 1],
    heartbeats: [...new Set(heartbeatPaths(document).map(({ port }) => port))],
    bfd: Object.values(cluster.checks).some(({ kind }) => kind === 'bfd'),
    snmp: hasAgent(cluster.snmp) ? cluster.snmp.listen : null,
    management,
  }
}

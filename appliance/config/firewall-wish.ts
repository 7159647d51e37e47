import type { DirectorConfig } from '../health/service-config.ts'
import type { FirewallWish } from '../network/firewall.ts'
import type { Document } from './schema.ts'

/** Of IPVS, where the document names none. */
const usualSyncPort = 8848

/** Null: everything may come in. */
export function firewallWish(
  { cluster, node }: Document,
  { services, sync }: DirectorConfig,
): Omit<FirewallWish, 'webPort' | 'pairPort'> | null {
  const { enabled, management } = node.firewall
  if (!enabled) return null
  const at = services.flatMap(service => service.at)
  const first = sync?.port ?? usualSyncPort
  return {
    services: at.flatMap(one => (one.kind === 'address' ? [one] : [])),
    marks: at.flatMap(one => (one.kind === 'mark' ? [one.mark] : [])),
    syncPorts: sync === null ? null : [first, first + sync.channels - 1],
    bfd: Object.values(cluster.checks).some(({ kind }) => kind === 'bfd'),
    management,
  }
}
